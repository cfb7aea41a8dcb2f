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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.Deflater;

import io.mempool.buffer.MemoryKind;
import io.mempool.object.ObjectPool;
import io.mempool.testing.ProvokesOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.DeferredImportSelector;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.type.AnnotationMetadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Every mistake in YAML ends in a failure analysis that names the property, its value,
 * where it was written, why it is wrong and what to do.
 */
@ProvokesOutput
@ExtendWith(OutputCaptureExtension.class)
class InvalidPropertiesTests {

	// Three buffers of 32 KiB on the heap
	private static final long PREALLOCATED = MemoryRoom.taken(MemoryKind.HEAP, 32 * 1024, 3);

	@TempDir
	private Path folder;

	@ParameterizedTest(name = "{0}")
	@MethodSource("mistakes")
	void mistakeIsExplained(Mistake mistake, CapturedOutput output) throws IOException {
		Path yaml = this.folder.resolve("mistake.yml");
		Files.writeString(yaml, mistake.yaml());
		assertThatException().isThrownBy(() -> start(yaml).close());
		assertThat(output).contains("APPLICATION FAILED TO START");
		String report = output.toString().substring(output.toString().indexOf("APPLICATION FAILED TO START"));
		assertThat(report).containsIgnoringCase(mistake.property());
		assertThat(report).contains("\"" + mistake.value() + "\"");
		assertThat(report).containsPattern("mistake\\.yml(]| ).* - " + mistake.line() + ":");
		assertThat(report).contains(mistake.reason());
		assertThat(report.substring(report.indexOf("Action:"))).contains(mistake.action());
	}

	@Test
	void variableThatMeansNoPoolIsExplained(CapturedOutput output) {
		SystemEnvironmentPropertySource variables = new SystemEnvironmentPropertySource("systemEnvironment",
				Map.of("MEMPOOL_POOLS_UPLOAD_LIMIT", "2MB"));
		assertThatException().isThrownBy(() -> new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.initializers(
					(context) -> context.getEnvironment().getPropertySources().replace("systemEnvironment", variables))
			.properties("mempool.pools.uploads.tiers=4KB")
			.run()
			.close());
		assertThat(output).contains("APPLICATION FAILED TO START", "Property: MEMPOOL_POOLS_UPLOAD_LIMIT",
				"there is no pool 'upload', only default, uploads", "Write 'MEMPOOL_POOLS_UPLOADS_LIMIT'");
	}

	@Test
	void poolsOfOneNameAreExplained(CapturedOutput output) {
		assertThatException().isThrownBy(
				() -> new SpringApplicationBuilder(Application.class, PoolBeansTests.OtherNameConfiguration.class)
					.web(WebApplicationType.NONE)
					.properties("mempool.pools.other.tiers=4KB")
					.run()
					.close());
		assertThat(output).containsSubsequence("APPLICATION FAILED TO START", "The application has two pools 'other'",
				"Action:", "Build one of them with another name");
	}

	private static ConfigurableApplicationContext start(Path yaml) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties("spring.config.location=" + yaml.toUri())
			.run();
	}

	static Stream<Mistake> mistakes() {
		return Stream.of(mistake("unknown preset", "preset: fibonacci").value("fibonacci")
			.because("'fibonacci' is none of powers-of-two, stream, blocks, multiples", "'powers-of-two' or 'stream'"),
				mistake("preset and tiers", "preset: stream", "tiers: 4KB").property("tiers")
					.line(5)
					.value("4KB")
					.because("a preset or a minimum or maximum size is set as well", "Set either 'tiers'"),
				mistake("fixed preset with size", "preset: stream", "min-size: 4KB").property("min-size")
					.line(5)
					.value("4KB")
					.because("the preset 'stream' has fixed sizes", "Remove the property"),
				mistake("minimum over maximum", "min-size: 8KB", "max-size: 4KB").value("8KB")
					.because("the minimum size of 8192 bytes exceeds the maximum size of 4096 bytes", "not larger"),
				mistake("minimum over implied maximum", "min-size: 4MB").value("4MB")
					.because("exceeds the maximum size of 2097152 bytes", "'max-size'"),
				mistake("base over maximum", "preset: multiples", "min-size: 8KB", "max-size: 4KB").property("min-size")
					.line(5)
					.value("8KB")
					.because("the minimum size of 8192 bytes exceeds the maximum size of 4096 bytes", "not larger"),
				mistake("base over implied maximum", "preset: multiples", "min-size: 128KB").property("min-size")
					.line(5)
					.value("128KB")
					.because("exceeds the maximum size of 65536 bytes", "'max-size'"),
				mistake("too many multiples", "preset: multiples", "min-size: 64B", "max-size: 1MB")
					.property("min-size")
					.line(5)
					.value("64B")
					.because(
							"the multiples of 64 bytes up to 1048576 bytes are 16384 tiers, but a pool has at most 256",
							"Raise 'min-size'"),
				mistake("too many multiples of the implied base", "preset: multiples", "max-size: 2MB")
					.property("max-size")
					.line(5)
					.value("2MB")
					.because("are 512 tiers", "lower 'max-size'"),
				mistake("zero minimum", "min-size: 0B").value("0B").because("a size must be positive", "at least 1B"),
				mistake("duplicate tiers", "tiers: 4KB, 64KB, 4096B").property("tiers[2].size")
					.value("4KB, 64KB, 4096B")
					.because("another tier has 4096 bytes as well", "Remove one"),
				mistake("negative tier", "tiers: 4KB, -1KB").property("tiers[1].size")
					.value("4KB, -1KB")
					.because("a size must be positive", "at least 1B"),
				mistake("zero tier in long form", "tiers:", "  - size: 0").property("tiers[0].size")
					.line(5)
					.value("0")
					.because("a size must be positive", "at least 1B"),
				mistake("tier without size", "tiers:", "  - max-idle: 3").property("tiers[0]")
					.line(5)
					.value("3")
					.because("the tier has no size", "Set 'size'"),
				mistake("tier beyond 2 GiB", "tiers: 2GB").property("tiers[0].size")
					.value("2GB")
					.because("a buffer cannot exceed 2 GiB", "below 2GB"),
				mistake("size that is no size", "tiers: 4KB, lots").property("tiers")
					.value("4KB, lots")
					.because("'lots' is no size", "Write a whole number"),
				mistake("limit that is no size", "limit: much").value("much")
					.because("'much' is no size", "Write a whole number"),
				mistake("negative max-idle", "max-idle: -1").value("-1").because("from 0 to 1048576", "Set 0"),
				mistake("excessive max-idle", "max-idle: 2000000").value("2000000")
					.because("from 0 to 1048576", "Set 0"),
				mistake("zero max-total", "max-total: 0").value("0")
					.because("the number must be positive", "Set at least 1"),
				mistake("negative preallocate", "preallocate: -5").value("-5")
					.because("must not be negative", "Set 0 or more"),
				mistake("preallocate over max-idle", "preallocate: 5", "max-idle: 4").value("5")
					.because("more buffers would be preallocated", "Lower 'preallocate'"),
				mistake("preallocate over max-total of a tier", "tiers:", "  - size: 4KB", "    preallocate: 5",
						"    max-total: 4")
					.property("tiers[0].preallocate")
					.line(6)
					.value("5")
					.because("max-total 4", "Lower 'preallocate'"),
				mistake("limit below preallocation", "limit: 64KB", "tiers: 32KB", "preallocate: 3").value("64KB")
					.because("preallocates " + PREALLOCATED + " bytes", "Raise the limit"),
				mistake("limit below smallest tier", "limit: 1KB", "tiers: 4KB").value("1KB")
					.because("could not lend a single buffer", "Raise the limit"),
				mistake("revocation of heap memory", "protection: revoke").value("revoke")
					.because("cannot be revoked", "Set 'quarantine'"),
				mistake("unknown protection", "protection: total").value("total")
					.because("'total' is none of standard, quarantine, revoke", "'standard' or 'quarantine'"),
				mistake("unknown policy", "policy: explode").value("explode")
					.because("'explode' is none of allocate, wait, fail", "'allocate' or 'wait'"),
				mistake("zero max-wait", "max-wait: 0s").value("0s").because("the time must be positive", "500ms"),
				mistake("time that is no time", "max-wait: soon").value("soon").because("'soon' is no time", "'500ms'"),
				mistake("zero idle-timeout", "idle-timeout: 0s").value("0s")
					.because("the time must be positive", "30s"),
				mistake("negative idle-timeout", "idle-timeout: -1s").value("-1s")
					.because("the time must be positive", "remove the property"),
				mistake("unknown clearing", "clear: sometimes").value("sometimes")
					.because("'sometimes' is none of on-release, never", "'on-release'"),
				mistake("pooling that is no boolean", "pooling: perhaps").value("perhaps")
					.because("neither true nor false", "'true' or 'false'"),
				mistake("unknown key", "max-idel: 4").value("4")
					.because("no setting 'max-idel'", "Write 'mempool.pools.uploads.max-idle'"),
				mistake("unknown memory", "memory: tape").value("tape")
					.because("'tape' is none of heap, off-heap", "'off-heap'"),
				mistake("blocks without their number", "preset: blocks").value("blocks")
					.because("how many blocks may exist", "Set 'max-total'"),
				mistake("fewer blocks than none", "max-total: -5", "preset: blocks").value("-5")
					.because("the number must be positive", "Set at least 1"),
				mistake("blocks of several sizes", "min-size: 1KB", "preset: blocks").value("1KB")
					.because("the preset 'blocks' has one size", "'max-size' is the size of a block"),
				mistake("no recent sizes", "recent-sizes: 0").value("0")
					.because("the number must be from 1 to 65536", "Set a number"),
				raw("unknown level of leak detection", "mempool.leak-detection", 2, "some", "mempool:",
						"  leak-detection: some")
					.because("'some' is none of disabled, simple, advanced, paranoid", "'paranoid'"),
				raw("zero age of a leak", "mempool.leaks.max-age", 3, "0s", "mempool:", "  leaks:", "    max-age: 0s")
					.because("the time must be positive", "Set a time such as 5m"),
				raw("zero time of exhaustion", "mempool.health.exhausted-for", 3, "0s", "mempool:", "  health:",
						"    exhausted-for: 0s", "management.health.mempool.enabled: true")
					.because("the time must be positive", "Set a time such as 10s"),
				raw("all of the heap", "mempool.pressure.heap-above", 3, "100%", "mempool:", "  pressure:",
						"    heap-above: 100%")
					.because("the share of the heap must be from 1 to 99 percent", "Set a share such as 90"),
				raw("share of the heap as a fraction", "mempool.pressure.heap-above", 3, "0.9", "mempool:",
						"  pressure:", "    heap-above: 0.9")
					.because("'0.9' is no whole number of percent", "Write a number from 1 to 99"),
				raw("zero off-heap budget", "mempool.budget.off-heap", 3, "0B", "mempool:", "  budget:",
						"    off-heap: 0B")
					.because("must be positive", "Set a size such as 256MB"),
				raw("off-heap budget over what the JVM allows", "mempool.budget.off-heap", 3, "64TB", "mempool:",
						"  budget:", "    off-heap: 64TB")
					.because("exceeds what the JVM allows for direct buffers", "-XX:MaxDirectMemorySize"),
				raw("off-heap budget below preallocation", "mempool.budget.off-heap", 3, "64KB", "mempool:",
						"  budget:", "    off-heap: 64KB", "  pools:", "    a:", "      memory: off-heap",
						"      tiers: 32KB", "      preallocate: 3")
					.because("the pools preallocate 98304 bytes together ('a' 98304)", "Lower 'preallocate'"),
				raw("bad pool name", "mempool.pools[Up_Loads]", 4, "4KB", "mempool:", "  pools:", "    Up_Loads:",
						"      tiers: 4KB")
					.because("other characters than lower-case letters, digits and dashes", "'up-loads'"),
				raw("value for a pool", "mempool.pools.uploads", 3, "4KB", "mempool:", "  pools:", "    uploads: 4KB")
					.because("a pool has settings such as 'tiers', not a value",
							"Write 'mempool.pools.uploads.tiers: 4KB, 64KB'"),
				raw("number for a pool", "mempool.pools.uploads", 3, "8", "mempool:", "  pools:", "    uploads: 8")
					.because("a pool has settings such as 'tiers', not a value",
							"Write 'mempool.pools.uploads.tiers: 4KB, 64KB'"),
				raw("name of another bean", "mempool.pools.clock", 4, "4KB", "mempool:", "  pools:", "    clock:",
						"      tiers: 4KB")
					.because("is no BufferPool but a java.time.Clock", "Rename the pool or the bean"),
				raw("name of a bean of Spring", "mempool.pools.environment", 4, "4KB", "mempool:", "  pools:",
						"    environment:", "      tiers: 4KB")
					.because("is no BufferPool but a org.springframework", "Rename the pool or the bean"),
				raw("name beside a valid one", "mempool.pools[bigFiles]", 6, "8KB", "mempool:", "  pools:",
						"    valid:", "      tiers: 4KB", "    bigFiles:", "      tiers: 8KB")
					.because("other characters", "'big-files'"),
				raw("value of a group", "mempool.budget", 2, "256MB", "mempool:", "  budget: 256MB")
					.because("'mempool.budget' is a group", "Write 'mempool.budget.heap'"),
				raw("preallocation over half of the heap", "mempool.pools.a.preallocate", 5, "1000000", "mempool:",
						"  pools:", "    a:", "      tiers: 1MB", "      preallocate: 1000000")
					.because("half of the maximum heap", "Lower 'preallocate'"),
				raw("limit over the heap", "mempool.pools.a.limit", 4, "64TB", "mempool:", "  pools:", "    a:",
						"      limit: 64TB")
					.because("exceeds the maximum heap", "-Xmx"),
				raw("budget over the heap", "mempool.budget.heap", 3, "64TB", "mempool:", "  budget:", "    heap: 64TB")
					.because("exceeds the maximum heap", "-Xmx"),
				raw("zero budget", "mempool.budget.heap", 3, "0B", "mempool:", "  budget:", "    heap: 0B")
					.because("must be positive", "Set a size such as 256MB"),
				raw("budget below preallocation", "mempool.budget.heap", 3, "64KB", "mempool:", "  budget:",
						"    heap: 64KB", "  pools:", "    a:", "      tiers: 32KB", "      preallocate: 3")
					.because("the pools preallocate " + PREALLOCATED + " bytes together ('a' " + PREALLOCATED + ")",
							"Lower 'preallocate'"),
				object("negative max-idle of objects", "max-idle: -1").value("-1")
					.because("from 0 to 1048576", "Set 0"),
				object("excessive max-idle of objects", "max-idle: 2000000").value("2000000")
					.because("from 0 to 1048576", "Set 0"),
				object("zero max-total of objects", "max-total: 0").value("0")
					.because("the number must be positive", "Set at least 1"),
				object("negative preallocate of objects", "preallocate: -5").value("-5")
					.because("from 0 to 1048576", "Set 0"),
				object("excessive preallocate of objects", "preallocate: 2000000").value("2000000")
					.because("from 0 to 1048576", "Set 0"),
				object("preallocate of objects over max-idle", "preallocate: 5", "max-idle: 4").value("5")
					.because("'preallocate' must not exceed maxIdle (4)", "Lower 'preallocate'"),
				object("preallocate of objects over max-total", "preallocate: 5", "max-total: 4").value("5")
					.because("maxTotal (4) but is 5", "Lower 'preallocate'"),
				object("negative prefill", "prefill: -5").value("-5").because("from 0 to 1048576", "Set 0"),
				object("prefill over max-idle", "prefill: 5", "max-idle: 4").value("5")
					.because("must not exceed maxIdle (4)", "Lower 'prefill'"),
				object("key that is nearest to a former name", "prefil: 4").value("4")
					.because("no setting 'prefil'", "'mempool.objects.deflaters.preallocate'"),
				object("unknown policy of objects", "policy: explode").value("explode")
					.because("none of allocate, wait, fail", "'allocate'"),
				object("zero max-wait of objects", "max-wait: 0s").value("0s")
					.because("the time must be positive", "500ms"),
				object("negative max-wait of objects", "max-wait: -1s").value("-1s")
					.because("the time must be positive", "500ms"),
				object("zero idle-timeout of objects", "idle-timeout: 0s").value("0s")
					.because("the time must be positive", "30s"),
				object("negative idle-timeout of objects", "idle-timeout: -1s").value("-1s")
					.because("the time must be positive", "30s"),
				object("number that is no number", "max-idle: many").value("many")
					.because("'many' is no whole number", "digits only"),
				object("key of a buffer pool", "recent-sizes: 4").value("4")
					.because("no setting 'recent-sizes'", "'mempool.objects.deflaters.preallocate'"),
				raw("bad name of an object pool", "mempool.objects[My_Deflaters]", 4, "8", "mempool:", "  objects:",
						"    My_Deflaters:", "      max-idle: 8")
					.because("other characters than lower-case letters, digits and dashes", "'my-deflaters'"),
				raw("value for an object pool", "mempool.objects.deflaters", 3, "8", "mempool:", "  objects:",
						"    deflaters: 8")
					.because("an object pool has settings such as 'max-idle', not a value",
							"Write 'mempool.objects.deflaters.max-idle: 16'"),
				raw("object pool with the name of a buffer pool", "mempool.objects.uploads", 4, "8", "mempool:",
						"  objects:", "    uploads:", "      max-idle: 8", "  pools:", "    uploads:",
						"      tiers: 4KB")
					.because("there is a buffer pool 'uploads'", "share their names"),
				raw("object pool with the name of the default pool", "mempool.objects.default", 4, "8", "mempool:",
						"  objects:", "    default:", "      max-idle: 8")
					.because("there is a buffer pool 'default'", "share their names"),
				raw("buffer pool with the name of an object pool", "mempool.pools.compressors", 4, "4KB", "mempool:",
						"  pools:", "    compressors:", "      tiers: 4KB")
					.because("the application has an object pool 'compressors' as well", "Rename one of the two"),
				raw("buffer pool with the name of an object pool's bean", "mempool.pools.deflater-pool", 4, "4KB",
						"mempool:", "  pools:", "    deflater-pool:", "      tiers: 4KB")
					.because("is no BufferPool but a io.mempool.object.ObjectPool", "Rename the pool or the bean"),
				raw("more preallocated than the application keeps", "mempool.objects.compressors.preallocate", 4, "3",
						"mempool:", "  objects:", "    compressors:", "      preallocate: 3")
					.because("'preallocate' must not exceed maxIdle (2)", "Lower 'preallocate'"),
				raw("pool of Jetty that fails", "mempool.pools.jetty-heap.policy", 6, "fail", "mempool:",
						"  jetty.enabled: true", "  pools:", "    jetty-heap:", "      limit: 1MB",
						"      policy: fail")
					.because("neither waits nor fails for a buffer", "Remove the property, or set 'allocate'"),
				raw("pool of Jetty on the heap", "mempool.pools.jetty-direct.memory", 5, "heap", "mempool:",
						"  jetty.enabled: true", "  pools:", "    jetty-direct:", "      memory: heap")
					.because("wants to have outside of the heap", "The other pool of Jetty is 'jetty-heap'"),
				raw("mistake in defaults", "mempool.defaults.max-total", 3, "-3", "mempool:", "  defaults:",
						"    max-total: -3")
					.because("the number must be positive", "Set at least 1"));
	}

	private static Mistake mistake(String name, String... settings) {
		String key = settings[0].substring(0, settings[0].indexOf(':'));
		return new Mistake(name, "mempool:\n  pools:\n    uploads:\n      " + String.join("\n      ", settings) + "\n",
				"mempool.pools.uploads." + key, 4, "", "", "");
	}

	private static Mistake object(String name, String... settings) {
		String key = settings[0].substring(0, settings[0].indexOf(':'));
		return new Mistake(name,
				"mempool:\n  objects:\n    deflaters:\n      " + String.join("\n      ", settings) + "\n",
				"mempool.objects.deflaters." + key, 4, "", "", "");
	}

	private static Mistake raw(String name, String property, int line, String value, String... lines) {
		return new Mistake(name, String.join("\n", lines) + "\n", property, line, value, "", "");
	}

	record Mistake(String name, String yaml, String property, int line, String value, String reason, String action) {

		Mistake property(String key) {
			return new Mistake(this.name, this.yaml, "mempool.pools.uploads." + key, this.line, this.value, this.reason,
					this.action);
		}

		Mistake line(int line) {
			return new Mistake(this.name, this.yaml, this.property, line, this.value, this.reason, this.action);
		}

		Mistake value(String value) {
			return new Mistake(this.name, this.yaml, this.property, this.line, value, this.reason, this.action);
		}

		Mistake because(String reason, String action) {
			return new Mistake(this.name, this.yaml, this.property, this.line, this.value, reason, action);
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

	/**
	 * What the starter brings, and nothing else that takes time to start.
	 */
	static class OfTheStarter implements DeferredImportSelector {

		@Override
		public String[] selectImports(AnnotationMetadata metadata) {
			return Stream.concat(Stream.of(ConfigurationPropertiesAutoConfiguration.class.getName()),
					ImportCandidates.load(AutoConfiguration.class, null)
						.getCandidates()
						.stream()
						.filter((name) -> name.startsWith("io.mempool.")))
				.toArray(String[]::new);
		}

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@Import(OfTheStarter.class)
	static class Application {

		@Bean
		Clock clock() {
			return Clock.systemUTC();
		}

		@Bean("deflater-pool")
		ObjectPool<Deflater> deflaterPool(ObjectPoolBuilderFactory pools) {
			return pools.builder("compressors", Deflater::new).destroy(Deflater::end).maxIdle(2).build();
		}

	}

}
