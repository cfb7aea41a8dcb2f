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

package io.mempool.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.mempool.autoconfigure.BufferPoolCustomizer;
import io.mempool.autoconfigure.MempoolAutoConfiguration;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.MemorySource;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.LeakListener;
import io.mempool.leaks.LeakReports;
import io.mempool.testing.Logged;
import io.mempool.testing.ProvokesOutput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The code of the page on replacing and extending.
 */
@ProvokesOutput
class ExtendingTests {

	@TempDir
	private static Path folder;

	private final Logged log = new Logged(LeakReports.class);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MempoolAutoConfiguration.class))
		.withPropertyValues("mempool.pools.shared.memory=off-heap", "mempool.pools.shared.tiers=4KB",
				"mempool.pools.uploads.tiers=4KB", "mempool.leak-detection=paranoid", "mempool.leaks.max-age=1ms");

	@AfterEach
	void logAgain() {
		this.log.close();
	}

	private static BufferPool pool(ApplicationContext context, String name) {
		return context.getBean(name, BufferPool.class);
	}

	@Test
	void poolsOfTheKindOfMemoryOfASourceTakeTheirBlocksFromIt() {
		this.runner.withUserConfiguration(SharedMemoryConfiguration.class).run((context) -> {
			MemorySource source = context.getBean(MemorySource.class);
			assertThat(pool(context, "shared").settings().memorySource()).isSameAs(source);
			assertThat(pool(context, "uploads").settings().memorySource()).isNull();
			assertThat(pool(context, "default").settings().memorySource()).isNull();
			byte[] text = "shared with others".getBytes(StandardCharsets.US_ASCII);
			try (PooledBuffer buffer = pool(context, "shared").acquire(100)) {
				buffer.copyIn(0, text, 0, text.length);
				assertThat(Files.readString(folder.resolve("shared-memory"), StandardCharsets.US_ASCII))
					.startsWith("shared with others");
			}
			pool(context, "shared").trim();
			pool(context, "shared").acquire(100).release();
			assertThat(Files.size(folder.resolve("shared-memory"))).as("memory is used again").isEqualTo(4096);
		});
	}

	@Test
	void firstOfSeveralSourcesOfAKindIsUsed() {
		this.runner.withUserConfiguration(SharedMemoryConfiguration.class)
			.withBean("first", FirstMemory.class)
			.run((context) -> assertThat(pool(context, "shared").settings().memorySource())
				.isSameAs(context.getBean("first")));
	}

	@Test
	void sourceMayNeedAPool() {
		this.runner.withUserConfiguration(CarvingConfiguration.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(pool(context, "shared").settings().memorySource()).isNotNull();
		});
	}

	@Test
	void customizerHasTheLastWordOnTheSourceOfAPool() {
		MemorySource own = new MappedMemory(folder.resolve("own"));
		this.runner.withUserConfiguration(SharedMemoryConfiguration.class)
			.withBean("own", BufferPoolCustomizer.class, () -> (builder) -> builder.memorySource(own))
			.run((context) -> assertThat(pool(context, "shared").settings().memorySource()).isSameAs(own));
	}

	@Test
	void customizerChangesOnePool() {
		this.runner.withUserConfiguration(CustomizerConfiguration.class).run((context) -> {
			assertThat(pool(context, "uploads").settings().idleTimeout()).isEqualTo(Duration.ofMinutes(5));
			assertThat(pool(context, "shared").settings().idleTimeout()).isNull();
		});
	}

	@Test
	void reporterTakesThePlaceOfTheLogAndOfNothingElse() {
		this.runner.withUserConfiguration(ReporterConfiguration.class).run((context) -> {
			Alarms alarms = context.getBean(Alarms.class);
			PooledBuffer held = pool(context, "uploads").acquire(100);
			await().atMost(Duration.ofSeconds(20)).until(() -> !alarms.raised.isEmpty());
			assertThat(alarms.raised.get(0)).contains("uploads");
			assertThat(context.getBean(LeakReports.class).of("uploads")).hasSize(1);
			held.release();
			assertThat(this.log.messages("uploads")).isEmpty();
		});
	}

	@Test
	void leakIsListedAlsoIfAReporterFails() {
		this.runner.withBean("failing", LeakListener.class, () -> (leak) -> {
			throw new UnsupportedOperationException("of the reporter");
		}).withUserConfiguration(ReporterConfiguration.class).run((context) -> {
			Alarms alarms = context.getBean(Alarms.class);
			PooledBuffer held = pool(context, "uploads").acquire(100);
			await().atMost(Duration.ofSeconds(20)).until(() -> !alarms.raised.isEmpty());
			assertThat(context.getBean(LeakReports.class).of("uploads")).hasSize(1);
			held.release();
			assertThat(this.log.messages("uploads")).singleElement().asString().startsWith("Failed to report a leak: ");
		});
	}

	// tag::source[]
	/** Memory that other processes see: ranges of a file. */
	static class MappedMemory implements MemorySource {

		private final Path file;

		private final Map<Integer, Deque<ByteBuffer>> free = new HashMap<>();

		private long end;

		MappedMemory(Path file) {
			this.file = file;
		}

		@Override
		public MemoryKind memory() {
			return MemoryKind.OFF_HEAP;
		}

		@Override
		public synchronized ByteBuffer allocate(int size) {
			ByteBuffer memory = free(size).poll();
			return (memory != null) ? memory : map(size);
		}

		@Override
		public synchronized void free(ByteBuffer memory) {
			free(memory.capacity()).push(memory);
		}

		private Deque<ByteBuffer> free(int size) {
			return this.free.computeIfAbsent(size, (any) -> new ArrayDeque<>());
		}

		private ByteBuffer map(int size) {
			try (FileChannel channel = FileChannel.open(this.file, StandardOpenOption.CREATE, StandardOpenOption.READ,
					StandardOpenOption.WRITE)) {
				ByteBuffer memory = channel.map(MapMode.READ_WRITE, this.end, size);
				this.end += size;
				return memory;
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}
	// end::source[]

	static class FirstMemory extends MappedMemory implements Ordered {

		FirstMemory() {
			super(folder.resolve("first"));
		}

		@Override
		public int getOrder() {
			return Ordered.HIGHEST_PRECEDENCE;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SharedMemoryConfiguration {

		// tag::source-bean[]
		@Bean
		MemorySource sharedMemory() {
			return new MappedMemory(folder.resolve("shared-memory"));
		}
		// end::source-bean[]

	}

	@Configuration(proxyBeanMethods = false)
	static class CarvingConfiguration {

		@Bean
		MemorySource carved(ObjectProvider<BufferPool> pools) {
			return new MappedMemory(folder.resolve("carved")) {

				@Override
				public ByteBuffer allocate(int size) {
					pools.getObject().acquire(size).release();
					return super.allocate(size);
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CustomizerConfiguration {

		// tag::customizer[]
		@Bean
		BufferPoolCustomizer uploadsAreForgotten() {
			return (builder) -> {
				if (builder.name().equals("uploads")) {
					builder.idleTimeout(Duration.ofMinutes(5));
				}
			};
		}
		// end::customizer[]

	}

	@Configuration(proxyBeanMethods = false)
	static class ReporterConfiguration {

		@Bean
		Alarms alarms() {
			return new Alarms();
		}

		// tag::reporter[]
		@Bean
		LeakListener leakAlarm(Alarms alarms) {
			return (leak) -> alarms.raise(leak.describe());
		}
		// end::reporter[]

	}

	static class Alarms {

		private final List<String> raised = new CopyOnWriteArrayList<>();

		void raise(String message) {
			this.raised.add(message);
		}

	}

}
