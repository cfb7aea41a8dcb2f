/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.mempool.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.mempool.actuate.endpoint.ObjectPoolDescriptor;
import io.mempool.actuate.endpoint.PoolDescriptor;
import io.mempool.actuate.endpoint.TierDescriptor;
import io.mempool.buffer.PoolStatistics;
import io.mempool.core.TierStatistics;
import io.mempool.object.ObjectPoolStatistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What users and tools rely on besides code: metadata, imports, and the tables of the
 * manual.
 */
class ConventionsTests {

	private static final Path SETTINGS = Path.of("docs", "settings.md");

	@Test
	void everyAutoConfigurationIsImportedInOrderAndNothingElse() throws IOException {
		List<String> imported = resource("META-INF/spring/" + AutoConfiguration.class.getName() + ".imports").lines()
			.toList();
		try (Stream<Path> sources = Files.list(Path.of("src/main/java/io/mempool/autoconfigure"))) {
			List<String> existing = sources.map((path) -> path.getFileName().toString())
				.filter((name) -> name.endsWith("AutoConfiguration.java"))
				.map((name) -> "io.mempool.autoconfigure." + name.replace(".java", ""))
				.sorted()
				.toList();
			assertThat(imported).isEqualTo(existing);
		}
	}

	@Test
	void everyFixedPropertyHasMetadataThatReadsWell() throws IOException {
		Map<String, JsonNode> metadata = metadata();
		assertThat(metadata.keySet()).containsAll(fixedProperties());
		metadata.forEach((name, property) -> {
			String description = property.path("description").asString("");
			assertThat(description).as(name).isNotBlank().endsWith(".").doesNotStartWith("The ").doesNotStartWith("A ");
			if (property.path("type").asString("").equals("java.lang.Boolean")) {
				assertThat(description).as(name).startsWith("Whether");
			}
		});
	}

	@Test
	void metadataHasNoPropertyThatDoesNotExist() throws IOException {
		List<String> known = Stream.concat(fixedProperties().stream(), Stream.of("mempool.pools", "mempool.objects"))
			.toList();
		assertThat(known).containsAll(metadata().keySet());
	}

	@Test
	void metadataHasTheOrderOfTheFilter() throws IOException {
		assertThat(metadata().get("mempool.request.filter-order").path("defaultValue").asInt())
			.isEqualTo(new MempoolProperties.Request().getFilterOrder());
	}

	@Test
	void hintsNameThePoolThatAlwaysExists() throws IOException {
		JsonNode hints = JsonMapper.shared()
			.readTree(resource("META-INF/spring-configuration-metadata.json"))
			.path("hints");
		assertThat(hints.valueStream().map((hint) -> hint.path("name").asString())).contains("mempool.pools.keys",
				"mempool.request.pool", "mempool.clients.pool");
	}

	@Test
	void manualHasTheTableOfPoolSettingsThatTheirJavadocDescribes() throws IOException {
		assertTable("Settings of a pool:", MempoolProperties.Pool.class);
	}

	@Test
	void manualHasTheTableOfTierSettingsThatTheirJavadocDescribes() throws IOException {
		assertTable("Settings of a tier, in the long form of `tiers`:", MempoolProperties.Tier.class);
	}

	@Test
	void manualHasTheTableOfObjectPoolSettingsThatTheirJavadocDescribes() throws IOException {
		assertTable("Settings of an object pool:", MempoolProperties.ObjectPool.class);
	}

	@Test
	void manualHasEveryFixedPropertyOutsideOfPools() throws IOException {
		String manual = Files.readString(SETTINGS);
		assertThat(fixedProperties().stream().filter((name) -> !name.startsWith("mempool.defaults.")))
			.allSatisfy((name) -> assertThat(manual).contains("`" + name + "`"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "exhausted", "waiting" })
	void figureHasOneNameInJavaJsonMetersPageAndManual(String figure) throws IOException {
		assertThat(Stream.of(PoolStatistics.class, ObjectPoolStatistics.class, TierStatistics.class))
			.allSatisfy((type) -> assertThat(type.getMethod(figure)).isNotNull());
		assertThat(Stream.of(PoolDescriptor.class, ObjectPoolDescriptor.class, TierDescriptor.class))
			.allSatisfy((type) -> assertThat(type.getMethod(figure)).isNotNull());
		assertThat(Files.readString(Path.of("docs", "endpoint.md"))).contains("| `" + figure + "` |");
		try (Stream<Path> meters = Files.list(Path.of("src/main/java/io/mempool/metrics"))) {
			assertThat(meters.map(ConventionsTests::content)).anyMatch((source) -> source.contains('"' + figure + '"'));
		}
		try (Stream<Path> page = Files.list(Path.of("src/main/resources/io/mempool/actuate/page/files"))) {
			assertThat(page.map(ConventionsTests::content)).anyMatch((file) -> file.contains("figures." + figure))
				.noneMatch((file) -> file.toLowerCase(Locale.ROOT).contains("refused"));
		}
		assertThat(Files.readString(Path.of("..", "sample-app", "monitoring", "grafana-dashboard.json")))
			.containsIgnoringCase("\"title\": \"" + figure + '"');
	}

	private static String content(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<String> fixedProperties() {
		return Stream
			.of(names("mempool.", MempoolProperties.class, "defaults", "pools", "objects", "budget", "pressure",
					"leaks", "health", "propagation", "request", "clients", "jetty"),
					names("mempool.defaults.", MempoolProperties.Pool.class),
					names("mempool.budget.", MempoolProperties.Budget.class),
					names("mempool.pressure.", MempoolProperties.Pressure.class),
					names("mempool.leaks.", MempoolProperties.Leaks.class),
					names("mempool.health.", MempoolProperties.Health.class),
					names("mempool.clients.", MempoolProperties.Clients.class),
					names("mempool.jetty.", MempoolProperties.Jetty.class),
					names("mempool.propagation.", MempoolProperties.Propagation.class),
					names("mempool.request.", MempoolProperties.Request.class, "slices"),
					names("mempool.request.slices.", MempoolProperties.Slices.class))
			.flatMap((names) -> names)
			.toList();
	}

	private static Stream<String> names(String prefix, Class<?> type, String... except) {
		return properties(type).filter((name) -> !List.of(except).contains(name)).map((name) -> prefix + kebab(name));
	}

	private static Stream<String> properties(Class<?> type) {
		return Stream.of(type.getDeclaredFields())
			.filter((field) -> !field.isSynthetic() && !Modifier.isStatic(field.getModifiers()))
			.map(Field::getName);
	}

	// As the listings of ApiBaselineTests, the tables can be written
	private static void assertTable(String title, Class<?> type) throws IOException {
		String table = title + "\n\n" + table(type) + "\n";
		if ("write".equals(System.getProperty("api.baseline"))) {
			String manual = Files.readString(SETTINGS);
			int start = manual.indexOf(title);
			int end = manual.indexOf("\n\n", start + title.length() + 2) + 2;
			Files.writeString(SETTINGS, manual.substring(0, start) + table + manual.substring(end));
		}
		assertThat(Files.readString(SETTINGS)).contains(table);
	}

	/**
	 * The table of the settings of a class, from the Javadoc of its fields.
	 */
	private static String table(Class<?> type) throws IOException {
		String source = Files.readString(Path.of("src/main/java/io/mempool/autoconfigure/MempoolProperties.java"));
		String ofType = source.substring(source.indexOf("public static class " + type.getSimpleName() + " {"));
		return properties(type).map((name) -> "| `%s` | %s |\n".formatted(kebab(name), javadoc(ofType, name)))
			.collect(Collectors.joining("", "| key | description |\n|---|---|\n", ""));
	}

	private static String javadoc(String source, String field) {
		Matcher matcher = Pattern
			.compile("/\\*\\*((?:(?!\\*/).)*)\\*/\\s+private [^;()]* " + field + "(?: =|;)", Pattern.DOTALL)
			.matcher(source);
		assertThat(matcher.find()).as("Javadoc of " + field).isTrue();
		return matcher.group(1).replaceAll("\\s+\\*\\s+", " ").strip();
	}

	private static String kebab(String name) {
		return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
	}

	private static Map<String, JsonNode> metadata() throws IOException {
		Map<String, JsonNode> properties = new TreeMap<>();
		JsonMapper.shared()
			.readTree(resource("META-INF/spring-configuration-metadata.json"))
			.path("properties")
			.forEach((property) -> {
				String name = property.path("name").asString();
				if (ConfigurationPropertyName.of("mempool").isAncestorOf(ConfigurationPropertyName.of(name))) {
					properties.put(name, property);
				}
			});
		return properties;
	}

	private static String resource(String name) throws IOException {
		Path path = Path.of("target/classes", name);
		try (InputStream in = Files.newInputStream(path)) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
