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

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.mempool.autoconfigure.MempoolProperties.Pool;
import io.mempool.autoconfigure.MempoolProperties.Tier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Names that mean a pool, and names that mean none.
 */
class PropertyNamesTests {

	private static final String MY_POOL = """
			mempool:
			  pools:
			    my-pool:
			      tiers: 4KB
			      limit: 1MB
			""";

	private static final String LONG_TIERS = """
			mempool:
			  pools:
			    uploads:
			      tiers:
			      - size: 4KB
			        max-idle: 3
			      - size: 64KB
			""";

	@ParameterizedTest
	@ValueSource(strings = { "MEMPOOL_POOLS_MYPOOL_LIMIT", "MEMPOOL_POOLS_MY_POOL_LIMIT", "mempool_pools_mypool_limit",
			"mempool.pools.my-pool.limit" })
	void variableFindsThePoolWithDashes(String variable) {
		MempoolProperties properties = configuration(MY_POOL).variable(variable, "2MB").read();
		assertThat(properties.getPools()).containsOnlyKeys("my-pool");
		assertThat(properties.getPools().get("my-pool").getLimit()).isEqualTo(DataSize.ofMegabytes(2));
	}

	@ParameterizedTest
	@ValueSource(strings = { "mempool.pools.mypool.limit", "mempool.pools.myPool.limit", "mempool.pools.MY_POOL.limit",
			"MEMPOOL_POOLS_MYPOOL_LIMIT", "mempool.pools[my-pool].limit" })
	void argumentAndSystemPropertyFindThePoolInEveryForm(String name) {
		assertThat(configuration(MY_POOL).arguments("--" + name + "=2MB").read().getPools()).containsOnlyKeys("my-pool")
			.satisfies((pools) -> assertThat(pools.get("my-pool").getLimit()).isEqualTo(DataSize.ofMegabytes(2)));
		assertThat(configuration(MY_POOL).systemProperty(name, "2MB").read().getPools()).containsOnlyKeys("my-pool");
	}

	@Test
	void poolsWhoseDashesDifferAreReportedAlsoInTwoSources() {
		assertThat(configuration(MY_POOL).arguments("--mempool.pools.m-ypool.limit=2MB").report())
			.contains("Property: mempool.pools[my-pool]", "Origin: ", "they differ only in dashes");
	}

	@Test
	void argumentTakesPrecedenceOverVariable() {
		MempoolProperties properties = configuration(MY_POOL).variable("MEMPOOL_POOLS_MYPOOL_LIMIT", "2MB")
			.arguments("--mempool.pools.my-pool.limit=3MB")
			.read();
		assertThat(properties.getPools().get("my-pool").getLimit()).isEqualTo(DataSize.ofMegabytes(3));
	}

	@Test
	void wordOfThePoolMayBeAWordOfASetting() {
		MempoolProperties properties = configuration("mempool.pools:\n  max:\n  pool-max:\n  tiers-0:\n")
			.variable("MEMPOOL_POOLS_POOL_MAX_MAX_IDLE", "3")
			.variable("MEMPOOL_POOLS_MAX_MAX_IDLE", "5")
			.variable("MEMPOOL_POOLS_TIERS_0_MAX_IDLE", "7")
			.read();
		assertThat(properties.getPools()).containsOnlyKeys("max", "pool-max", "tiers-0")
			.satisfies((pools) -> assertThat(pools.values()).extracting(Pool::getMaxIdle).containsExactly(5, 3, 7));
	}

	@Test
	void variableThatMayMeanTwoPoolsIsReported() {
		assertThat(configuration("mempool.pools:\n  a:\n    tiers: 4KB\n  a-tiers-0:\n    tiers: 4KB\n")
			.variable("MEMPOOL_POOLS_A_TIERS_0_MAXIDLE", "3")
			.report()).contains("Property: MEMPOOL_POOLS_A_TIERS_0_MAXIDLE", "Value: \"3\"", "mempool.pools.a.tiers[0]",
					"mempool.pools.a-tiers-0.max-idle", "as an argument, for example '--mempool.pools.a.tiers[0]");
	}

	@ParameterizedTest
	@CsvSource({ "MEMPOOL_POOLS_UPLOADS_TIERS, 8KB", "MEMPOOL_POOLS_UPLOADS_PRESET, stream",
			"MEMPOOL_POOLS_UPLOADS_MAXSIZE, 8KB", "MEMPOOL_POOLS_UPLOADS_TIERS_0_SIZE, 8KB" })
	void variablesDefineAPoolIfTheySayItsTiers(String variable, String value) {
		MempoolProperties properties = configuration(MY_POOL).variable(variable, value)
			.variable("MEMPOOL_POOLS_UPLOADS_MAX_IDLE", "7")
			.read();
		assertThat(properties.getPools()).containsOnlyKeys("my-pool", "uploads");
		assertThat(properties.getPools().get("uploads").getMaxIdle()).isEqualTo(7);
	}

	@Test
	void defaultPoolIsKnownToVariables() {
		assertThat(configuration("").variable("MEMPOOL_POOLS_DEFAULT_LIMIT", "2MB").read().getPools())
			.containsOnlyKeys("default");
	}

	@Test
	void variableOfServiceDiscoveryIsNoneOfOurs() {
		MempoolProperties properties = configuration("").variable("MEMPOOL_SERVICE_HOST", "10.0.0.1")
			.variable("MEMPOOL_PORT_8080_TCP_ADDR", "10.0.0.1")
			.variable("MEMPOOL_REQUEST_SERVICE_PORT_HTTP", "80")
			.variable("MEMPOOL_POOLS_PORT", "tcp://10.0.0.1:80")
			.variable("MEMPOOL_HOME", "/opt/mempool")
			.read();
		assertThat(properties.getPools()).isEmpty();
	}

	@Test
	void emptyVariableIsNoMistake() {
		assertThat(configuration("").variable("MEMPOOL_POOLS_UPLOADS_LIMIT", "").read().getPools()).isEmpty();
	}

	@Test
	void variableOfObjectsMayMeanAPoolThatTheApplicationNames() {
		assertThat(configuration("").variable("MEMPOOL_OBJECTS_MY_THINGS_MAX_IDLE", "3").read().getObjects())
			.containsOnlyKeys("mythings");
	}

	@ParameterizedTest
	@MethodSource("namesThatMeanNothing")
	void nameThatMeansNothingIsReported(Mistake mistake) {
		String report = mistake.configuration().apply(new WrittenConfiguration()).report();
		assertThat(report).contains(mistake.parts()).doesNotContain("Exception");
	}

	static Stream<Mistake> namesThatMeanNothing() {
		return Stream.of(
				variable("MEMPOOL_POOLS_MYPOL_LIMIT", "2MB", "there is no pool 'mypol', only default, my-pool",
						"Write 'MEMPOOL_POOLS_MYPOOL_LIMIT'"),
				variable("MEMPOOL_POOLS_OTHER_LIMIT", "2MB", "there is no pool 'other'",
						"'mempool.pools.other.tiers: 4KB, 64KB'", "'MEMPOOL_POOLS_OTHER_TIERS'"),
				variable("MEMPOOL_POOLS_BIG_FILES_TIERS", "2MB", "there is no pool 'big-files'",
						"'MEMPOOL_POOLS_BIGFILES_TIERS'"),
				variable("MEMPOOL_POOLS_MYPOOL_LIMTI", "2MB", "there is no setting 'limti'",
						"Write 'MEMPOOL_POOLS_MYPOOL_LIMIT'"),
				variable("MEMPOOL_POOLS_MYPOOL_COLOUR", "red", "there is no setting 'colour'", "memory, page-aligned"),
				variable("MEMPOOL_POOLS_MYPOOL", "2MB", "a pool has settings such as 'memory', not a value",
						"MEMPOOL_POOLS_MYPOOL_<setting>"),
				variable("MEMPOOL_POOLS_OTHER", "2MB", "there is no setting 'other'", "Remove the variable"),
				variable("MEMPOOL_POOLS", "2MB", "'mempool.pools' is a group of pools", "MEMPOOL_POOLS_<NAME>_MEMORY"),
				variable("MEMPOOL_POOLS_MAXTOTAL", "4", "'max-total' is a setting of a pool, and no pool is named",
						"Write 'MEMPOOL_POOLS_<NAME>_MAXTOTAL', or 'MEMPOOL_DEFAULTS_MAXTOTAL' for all pools."),
				variable("MEMPOOL_OBJECTS_MAXTOTAL", "4", "'max-total' is a setting of a pool",
						"Write 'MEMPOOL_OBJECTS_<NAME>_MAXTOTAL'."),
				variable("MEMPOOL_POOLS_A+B_TIERS", "4KB", "the name 'a+b' has other characters",
						"Rename the pool, for example to 'MEMPOOL_POOLS_AB_TIERS'"),
				variable("MEMPOOL_POOLS_\u00c4PFEL_TIERS_0_SIZE", "4KB", "the name '\u00e4pfel' has other characters",
						"Rename the pool, for example to 'MEMPOOL_POOLS_PFEL_TIERS_0_SIZE'"),
				variable("MEMPOOL_POOLS__TIERS", "4KB", "the name of the pool is empty",
						"Rename the pool, for example to 'MEMPOOL_POOLS_UPLOADS_TIERS'"),
				variable("MEMPOOL_OBJECTS_${_MAXIDLE", "4", "the name '${' has other characters",
						"Rename the pool, for example to 'MEMPOOL_OBJECTS_UPLOADS_MAXIDLE'"),
				variable("MEMPOOL_BUDGET", "2MB", "it is a group of properties", "heap, off-heap"),
				variable("MEMPOOL_BUDGET_HEEP", "2MB", "there is no setting 'heep'", "Write 'MEMPOOL_BUDGET_HEAP'"),
				variable("MEMPOOL_DEFAULTS_MAX_IDEL", "2", "there is no setting 'max-idel'",
						"Write 'MEMPOOL_DEFAULTS_MAXIDLE'"),
				variable("MEMPOOL_OBJECTS_THINGS_MAXIDEL", "2", "there is no setting",
						"Write 'MEMPOOL_OBJECTS_THINGS_MAXIDLE'"),
				variable("MEMPOOL_POLING", "false", "there is no setting 'poling'", "Write 'MEMPOOL_POOLING'"),
				yaml("mempool.pools.my-pool.max-idel: 4", "Property: mempool.pools.my-pool.max-idel", "Value: \"4\"",
						"- 1:33", "Write 'mempool.pools.my-pool.max-idle'"),
				yaml("mempool.pools.my-pool.colour: red", "there is no setting 'colour' in 'mempool.pools.my-pool'",
						"Remove it, or write 'mempool.pools.my-pool.memory'"),
				yaml("mempool.pools.my-pool.max-body-size: 4MB", "Move it to 'mempool.request.max-body-size'"),
				yaml("mempool.objects.things.recent-sizes: 4", "Move it to 'mempool.pools.<name>.recent-sizes'",
						"'mempool.objects.things.preallocate'"),
				yaml("mempool.budget: 256MB", "Property: mempool.budget", "Value: \"256MB\"", "- 1:17",
						"'mempool.budget' is a group of properties and has no value of its own",
						"Write 'mempool.budget.heap' or 'mempool.budget.off-heap'"),
				yaml("mempool: 256MB", "'mempool' is a group of properties", "'mempool.budget'"),
				yaml("mempool.pools: 4KB", "'mempool.pools' is a group of properties", "'mempool.pools.<name>'"),
				yaml("mempool.pools: [uploads, files]", "the pools are a list", "'mempool.pools.<name>'"),
				yaml("mempool.pools: [{tiers: 4KB}]", "the pools are a list", "'mempool.pools.<name>'"),
				yaml("mempool.pools.a: 4KB", "a pool has settings such as 'tiers', not a value",
						"'mempool.pools.a.tiers: 4KB, 64KB'"),
				yaml("mempool.objects.a: 8", "an object pool has settings such as 'max-idle', not a value",
						"'mempool.objects.a.max-idle: 16'"),
				yaml("mempool.pools.a.limit: [4KB]", "'mempool.pools.a.limit' is one value, and no list"),
				yaml("mempool.pools.a.limit.heap: 4KB", "'mempool.pools.a.limit' is one value, and no group"),
				yaml("mempool.pooling.enabled: false", "'mempool.pooling' is one value"),
				yaml("mempool.pools.a.tiers.small: 4KB", "'tiers' is a list of sizes or of tiers", "- size: 4KB"),
				yaml("mempool.pools.a.tiers[99999999999].size: 4KB", "a list has fewer tiers"),
				yaml("mempool.pools.a.tiers: [{sise: 4KB}]", "there is no setting 'sise'",
						"Write 'mempool.pools.a.tiers[0].size'"),
				yaml("mempool.pool.a.tiers: 4KB", "there is no property 'mempool.pool'", "Write 'mempool.pool"),
				yaml("mempool.limit: 4MB", "there is no property 'mempool.limit'",
						"Write 'mempool.pools.<name>.limit'"),
				yaml("mempool.uploads.tiers: 4KB", "there is no property 'mempool.uploads'",
						"Write 'mempool.pools.uploads.tiers' if a pool is meant"),
				yaml("mempool.colour: red", "there is no property 'mempool.colour'", "'mempool.pooling'"),
				yaml("mempool.pools:\n  valid:\n    tiers: 4KB\n  bigFiles:\n    tiers: 8KB",
						"Property: mempool.pools[bigFiles]", "Value: \"8KB\"", "- 5:12", "'big-files'"),
				yaml("mempool.pools:\n  big-files:\n    tiers: 4KB\n  bigfiles:\n    tiers: 8KB",
						"Property: mempool.pools[bigfiles]", "- 5:12", "they differ only in dashes"),
				yaml("mempool.pools:\n  \"[my pool]\":\n    tiers: 4KB", "the name 'my pool' has other characters",
						"'my-pool'"),
				new Mistake("system property",
						(configuration) -> configuration.systemProperty("mempool.defaults.limti", "4MB"),
						"Property: mempool.defaults.limti", "Write 'mempool.defaults.limit'", "systemProperties"));
	}

	@Test
	void systemPropertyOfAnotherProgramIsNoMistake() {
		assertThat(configuration("").systemProperty("mempool.flow.seconds", "60").report()).isEqualTo("no report");
	}

	@ParameterizedTest
	@ValueSource(strings = { "16KB, 32KB", "[16KB, 32KB]", "[{size: 16KB}, {size: 32KB}]" })
	void listOfTiersIsThatOfTheSourceOfHighestPrecedence(String tiers) {
		MempoolProperties properties = configuration(LONG_TIERS)
			.yaml("application-small.yml", "mempool.pools.uploads.tiers: " + tiers)
			.read();
		assertThat(tiers(properties)).extracting(Tier::getSize)
			.containsExactly(DataSize.ofKilobytes(16), DataSize.ofKilobytes(32));
		assertThat(tiers(properties)).extracting(Tier::getMaxIdle).containsOnlyNulls();
	}

	@Test
	void longTiersReplaceShortOnes() {
		MempoolProperties properties = configuration("mempool.pools.uploads.tiers: 4KB, 64KB")
			.variable("MEMPOOL_POOLS_UPLOADS_TIERS_0_SIZE", "8KB")
			.variable("MEMPOOL_POOLS_UPLOADS_TIERS_0_MAXIDLE", "7")
			.read();
		assertThat(tiers(properties)).singleElement().satisfies((tier) -> {
			assertThat(tier.getSize()).isEqualTo(DataSize.ofKilobytes(8));
			assertThat(tier.getMaxIdle()).isEqualTo(7);
		});
	}

	@Test
	void emptyTiersTakeBackThoseOfAnotherSource() {
		MempoolProperties properties = configuration(LONG_TIERS)
			.yaml("application-small.yml", "mempool.pools.uploads: { preset: stream, tiers: }")
			.read();
		assertThat(properties.getPools().get("uploads").getTiers()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { LONG_TIERS, "mempool.pools.uploads.tiers: 4KB, 64KB" })
	void settingOfOneTierChangesTheListOfAnotherSource(String list) {
		MempoolProperties properties = configuration(list).arguments("--mempool.pools.uploads.tiers[1].max-idle=9")
			.read();
		assertThat(tiers(properties)).extracting(Tier::getSize)
			.containsExactly(DataSize.ofKilobytes(4), DataSize.ofKilobytes(64));
		assertThat(tiers(properties).get(1).getMaxIdle()).isEqualTo(9);
	}

	@ParameterizedTest
	@ValueSource(strings = { "mempool.pools.uploads.tiers[2].max-idle", "mempool.pools.uploads.tiers[7].max-idle" })
	void settingOfATierThatIsNotThereIsReported(String name) {
		assertThat(configuration("mempool.pools.uploads.tiers: 4KB, 64KB").arguments("--" + name + "=9").report())
			.contains("Property: " + name, "Value: \"9\"", "commandLineArgs", "the list has 2");
	}

	@Test
	void bothFormsOfTiersInOneSourceAreReported() {
		assertThat(configuration("").systemProperty("mempool.pools.a.tiers", "4KB")
			.systemProperty("mempool.pools.a.tiers[0].size", "8KB")
			.report())
			.contains("Property: mempool.pools.a.tiers[0].size", "by 'mempool.pools.a.tiers'", "Remove one of the two");
	}

	private static List<Tier> tiers(MempoolProperties properties) {
		List<Tier> tiers = properties.getPools().get("uploads").getTiers();
		assertThat(tiers).isNotNull();
		return tiers;
	}

	private static WrittenConfiguration configuration(String yaml) {
		return new WrittenConfiguration().yaml("application.yml", yaml);
	}

	private static Mistake variable(String name, String value, String... parts) {
		String[] all = Stream
			.concat(Stream.of("Property: " + name, "Value: \"" + value + "\"", "from property source \"systemEnv"),
					Stream.of(parts))
			.toArray(String[]::new);
		return new Mistake(name,
				(configuration) -> configuration.yaml("application.yml", MY_POOL).variable(name, value), all);
	}

	private static Mistake yaml(String yaml, String... parts) {
		String[] all = Stream.concat(Stream.of("Origin: ", "application.yml"), Stream.of(parts)).toArray(String[]::new);
		return new Mistake(yaml, (configuration) -> configuration.yaml("application.yml", yaml), all);
	}

	record Mistake(String name, UnaryOperator<WrittenConfiguration> configuration, String... parts) {

		@Override
		public String toString() {
			return this.name;
		}

	}

}
