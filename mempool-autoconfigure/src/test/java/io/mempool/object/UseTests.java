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

package io.mempool.object;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolExhaustedException;
import io.mempool.testing.Thing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link ObjectPool#use} and {@link ObjectPool#useWithoutResult}.
 */
class UseTests {

	private final ObjectPool<Thing> pool = ObjectPool.builder("things", new Thing.Factory())
		.reset(Thing::reset)
		.maxTotal(1)
		.policy(ExhaustionPolicy.FAIL)
		.build();

	@AfterEach
	void everyObjectIsBack() {
		assertThat(this.pool.statistics().leased()).isZero();
		this.pool.close();
	}

	@Test
	void resultIsReturnedAndTheObjectGivenBack() {
		String result = this.pool.use((thing) -> {
			assertThat(this.pool.statistics().leased()).isOne();
			thing.mark(5);
			return "marked " + thing.mark();
		});
		assertThat(result).isEqualTo("marked 5");
		assertThat(this.pool.<Integer, RuntimeException>use(Thing::mark)).isZero();
	}

	@Test
	void resultMayBeNull() {
		assertThat(this.pool.<Object, RuntimeException>use((thing) -> null)).isNull();
	}

	@Test
	void actionNeedsNoResult() {
		List<Integer> numbers = new ArrayList<>();
		this.pool.useWithoutResult((thing) -> numbers.add(thing.number()));
		assertThat(numbers).containsExactly(0);
	}

	@Test
	void checkedExceptionIsThrownAsItIs() {
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> this.pool.use(UseTests::read))
			.withMessage("as asked");
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> this.pool.useWithoutResult(UseTests::read));
	}

	private static String read(Thing thing) throws IOException {
		throw new IOException("as asked");
	}

	@Test
	void onlyThatExceptionHasToBeCaught() {
		try {
			this.pool.useWithoutResult((thing) -> {
				throw new IOException("as asked");
			});
		}
		catch (IOException ex) {
			assertThat(ex).hasMessage("as asked").hasNoSuppressedExceptions();
		}
	}

	@Test
	void failureOfTheResetIsSuppressedByThatOfTheFunction() {
		try (ObjectPool<Thing> failing = ObjectPool.builder("failing", new Thing.Factory()).reset((thing) -> {
			throw new IllegalStateException("no reset");
		}).build()) {
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> failing.use(UseTests::read))
				.satisfies((ex) -> assertThat(ex.getSuppressed()).singleElement()
					.isInstanceOf(PooledObjectException.class));
			assertThatExceptionOfType(PooledObjectException.class).isThrownBy(() -> failing.use(Thing::number));
		}
	}

	@Test
	void exhaustedPoolCallsNothing() {
		PooledObject<Thing> held = this.pool.acquire();
		assertThatExceptionOfType(PoolExhaustedException.class)
			.isThrownBy(() -> this.pool.useWithoutResult((thing) -> thing.mark(1)));
		held.release();
	}

	@Test
	void digestInOneLine() throws Exception {
		try (ObjectPool<MessageDigest> digests = ObjectPool
			.builder("digests", () -> MessageDigest.getInstance("SHA-256"))
			.reset(MessageDigest::reset)
			.build()) {
			byte[] hash = digests.use((digest) -> digest.digest(new byte[3]));
			assertThat(hash).isEqualTo(MessageDigest.getInstance("SHA-256").digest(new byte[3]));
		}
	}

}
