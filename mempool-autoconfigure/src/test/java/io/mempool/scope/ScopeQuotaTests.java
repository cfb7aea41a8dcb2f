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

package io.mempool.scope;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.ContentReader;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.PooledOutputStream;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolExhaustedException;
import io.mempool.testing.Together;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link ScopeQuota}.
 */
class ScopeQuotaTests {

	private static final long LIMIT = 100_000;

	private final BufferPool pool = BufferPool.builder("uploads").tiers(1024, 16_384, 131_072).build();

	private final ScopeQuota quota = new ScopeQuota("mempool.request.quota", LIMIT);

	private final List<BufferScope> scopes = new ArrayList<>();

	@AfterEach
	void everyKeyIsForgottenWithItsLastScope() {
		this.scopes.forEach(BufferScope::close);
		assertThat(this.quota.statistics(10).held()).isZero();
		assertThat(this.quota.size()).isZero();
		assertThat(this.pool.statistics().leased()).isZero();
	}

	private BufferScope open(@Nullable Object key) {
		return open(this.pool, Long.MAX_VALUE, () -> key);
	}

	private BufferScope open(BufferPool pool, long limit, Supplier<? extends @Nullable Object> key) {
		BufferScope scope = BufferScopes.open(pool, limit, null, false, this.quota, key);
		this.scopes.add(scope);
		return scope;
	}

	private long held() {
		return this.quota.statistics(0).held();
	}

	@Test
	void scopesOfOneKeyHoldNoMoreThanTheQuotaTogether() {
		open("one").acquire(60_000);
		BufferScope second = open("one");
		second.acquire(40_000);
		assertThatExceptionOfType(QuotaExceededException.class).isThrownBy(() -> second.acquire(1));
		assertThat(held()).isEqualTo(LIMIT);
	}

	@Test
	void scopesOfOtherKeysAndOfNoneAreNotConcerned() {
		open("one").acquire(100_000);
		open("two").acquire(100_000);
		open(null).acquire(200_000);
		assertThat(this.quota.statistics(10).keys()).isEqualTo(2);
	}

	@Test
	void errorNamesQuotaKeySumAndWhatToDo() {
		open("10.0.0.1").acquire(60_000);
		assertThatExceptionOfType(QuotaExceededException.class).isThrownBy(() -> open("10.0.0.1").acquire(50_000))
			.withMessage(
					"Cannot acquire 50000 bytes of pool 'uploads' for the key '10.0.0.1' of 'mempool.request.quota': "
							+ "scopes with that key hold 60000 bytes already, in 2 scopes, and may hold 100000 together. Let "
							+ "it try again later, or raise that property")
			.satisfies((ex) -> {
				assertThat(ex.getHeld()).isEqualTo(60_000);
				assertThat(ex.isPermanent()).isFalse();
				assertThat(ex.getObstacle()).isNotNull().hasFieldOrPropertyWithValue("limit", LIMIT);
			});
	}

	@Test
	void keyThatAClientHasWrittenCannotForgeALineOfTheLogNorFillIt() {
		String key = "x\r\nWARN forged \u001b[31m\u202e" + "y".repeat(1000);
		open(key).acquire(100_000);
		assertThatExceptionOfType(QuotaExceededException.class).isThrownBy(() -> open(key).acquire(1))
			.satisfies((ex) -> assertThat(ex.getMessage()).hasSizeLessThan(400)
				.contains("'x??WARN forged ?[31m?yyy")
				.doesNotContain("\n", "\r", "\u001b", "\u202e"));
	}

	@Test
	void whatOneScopeMayNeverHoldIsNoReasonToTryAgain() {
		BufferScope scope = open("one");
		assertThatExceptionOfType(SizeLimitExceededException.class).isThrownBy(() -> scope.acquire(100_001))
			.withMessageContaining("'mempool.request.quota' limits it to 100000")
			.satisfies((ex) -> assertThat(ex.getLimit()).isEqualTo(LIMIT));
		assertThat(this.quota.refusals()).isZero();
	}

	@Test
	void refusalsAreCounted() {
		open("one").acquire(100_000);
		for (int i = 0; i < 3; i++) {
			assertThatExceptionOfType(QuotaExceededException.class).isThrownBy(() -> open("one").acquire(1));
		}
		assertThat(this.quota.statistics(10).refusals()).isEqualTo(3);
	}

	@Test
	void whatIsReleasedEarlyComesBack() {
		PooledBuffer buffer = open("one").acquire(100_000);
		buffer.release();
		BufferScope other = open("one");
		for (int i = 0; i < 100; i++) {
			other.acquire(90_000).release();
		}
		assertThat(held()).isZero();
	}

	@Test
	void whatIsGivenAwayComesBack() {
		BufferScope scope = open("one");
		try (PooledBuffer kept = scope.detach(scope.acquire(100_000))) {
			assertThat(open("one").acquire(100_000).isAlive()).isTrue();
			assertThat(kept.isAlive()).isTrue();
		}
	}

	@Test
	void whatIsRetainedComesBackWithTheEndOfTheScope() {
		BufferScope scope = open("one");
		try (PooledBuffer kept = scope.acquire(100_000).retain()) {
			scope.close();
			assertThat(open("one").acquire(100_000).isAlive()).isTrue();
			assertThat(kept.isAlive()).isTrue();
		}
	}

	@Test
	void whatEndsInDoubtComesBack() {
		BufferScope scope = open("one");
		scope.acquire(100_000);
		scope.abandon();
		assertThat(open("one").acquire(100_000).isAlive()).isTrue();
	}

	@Test
	void taskKeepsWhatItsScopeHolds() {
		BufferScope scope = open("one");
		scope.acquire(100_000);
		Runnable task = scope.wrap(() -> {
		});
		scope.close();
		assertThatExceptionOfType(QuotaExceededException.class).isThrownBy(() -> open("one").acquire(1));
		task.run();
		assertThat(open("one").acquire(100_000).isAlive()).isTrue();
	}

	@Test
	void adoptedBufferCounts() {
		BufferScope scope = open("one");
		scope.adopt(this.pool.acquire(70_000));
		assertThat(held()).isEqualTo(70_000);
		try (PooledBuffer other = this.pool.acquire(40_000)) {
			assertThatExceptionOfType(QuotaExceededException.class).isThrownBy(() -> open("one").adopt(other));
			assertThat(other.isAlive()).isTrue();
		}
	}

	@Test
	void streamCountsWhatWasWritten() throws IOException {
		BufferScope scope = open("one");
		PooledOutputStream out = scope.outputStream();
		out.write(new byte[30_000]);
		out.transferFrom(new ByteArrayInputStream(new byte[20_000]));
		assertThat(held()).isEqualTo(50_000);
		open("one").acquire(50_000);
		assertThatExceptionOfType(QuotaExceededException.class).isThrownBy(() -> out.write(1));
		assertThat(out.toBuffer().size()).isEqualTo(50_000);
		assertThat(held()).isEqualTo(LIMIT);
	}

	@Test
	void streamThatIsReleasedCountsNoMore() {
		PooledOutputStream out = open("one").outputStream();
		out.write(new byte[50_000], 0, 50_000);
		out.release();
		assertThat(held()).isZero();
	}

	@Test
	void slicesCount() {
		BufferScope scope = open("one");
		assertThat(scope.slicingAllocator().allocate(1000).size()).isEqualTo(1000);
		assertThat(held()).isEqualTo(1000);
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 0, 1, 100_000 })
	void contentOfTheWholeQuotaCanBeReadWhateverWasAnnounced(int announced) throws IOException {
		ContentReader reader = BufferScopes.reader(open("one"), this.pool, announced, Integer.MAX_VALUE);
		try (PooledBuffer content = reader.read(new ByteArrayInputStream(new byte[(int) LIMIT]))) {
			assertThat(content.size()).isEqualTo((int) LIMIT);
			assertThat(held()).isEqualTo(LIMIT);
		}
	}

	@Test
	void contentCountsBeforeAllOfItHasArrived() {
		ContentReader reader = BufferScopes.reader(open("one"), this.pool, -1, Integer.MAX_VALUE);
		reader.write(ByteBuffer.wrap(new byte[60_000]));
		assertThat(held()).isBetween(60_000L, LIMIT);
		assertThatExceptionOfType(QuotaExceededException.class).isThrownBy(() -> open("one").acquire(40_001));
		PooledBuffer content = reader.toBuffer();
		assertThat(content.size()).isEqualTo(60_000);
		assertThat(held()).isEqualTo(60_000);
	}

	@Test
	void readerThatEndsCountsNoMore() {
		ContentReader closed = BufferScopes.reader(open("one"), this.pool, 90_000, Integer.MAX_VALUE);
		closed.write(ByteBuffer.wrap(new byte[50_000]));
		closed.close();
		ContentReader abandoned = BufferScopes.reader(open("one"), this.pool, 90_000, Integer.MAX_VALUE);
		abandoned.write(ByteBuffer.wrap(new byte[50_000]));
		abandoned.abandon();
		assertThat(held()).isZero();
	}

	@Test
	void contentThatFindsNoRoomIsRefusedAndLeavesNothing() {
		open("one").acquire(90_000);
		ContentReader reader = BufferScopes.reader(open("one"), this.pool, -1, Integer.MAX_VALUE);
		assertThatExceptionOfType(QuotaExceededException.class)
			.isThrownBy(() -> reader.write(ByteBuffer.wrap(new byte[20_000])));
		assertThat(held()).isEqualTo(90_000);
	}

	@Test
	void contentOfAScopeThatHasEndedCountsNoMore() {
		BufferScope scope = open("one");
		ContentReader reader = BufferScopes.reader(scope, this.pool, -1, Integer.MAX_VALUE);
		reader.write(ByteBuffer.wrap(new byte[60_000]));
		scope.close();
		assertThat(held()).isZero();
		reader.close();
		assertThat(held()).isZero();
	}

	@Test
	void acquireThatThePoolRefusesCountsNothing() throws InterruptedException {
		BufferPool small = BufferPool.builder("small").tiers(1024).limit(2048).policy(ExhaustionPolicy.FAIL).build();
		BufferScope scope = open(small, Long.MAX_VALUE, () -> "one");
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> scope.acquire(5000));
		assertThatExceptionOfType(PoolExhaustedException.class)
			.isThrownBy(() -> BufferScopes.acquire(scope, small, 5000, Duration.ofMillis(1)));
		assertThatIllegalArgumentException().isThrownBy(() -> scope.acquire(-1));
		assertThat(held()).isZero();
		PooledBuffer buffer = BufferScopes.acquire(scope, small, 1000, Duration.ZERO);
		assertThat(held()).isEqualTo(1000);
		buffer.release();
	}

	@Test
	void limitOfTheScopeHoldsAsWell() {
		BufferScope scope = open(this.pool, 10_000, () -> "one");
		assertThatExceptionOfType(SizeLimitExceededException.class).isThrownBy(() -> scope.acquire(10_001))
			.withMessageContaining("limited to 10000");
		assertThat(scope.acquire(10_000).isAlive()).isTrue();
		assertThat(scope.remaining()).isZero();
		assertThat(held()).isEqualTo(10_000);
	}

	@Test
	void scopeKnowsWhatItMayHoldWithoutTheOthers() {
		open("one").acquire(90_000);
		BufferScope scope = open("one");
		scope.acquire(5000);
		assertThat(BufferScopes.limit(scope)).isEqualTo(LIMIT);
		assertThat(scope.remaining()).isEqualTo(95_000);
		assertThat(BufferScopes.limit(open(null))).isEqualTo(Long.MAX_VALUE);
		assertThat(open(null).remaining()).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void keyThatFailsCostsThatAcquireOnly() {
		RuntimeException failure = new IllegalStateException("no tenant");
		boolean[] fails = { true };
		BufferScope scope = open(this.pool, Long.MAX_VALUE, () -> {
			if (fails[0]) {
				throw failure;
			}
			return "one";
		});
		assertThatIllegalStateException().isThrownBy(() -> scope.acquire(1)).isSameAs(failure);
		assertThat(open("one").acquire(50_000).isAlive()).isTrue();
		fails[0] = false;
		assertThat(scope.acquire(50_000).isAlive()).isTrue();
		assertThat(held()).isEqualTo(LIMIT);
	}

	@Test
	void manyKeysLeaveNothing() {
		for (int i = 0; i < 100_000; i++) {
			try (BufferScope scope = BufferScopes.open(this.pool, Long.MAX_VALUE, null, false, this.quota,
					() -> new Object())) {
				scope.acquire(1000);
			}
		}
		assertThat(this.quota.size()).isZero();
	}

	@Test
	void largestKeysAreListedFirst() {
		for (int i = 1; i <= 20; i++) {
			open("key " + i).acquire(i * 100);
		}
		QuotaStatistics statistics = this.quota.statistics(2);
		assertThat(statistics.keys()).isEqualTo(20);
		assertThat(statistics.held()).isEqualTo(21_000);
		assertThat(statistics.largest()).containsExactly(new QuotaStatistics.Holding("key 20", 2000, 1),
				new QuotaStatistics.Holding("key 19", 1900, 1));
	}

	@Test
	void quotaHoldsAtEveryInstantWithManyThreadsAndIsExactAtRest() throws Exception {
		int threads = 8;
		AtomicLong[] lent = { new AtomicLong(), new AtomicLong() };
		List<Long> left = Together.call(threads, (thread) -> use(lent[thread % 2], "key " + thread % 2));
		assertThat(held()).isEqualTo(left.stream().mapToLong(Long::longValue).sum());
		assertThat(this.quota.refusals()).isPositive();
	}

	// Returns what is held at the end
	private long use(AtomicLong lent, String key) {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		BufferScope scope = BufferScopes.open(this.pool, Long.MAX_VALUE, null, false, this.quota, () -> key);
		long held = 0;
		for (int i = 0; i < 3000; i++) {
			int size = random.nextInt(1, 60_000);
			try {
				PooledBuffer buffer = scope.acquire(size);
				// After it is counted, until before it is not
				assertThat(lent.addAndGet(size)).isLessThanOrEqualTo(LIMIT);
				held += size;
				if (random.nextBoolean()) {
					lent.addAndGet(-size);
					held -= size;
					buffer.release();
				}
			}
			catch (QuotaExceededException | SizeLimitExceededException ex) {
				lent.addAndGet(-held);
				held = 0;
				scope.close();
				scope = BufferScopes.open(this.pool, Long.MAX_VALUE, null, false, this.quota, () -> key);
			}
		}
		synchronized (this.scopes) {
			this.scopes.add(scope);
		}
		return held;
	}

}
