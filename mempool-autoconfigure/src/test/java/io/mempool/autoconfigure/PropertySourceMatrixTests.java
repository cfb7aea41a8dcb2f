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

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

import io.mempool.autoconfigure.MempoolProperties.ObjectPool;
import io.mempool.autoconfigure.MempoolProperties.Pool;
import io.mempool.autoconfigure.MempoolProperties.Tier;
import io.mempool.autoconfigure.MempoolProperties.TierPreset;
import io.mempool.buffer.Clearing;
import io.mempool.buffer.MemoryKind;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeakDetection;
import io.mempool.core.Protection;
import io.mempool.testing.ProvokesOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every key in every source: the value reaches the pool that is meant, and a mistake is
 * reported with the name, the value and the place in that source.
 */
@ProvokesOutput
class PropertySourceMatrixTests {

	private static final String SIZE = "is no size";

	private static final String COUNT = "is no whole number";

	private static final String FLAG = "is neither true nor false";

	private static final String TIME = "is no time";

	private static final String CHOICE = "is none of ";

	@TempDir
	private Path folder;

	@ParameterizedTest(name = "{0} in {1}")
	@MethodSource("cells")
	void valueReachesWhatIsMeant(Key key, Source source) {
		WrittenConfiguration configuration = new WrittenConfiguration().yaml("application.yml", base(key));
		source.setter().set(configuration, key.property(), key.value(), this.folder);
		MempoolProperties properties = configuration.read();
		assertThat(key.getter().apply(properties)).isEqualTo(key.expected());
		assertThat(properties.getPools()).containsOnlyKeys("my-pool");
		assertThat(properties.getObjects()).containsOnlyKeys("my-things");
	}

	@ParameterizedTest(name = "{0} in {1}")
	@MethodSource("cells")
	void mistakeIsReportedWithItsPlace(Key key, Source source) {
		WrittenConfiguration configuration = new WrittenConfiguration().yaml("application.yml", base(key));
		source.setter().set(configuration, key.property(), key.mistake(), this.folder);
		String report = configuration.report();
		assertThat(report).contains("Property: " + key.property())
			.contains("Value: \"" + key.mistake() + "\"")
			.contains(source.place().apply(key.property()))
			.contains(key.reason())
			.containsPattern("Action: (Write|Set) ")
			.doesNotContain("Exception");
	}

	@ParameterizedTest(name = "{0} in {1}")
	@MethodSource("cells")
	void emptyValueCountsAsNotSet(Key key, Source source) {
		WrittenConfiguration configuration = new WrittenConfiguration().yaml("application.yml", base(key));
		source.setter().set(configuration, key.property(), "", this.folder);
		WrittenConfiguration without = new WrittenConfiguration().yaml("application.yml", pools(key));
		assertThat(key.getter().apply(configuration.read())).isEqualTo(key.getter().apply(without.read()));
	}

	@Test
	void everyKeyIsInTheMatrix() {
		List<String> properties = keys().map(Key::property).toList();
		assertThat(properties).containsAll(all("mempool.", MempoolProperties.KEYS))
			.containsAll(all("mempool.pools.my-pool.", MempoolProperties.Pool.KEYS))
			.containsAll(all("mempool.pools.my-pool.tiers[0].", MempoolProperties.Tier.KEYS))
			.containsAll(all("mempool.defaults.", MempoolProperties.Pool.KEYS))
			.containsAll(all("mempool.objects.my-things.", MempoolProperties.ObjectPool.KEYS));
		MempoolProperties.GROUPS
			.forEach((group, keys) -> assertThat(properties).containsAll(all("mempool." + group + ".", keys)));
	}

	private static List<String> all(String prefix, Keys<?> keys) {
		return keys.names().stream().map((name) -> prefix + name).toList();
	}

	private static String pools(Key key) {
		String size = (key.property().contains("[0].max") || key.property().contains("[0].pre"))
				? "mempool.pools.my-pool.tiers[0].size: 4KB\n" : "";
		return size + "mempool.pools.my-pool:\nmempool.objects.my-things:\n";
	}

	// A file below the source in question, with the names of the pools and another value
	private static String base(Key key) {
		return pools(key) + key.property() + ": " + key.other() + "\n";
	}

	static Stream<Arguments> cells() {
		List<Source> sources = sources();
		return keys().flatMap((key) -> sources.stream().map((source) -> Arguments.of(key, source)));
	}

	private static List<Source> sources() {
		return List.of(
				new Source("the file",
						(target, name, value, folder) -> target.yaml("over.yml", "\n" + name + ": " + quoted(value)),
						(name) -> "over.yml] - 2:"),
				new Source("the file of a profile",
						(target, name, value, folder) -> target.yaml("application-small.yml", nested(name, value)),
						(name) -> "application-small.yml] - "),
				new Source("a variable",
						(target, name, value, folder) -> target.variable(WrittenConfiguration.variableOf(name), value),
						(name) -> "of " + WrittenConfiguration.variableOf(name)),
				new Source("a variable with an underscore for each dash",
						(target, name, value, folder) -> target.variable(WrittenConfiguration.longVariableOf(name),
								value),
						(name) -> "\"" + WrittenConfiguration.longVariableOf(name)
								+ "\" from property source \"systemEnvironment\""),
				new Source("a variable in lower case",
						(target, name, value, folder) -> target
							.variable(WrittenConfiguration.variableOf(name).toLowerCase(Locale.ROOT), value),
						(name) -> "of " + WrittenConfiguration.variableOf(name).toLowerCase(Locale.ROOT)),
				new Source("an argument", (target, name, value, folder) -> target.arguments("--" + name + "=" + value),
						(name) -> "\"" + name + "\" from property source \"commandLineArgs\""),
				new Source("an argument in camel case",
						(target, name, value, folder) -> target.arguments("--" + camelCase(name) + "=" + value),
						(name) -> "\"" + camelCase(name) + "\" from"),
				new Source("a system property", (target, name, value, folder) -> target.systemProperty(name, value),
						(name) -> "from property source \"systemProperties\""),
				new Source("SPRING_APPLICATION_JSON", (target, name, value, folder) -> target.json(name, value),
						(name) -> "from property source \"spring.application.json\""),
				new Source("a folder of files", (target, name, value, folder) -> target.tree(folder, name, value),
						(name) -> name + "] - 1:1"),
				new Source("a folder of files named like variables",
						(target, name, value, folder) -> target.tree(folder, WrittenConfiguration.variableOf(name),
								value),
						(name) -> WrittenConfiguration.variableOf(name) + "] - 1:1"),
				new Source("a source that lists nothing", (target, name, value, folder) -> target.unlisted(name, value),
						(name) -> "\"" + name + "\" from property source \"unlisted\""),
				new Source("a placeholder", (target, name, value, folder) -> target.yaml("over.yml", name + ": ${ANY:}")
					.variable("ANY", value), (name) -> "written as \"${ANY:}\"\n    Origin: "));
	}

	private static String quoted(String value) {
		return value.isEmpty() ? "" : "\"" + value + "\"";
	}

	private static String nested(String name, String value) {
		StringBuilder yaml = new StringBuilder();
		String indent = "\n";
		for (String element : name.replace("[0].", ".- ").split("\\.")) {
			yaml.append(yaml.isEmpty() ? "" : ":").append(indent).append(element);
			indent += "  ";
		}
		return yaml.append(": ").append(quoted(value)).append('\n').toString();
	}

	private static String camelCase(String name) {
		StringBuilder camelCase = new StringBuilder();
		for (String word : name.split("-")) {
			camelCase
				.append(camelCase.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
		}
		return camelCase.toString();
	}

	private static Stream<Key> keys() {
		List<Key> keys = new ArrayList<>();
		keys.add(new Key("mempool.enabled", "true", "false", false, "perhaps", FLAG, MempoolProperties::isEnabled));
		keys.add(new Key("mempool.pooling", "true", "false", false, "perhaps", FLAG, MempoolProperties::isPooling));
		keys.add(new Key("mempool.protection", "standard", "quarantine", Protection.QUARANTINE, "total", CHOICE,
				MempoolProperties::getProtection));
		keys.add(new Key("mempool.leak-detection", "simple", "paranoid", LeakDetection.PARANOID, "some", CHOICE,
				MempoolProperties::getLeakDetection));
		addPool(keys, "mempool.pools.my-pool.", (properties) -> properties.getPools().get("my-pool"));
		addPool(keys, "mempool.defaults.", MempoolProperties::getDefaults);
		addTier(keys);
		addObjects(keys);
		keys.add(new Key("mempool.budget.heap", "64MB", "32MB", DataSize.ofMegabytes(32), "lots", SIZE,
				(properties) -> properties.getBudget().getHeap()));
		keys.add(new Key("mempool.budget.off-heap", "64MB", "32MB", DataSize.ofMegabytes(32), "lots", SIZE,
				(properties) -> properties.getBudget().getOffHeap()));
		keys.add(new Key("mempool.leaks.max-age", "5m", "7m", Duration.ofMinutes(7), "soon", TIME,
				(properties) -> properties.getLeaks().getMaxAge()));
		keys.add(new Key("mempool.health.exhausted-for", "5m", "7m", Duration.ofMinutes(7), "soon", TIME,
				(properties) -> properties.getHealth().getExhaustedFor()));
		keys.add(new Key("mempool.pressure.enabled", "true", "false", false, "maybe", FLAG,
				(properties) -> properties.getPressure().isEnabled()));
		keys.add(new Key("mempool.pressure.heap-above", "80", "85%", 85, "most", "is no whole number of percent",
				(properties) -> properties.getPressure().getHeapAbove()));
		keys.add(new Key("mempool.jetty.enabled", "false", "true", true, "maybe", FLAG,
				(properties) -> properties.getJetty().isEnabled()));
		keys.add(new Key("mempool.propagation.enabled", "false", "true", true, "maybe", FLAG,
				(properties) -> properties.getPropagation().isEnabled()));
		addRequest(keys);
		addClients(keys);
		return keys.stream();
	}

	private static void addPool(List<Key> keys, String prefix, Function<MempoolProperties, Pool> pool) {
		add(keys, prefix + "memory", "heap", "off-heap", MemoryKind.OFF_HEAP, "tape", CHOICE, pool, Pool::getMemory);
		add(keys, prefix + "page-aligned", "false", "true", true, "perhaps", FLAG, pool, Pool::getPageAligned);
		add(keys, prefix + "preset", "powers-of-two", "stream", TierPreset.STREAM, "fibonacci", CHOICE, pool,
				Pool::getPreset);
		add(keys, prefix + "min-size", "2KB", "1KB", DataSize.ofKilobytes(1), "4 kilos", SIZE, pool, Pool::getMinSize);
		add(keys, prefix + "max-size", "2KB", "8KB", DataSize.ofKilobytes(8), "4kb?", SIZE, pool, Pool::getMaxSize);
		add(keys, prefix + "tiers", "4KB", "8KB, 64KB", List.of(DataSize.ofKilobytes(8), DataSize.ofKilobytes(64)),
				"4KB, lots", SIZE, pool, PropertySourceMatrixTests::sizes);
		add(keys, prefix + "max-idle", "3", "5", 5, "many", COUNT, pool, Pool::getMaxIdle);
		add(keys, prefix + "max-total", "30", "50", 50, "3.5", COUNT, pool, Pool::getMaxTotal);
		add(keys, prefix + "preallocate", "0", "1", 1, "one", COUNT, pool, Pool::getPreallocate);
		add(keys, prefix + "limit", "40MB", "50MB", DataSize.ofMegabytes(50), "much", SIZE, pool, Pool::getLimit);
		add(keys, prefix + "policy", "fail", "wait", ExhaustionPolicy.WAIT, "explode", CHOICE, pool, Pool::getPolicy);
		add(keys, prefix + "max-wait", "5ms", "7ms", Duration.ofMillis(7), "soon", TIME, pool, Pool::getMaxWait);
		add(keys, prefix + "clear", "on-release", "never", Clearing.NEVER, "sometimes", CHOICE, pool, Pool::getClear);
		add(keys, prefix + "protection", "standard", "quarantine", Protection.QUARANTINE, "total", CHOICE, pool,
				Pool::getProtection);
		add(keys, prefix + "idle-timeout", "5m", "7m", Duration.ofMinutes(7), "later", TIME, pool,
				Pool::getIdleTimeout);
		add(keys, prefix + "pooling", "true", "false", false, "maybe", FLAG, pool, Pool::getPooling);
		add(keys, prefix + "recent-sizes", "3", "5", 5, "few", COUNT, pool, Pool::getRecentSizes);
		add(keys, prefix + "recent-sizes-exact", "false", "true", true, "maybe", FLAG, pool, Pool::getRecentSizesExact);
	}

	private static List<DataSize> sizes(Pool pool) {
		return (pool.getTiers() != null) ? pool.getTiers().stream().map(Tier::getSize).toList() : List.of();
	}

	private static void addTier(List<Key> keys) {
		String prefix = "mempool.pools.my-pool.tiers[0].";
		Function<MempoolProperties, Tier> tier = (
				properties) -> (properties.getPools().get("my-pool").getTiers() != null)
						? properties.getPools().get("my-pool").getTiers().get(0) : new Tier();
		add(keys, prefix + "size", "4KB", "8KB", DataSize.ofKilobytes(8), "8 KiBi", SIZE, tier, Tier::getSize);
		add(keys, prefix + "max-idle", "3", "5", 5, "many", COUNT, tier, Tier::getMaxIdle);
		add(keys, prefix + "max-total", "30", "50", 50, "lots", COUNT, tier, Tier::getMaxTotal);
		add(keys, prefix + "preallocate", "0", "1", 1, "one", COUNT, tier, Tier::getPreallocate);
	}

	@SuppressWarnings("deprecation")
	private static void addObjects(List<Key> keys) {
		String prefix = "mempool.objects.my-things.";
		Function<MempoolProperties, ObjectPool> pool = (properties) -> properties.getObjects().get("my-things");
		add(keys, prefix + "max-idle", "3", "5", 5, "many", COUNT, pool, ObjectPool::getMaxIdle);
		add(keys, prefix + "max-total", "30", "50", 50, "lots", COUNT, pool, ObjectPool::getMaxTotal);
		add(keys, prefix + "preallocate", "3", "5", 5, "some", COUNT, pool, ObjectPool::getPreallocate);
		add(keys, prefix + "prefill", "3", "5", 5, "some", COUNT, pool, ObjectPool::getPrefill);
		add(keys, prefix + "policy", "fail", "wait", ExhaustionPolicy.WAIT, "explode", CHOICE, pool,
				ObjectPool::getPolicy);
		add(keys, prefix + "max-wait", "5ms", "7ms", Duration.ofMillis(7), "soon", TIME, pool, ObjectPool::getMaxWait);
		add(keys, prefix + "idle-timeout", "5s", "7m", Duration.ofMinutes(7), "soon", TIME, pool,
				ObjectPool::getIdleTimeout);
		add(keys, prefix + "pooling", "true", "false", false, "maybe", FLAG, pool, ObjectPool::getPooling);
	}

	private static void addRequest(List<Key> keys) {
		String prefix = "mempool.request.";
		Function<MempoolProperties, MempoolProperties.Request> request = MempoolProperties::getRequest;
		add(keys, prefix + "enabled", "true", "false", false, "maybe", FLAG, request,
				MempoolProperties.Request::isEnabled);
		add(keys, prefix + "pool", "default", "my-pool", "my-pool", "mypol", "there is no pool 'mypol'", request,
				MempoolProperties.Request::getPool);
		add(keys, prefix + "limit", "40MB", "50MB", DataSize.ofMegabytes(50), "much", SIZE, request,
				MempoolProperties.Request::getLimit);
		add(keys, prefix + "quota", "40MB", "50MB", DataSize.ofMegabytes(50), "much", SIZE, request,
				MempoolProperties.Request::getQuota);
		add(keys, prefix + "max-body-size", "4MB", "5MB", DataSize.ofMegabytes(5), "much", SIZE, request,
				MempoolProperties.Request::getMaxBodySize);
		add(keys, prefix + "filter-order", "3", "5", 5, "first", COUNT, request,
				MempoolProperties.Request::getFilterOrder);
		add(keys, prefix + "report-unreleased", "false", "true", true, "maybe", FLAG, request,
				MempoolProperties.Request::isReportUnreleased);
		add(keys, prefix + "slices.reserve", "4B", "16B", DataSize.ofBytes(16), "some", SIZE,
				request.andThen(MempoolProperties.Request::getSlices), MempoolProperties.Slices::getReserve);
		add(keys, prefix + "slices.area-size", "4KB", "16KB", DataSize.ofKilobytes(16), "large", SIZE,
				request.andThen(MempoolProperties.Request::getSlices), MempoolProperties.Slices::getAreaSize);
		add(keys, prefix + "etag", "false", "true", true, "maybe", FLAG, request, MempoolProperties.Request::isEtag);
	}

	private static void addClients(List<Key> keys) {
		String prefix = "mempool.clients.";
		Function<MempoolProperties, MempoolProperties.Clients> clients = MempoolProperties::getClients;
		add(keys, prefix + "enabled", "true", "false", false, "maybe", FLAG, clients,
				MempoolProperties.Clients::isEnabled);
		add(keys, prefix + "pool", "default", "my-pool", "my-pool", "mypol", "there is no pool 'mypol'", clients,
				MempoolProperties.Clients::getPool);
		add(keys, prefix + "max-body-size", "4MB", "5MB", DataSize.ofMegabytes(5), "much", SIZE, clients,
				MempoolProperties.Clients::getMaxBodySize);
	}

	private static <G, V> void add(List<Key> keys, String property, String other, String value, V expected,
			String mistake, String reason, Function<MempoolProperties, G> group, Function<G, ? extends V> getter) {
		keys.add(new Key(property, other, value, expected, mistake, reason, group.andThen(getter)));
	}

	record Key(String property, String other, String value, Object expected, String mistake, String reason,
			Function<MempoolProperties, ?> getter) {

		Key {
			Objects.requireNonNull(expected);
		}

		@Override
		public String toString() {
			return this.property;
		}

	}

	record Source(String name, Setter setter, Function<String, String> place) {

		@Override
		public String toString() {
			return this.name;
		}

	}

	interface Setter {

		void set(WrittenConfiguration target, String name, String value, Path folder);

	}

}
