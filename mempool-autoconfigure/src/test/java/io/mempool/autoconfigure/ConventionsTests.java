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
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What users and tools rely on besides code: metadata, imports, and the tables of README.
 */
class ConventionsTests {

	private static final Path README = Path.of("..", "README.md");

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
	void hintsNameThePoolThatAlwaysExists() throws IOException {
		JsonNode hints = JsonMapper.shared()
			.readTree(resource("META-INF/spring-configuration-metadata.json"))
			.path("hints");
		assertThat(hints.valueStream().map((hint) -> hint.path("name").asString())).contains("mempool.pools.keys",
				"mempool.request.pool");
	}

	@Test
	void readmeHasTheTableOfPoolSettingsThatTheRecordsDescribe() throws IOException {
		assertThat(Files.readString(README)).contains(table(MempoolProperties.Pool.class, "Pool"));
	}

	@Test
	void readmeHasTheTableOfTierSettingsThatTheRecordsDescribe() throws IOException {
		assertThat(Files.readString(README)).contains(table(MempoolProperties.Tier.class, "Tier"));
	}

	@Test
	void readmeHasTheTableOfObjectPoolSettingsThatTheRecordsDescribe() throws IOException {
		assertThat(Files.readString(README)).contains(table(MempoolProperties.ObjectPool.class, "ObjectPool"));
	}

	@Test
	void readmeHasEveryFixedPropertyOutsideOfPools() throws IOException {
		String readme = Files.readString(README);
		assertThat(fixedProperties().stream().filter((name) -> !name.startsWith("mempool.defaults.")))
			.allSatisfy((name) -> assertThat(readme).contains("`" + name + "`"));
	}

	private static List<String> fixedProperties() {
		return Stream
			.of(names("mempool.", MempoolProperties.class, "defaults", "pools", "objects", "budget", "leaks", "health",
					"request"), names("mempool.defaults.", MempoolProperties.Pool.class),
					names("mempool.budget.", MempoolProperties.Budget.class),
					names("mempool.leaks.", MempoolProperties.Leaks.class),
					names("mempool.health.", MempoolProperties.Health.class),
					names("mempool.request.", MempoolProperties.Request.class))
			.flatMap((names) -> names)
			.toList();
	}

	private static Stream<String> names(String prefix, Class<?> type, String... except) {
		return Stream.of(type.getRecordComponents())
			.map(RecordComponent::getName)
			.filter((name) -> !List.of(except).contains(name))
			.map((name) -> prefix + kebab(name));
	}

	/**
	 * The table of the settings of a record, from its Javadoc.
	 */
	private static String table(Class<?> type, String javadocOf) throws IOException {
		String source = Files.readString(Path.of("src/main/java/io/mempool/autoconfigure/MempoolProperties.java"));
		String upToRecord = source.substring(0, source.indexOf("public record " + javadocOf + "("));
		String javadoc = upToRecord.substring(upToRecord.lastIndexOf("/**"));
		StringBuilder table = new StringBuilder("| key | description |\n|---|---|\n");
		for (RecordComponent component : type.getRecordComponents()) {
			Matcher matcher = Pattern
				.compile("@param " + component.getName() + " (.*?)(?=\\s+\\* @|\\s+\\*/)", Pattern.DOTALL)
				.matcher(javadoc);
			assertThat(matcher.find()).as("Javadoc of " + component.getName()).isTrue();
			String description = matcher.group(1).replaceAll("\\s+\\*\\s+", " ");
			table.append("| `%s` | %s |\n".formatted(kebab(component.getName()), description));
		}
		return table.toString();
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
