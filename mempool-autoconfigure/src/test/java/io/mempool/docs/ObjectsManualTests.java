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

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.InflaterInputStream;

import io.mempool.autoconfigure.MempoolAutoConfiguration;
import io.mempool.autoconfigure.ObjectPoolBuilderFactory;
import io.mempool.object.ObjectBatch;
import io.mempool.object.ObjectPool;
import io.mempool.object.PooledObject;
import io.mempool.scope.BufferScope;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the page on objects shows.
 */
class ObjectsManualTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MempoolAutoConfiguration.class))
		.withUserConfiguration(Pools.class);

	@Test
	void deflaterIsLeasedAndUsedAgain() {
		this.contextRunner.run((context) -> {
			Codec codec = new Codec(pool(context, "deflaters"), null);
			for (int i = 0; i < 2; i++) {
				ByteArrayOutputStream out = new ByteArrayOutputStream();
				codec.compress(new byte[1000], out);
				assertThat(new InflaterInputStream(new ByteArrayInputStream(out.toByteArray())).readAllBytes())
					.isEqualTo(new byte[1000]);
			}
			assertThat(codec.deflaters.statistics().hits()).isOne();
		});
	}

	@Test
	void digestIsUsedInOneLine() {
		this.contextRunner.run((context) -> {
			Codec codec = new Codec(null, pool(context, "digests"));
			assertThat(codec.hash(new byte[3])).isEqualTo(MessageDigest.getInstance("SHA-256").digest(new byte[3]));
		});
	}

	@Test
	void scopeOwnsObjects() {
		this.contextRunner.run((context) -> {
			ObjectPool<Deflater> deflaters = pool(context, "deflaters");
			assertThat(compressors(deflaters)).isEqualTo(4);
			assertThat(deflaters.statistics().leased()).isZero();
		});
	}

	@SuppressWarnings("unchecked")
	private static <T> ObjectPool<T> pool(ApplicationContext context, String name) {
		return context.getBean(name, ObjectPool.class);
	}

	private static int compressors(ObjectPool<Deflater> deflaters) {
		// tag::scope[]
		try (BufferScope scope = new BufferScope()) {
			Deflater one = scope.acquire(deflaters);
			List<Deflater> three = scope.acquire(deflaters, 3); // all or none
			return work(one, three);
		} // all are back
			// end::scope[]
	}

	private static int work(Deflater one, List<Deflater> others) {
		return (int) (others.stream().distinct().filter((other) -> other != one).count() + 1);
	}

	@Test
	void rowsOfOneReportAreThoseOfTheNext() {
		this.contextRunner.run((context) -> {
			Report report = new Report(pool(context, "rows"));
			for (int i = 0; i < 2; i++) {
				try (BufferScope scope = new BufferScope()) {
					assertThat(report.total(scope, List.of(1, 2, 3))).isEqualTo(6);
				}
			}
			assertThat(report.rows.statistics().hits()).isOne();
		});
	}

	@Test
	void holderHasABatchOfEachType() {
		this.contextRunner.run((context) -> {
			ObjectPool<Work> works = pool(context, "works");
			works.useWithoutResult((work) -> {
				work.rows().next().amount = 5;
				work.names().next().append("five");
			});
			works.useWithoutResult((work) -> {
				assertThat(work.rows().next().amount).isZero();
				assertThat(work.names().next()).isEmpty();
			});
		});
	}

	/**
	 * Uses pools.
	 */
	static class Codec {

		private final ObjectPool<Deflater> deflaters;

		private final ObjectPool<MessageDigest> digests;

		Codec(ObjectPool<Deflater> deflaters, ObjectPool<MessageDigest> digests) {
			this.deflaters = deflaters;
			this.digests = digests;
		}

		// tag::lease[]
		void compress(byte[] bytes, ByteArrayOutputStream out) {
			byte[] chunk = new byte[512];
			try (PooledObject<Deflater> lease = this.deflaters.acquire()) {
				Deflater deflater = lease.get();
				deflater.setInput(bytes);
				deflater.finish();
				while (!deflater.finished()) {
					out.write(chunk, 0, deflater.deflate(chunk));
				}
			} // reset, and back
		}
		// end::lease[]

		// tag::use[]
		byte[] hash(byte[] bytes) {
			return this.digests.use((digest) -> digest.digest(bytes));
		}
		// end::use[]

	}

	/**
	 * Uses many small objects.
	 */
	static class Report {

		private final ObjectPool<ObjectBatch<Row>> rows;

		Report(ObjectPool<ObjectBatch<Row>> rows) {
			this.rows = rows;
		}

		// tag::batch[]
		long total(BufferScope scope, Iterable<Integer> amounts) {
			ObjectBatch<Row> batch = scope.acquire(this.rows); // a RequestBuffers has the
																// same method
			for (int amount : amounts) {
				Row row = batch.next(); // one of before, or a new one if there is none
										// left
				row.amount = amount;
			}
			return batch.toList().stream().mapToLong((row) -> row.amount).sum();
		}
		// end::batch[]

	}

	/**
	 * A small object.
	 */
	static class Row {

		private long amount;

		void clear() {
			this.amount = 0;
		}

	}

	/**
	 * A holder of small objects of two types.
	 */
	// tag::holder[]
	record Work(ObjectBatch<Row> rows, ObjectBatch<StringBuilder> names) {

		Work() {
			this(new ObjectBatch<>(Row::new, Row::clear),
					new ObjectBatch<>(StringBuilder::new, (name) -> name.setLength(0)));
		}

		void reset() throws Exception {
			this.rows.reset();
			this.names.reset();
		}

	}
	// end::holder[]

	@Configuration(proxyBeanMethods = false)
	static class Pools {

		// tag::pool[]
		@Bean
		ObjectPool<Deflater> deflaters(ObjectPoolBuilderFactory pools) {
			return pools.builder("deflaters", Deflater::new).reset(Deflater::reset).destroy(Deflater::end).build();
		}
		// end::pool[]

		@Bean
		ObjectPool<MessageDigest> digests(ObjectPoolBuilderFactory pools) {
			return pools.builder("digests", () -> MessageDigest.getInstance("SHA-256"))
				.reset(MessageDigest::reset)
				.build();
		}

		// tag::batches[]
		@Bean
		ObjectPool<ObjectBatch<Row>> rows(ObjectPoolBuilderFactory pools) {
			return pools.batches("rows", Row::new, Row::clear).build();
		}
		// end::batches[]

		// tag::holders[]
		@Bean
		ObjectPool<Work> works(ObjectPoolBuilderFactory pools) {
			return pools.builder("works", Work::new).reset(Work::reset).build();
		}
		// end::holders[]

	}

}
