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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.DiscardReason;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolClosedException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.object.ObjectPool;
import io.mempool.object.ObjectPoolStatistics;
import io.mempool.object.PooledObject;
import io.mempool.object.PooledObjectException;
import io.mempool.test.CheckLeases;
import io.mempool.testing.Thing;
import io.mempool.testing.Together;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Pooled objects as part of a {@link BufferScope}.
 */
@CheckLeases(timeout = 0)
class ObjectsOfScopeTests {

	private final BufferPool buffers = BufferPool.builder("buffers").tiers(64).build();

	private final Thing.Factory factory = new Thing.Factory();

	private final List<Integer> resetOrder = new ArrayList<>();

	private final ObjectPool<Thing> pool = ObjectPool.builder("things", this.factory).reset((thing) -> {
		thing.reset();
		this.resetOrder.add(thing.number());
	}).destroy(Thing::destroy).build();

	@Test
	void objectsGoBackAtTheEndNewestFirst() {
		try (BufferScope scope = new BufferScope(this.buffers)) {
			for (int i = 0; i < 20; i++) {
				assertThat(scope.acquire(this.pool).number()).isEqualTo(i);
				scope.acquire(10);
			}
			assertThat(scope.size()).isEqualTo(40);
		}
		assertThat(this.pool.statistics().idle()).isEqualTo(20);
		assertThat(this.buffers.statistics().leased()).isZero();
		assertThat(this.resetOrder).hasSize(20).isSortedAccordingTo((one, other) -> other - one);
	}

	@Test
	void objectsGoBackAlsoWhenTheWorkFails() {
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> {
			try (BufferScope scope = new BufferScope(this.buffers)) {
				scope.acquire(this.pool).mark(5);
				throw new UnsupportedOperationException("as asked");
			}
		});
		assertThat(this.pool.statistics().leased()).isZero();
		try (PooledObject<Thing> next = this.pool.acquire()) {
			assertThat(next.get().mark()).isZero();
		}
	}

	@Test
	void objectsDoNotCountTowardsTheLimitInBytes() {
		try (BufferScope scope = new BufferScope(this.buffers, 10)) {
			scope.acquire(10);
			scope.acquire(this.pool);
			assertThat(scope.remaining()).isZero();
			assertThat(scope.size()).isEqualTo(2);
		}
	}

	@Test
	void abandonedObjectsAreNotUsedAgain() {
		BufferScope scope = new BufferScope(this.buffers);
		Thing thing = scope.acquire(this.pool);
		PooledObject<Thing> released = scope.adopt(this.pool.acquire());
		released.release();
		scope.abandon();
		assertThat(thing.isDestroyed()).isTrue();
		assertThat(this.resetOrder).containsExactly(1);
		assertThat(this.pool.statistics().discardedBy()).containsEntry(DiscardReason.IN_DOUBT, 1L);
		assertThat(this.pool.statistics().idle()).isEqualTo(1);
		assertThat(this.pool.statistics().doubleReleases()).isZero();
	}

	@Test
	void severalObjectsAreAcquiredAtOnce() {
		try (BufferScope scope = new BufferScope(this.buffers)) {
			List<Thing> things = scope.acquire(this.pool, 3);
			assertThat(things).extracting(Thing::number).containsExactly(0, 1, 2);
			assertThat(scope.size()).isEqualTo(3);
			scope.detach(this.pool, things.get(1)).release();
			assertThat(this.pool.statistics().leased()).isEqualTo(2);
		}
		assertThat(this.pool.statistics().leased()).isZero();
		assertThat(this.resetOrder).containsExactly(1, 2, 0);
	}

	@Test
	void noneOfSeveralObjectsIsKeptIfOneCannotBeAcquired() {
		try (BufferScope scope = new BufferScope(this.buffers);
				ObjectPool<Thing> few = ObjectPool.builder("few", this.factory)
					.maxTotal(3)
					.policy(ExhaustionPolicy.FAIL)
					.build()) {
			Thing first = scope.acquire(few);
			assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> scope.acquire(few, 3));
			assertThat(few.statistics().leased()).isOne();
			assertThat(scope.size()).isOne();
			assertThat(scope.acquire(few, 2)).hasSize(2).doesNotContain(first);
		}
	}

	@Test
	void noObjectsAreAnEmptyListAndFewerAreRefused() {
		try (BufferScope scope = new BufferScope(this.buffers)) {
			assertThat(scope.acquire(this.pool, 0)).isEmpty();
			assertThatIllegalArgumentException().isThrownBy(() -> scope.acquire(this.pool, -1))
				.withMessage("Cannot acquire -1 objects from pool 'things': 'count' must not be negative");
		}
	}

	@Test
	void closedScopeAcquiresNoObjects() {
		BufferScope scope = new BufferScope(this.buffers);
		scope.close();
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> scope.acquire(this.pool, 2))
			.withMessageContaining("2 objects");
		assertThat(this.pool.statistics().acquisitions()).isZero();
	}

	@Test
	void scopeNeedsNoPoolOfBuffers() {
		try (BufferScope scope = new BufferScope()) {
			scope.acquire(this.pool);
			scope.acquire(this.buffers, 10);
			scope.outputStream(this.buffers, 0, 100).write(1);
			assertThat(scope.size()).isEqualTo(3);
			assertThat(scope.remaining()).isEqualTo(Long.MAX_VALUE);
		}
		assertThat(this.pool.statistics().leased() + this.buffers.statistics().leased()).isZero();
	}

	@Test
	void scopeWithoutPoolSaysWhatToCall() {
		try (BufferScope scope = new BufferScope()) {
			assertThatIllegalStateException().isThrownBy(() -> scope.acquire(64))
				.withMessage("This scope has no pool of buffers: call acquire(pool, size), or open the scope with "
						+ "new BufferScope(pool)");
			assertThatIllegalStateException().isThrownBy(scope::outputStream)
				.withMessageContaining("outputStream(pool, expected, maximum)");
			assertThat(scope.size()).isZero();
		}
	}

	@Test
	void detachedObjectBelongsToTheCallerThatDetachedIt() {
		PooledObject<Thing> mine;
		try (BufferScope scope = new BufferScope(this.buffers)) {
			scope.acquire(this.pool);
			Thing thing = scope.acquire(this.pool);
			scope.acquire(this.pool);
			mine = scope.detach(this.pool, thing);
			assertThat(mine.get()).isSameAs(thing);
			assertThat(scope.size()).isEqualTo(2);
			assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> scope.detach(this.pool, thing))
				.withMessage("Cannot detach an object of pool 'things' from this scope: it was released, detached "
						+ "before, or acquired elsewhere");
		}
		assertThat(mine.isAlive()).isTrue();
		assertThat(this.pool.statistics().leased()).isEqualTo(1);
		mine.release();
	}

	@Test
	void scopeKeepsNothingOfObjectsThatWereReleasedEarly() {
		try (BufferScope scope = new BufferScope(this.buffers)) {
			for (int i = 0; i < 10_000; i++) {
				scope.detach(this.pool, scope.acquire(this.pool)).release();
				scope.adopt(this.pool.acquire()).release();
			}
			assertThat(scope.size()).isZero();
		}
		assertThat(this.factory.made()).hasSize(1);
	}

	@Test
	void closedScopeTakesNoObject() {
		BufferScope scope = new BufferScope(this.buffers);
		Thing thing = scope.acquire(this.pool);
		PooledObject<Thing> late = this.pool.acquire();
		scope.close();
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> scope.acquire(this.pool))
			.withMessage("Cannot acquire an object through this scope: it is closed, its unit of work has ended");
		assertThat(this.pool.statistics().hits()).as("the pool was not even asked").isZero();
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> scope.adopt(late));
		assertThat(late.isAlive()).as("still its owner's").isTrue();
		late.release();
		assertThat(this.pool.statistics().leased()).isZero();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> scope.detach(this.pool, thing))
			.withMessageContaining("the scope is closed");
	}

	@Test
	void failingResetDoesNotKeepTheOthersFromReturning() {
		ObjectPool<Thing> broken = ObjectPool.builder("broken", this.factory).reset((thing) -> {
			if (thing.mark() == 1) {
				throw new IllegalStateException("stuck");
			}
			if (thing.mark() == 2) {
				throw new StackOverflowError();
			}
		}).destroy(Thing::destroy).build();
		BufferScope scope = new BufferScope(this.buffers);
		scope.acquire(broken);
		PooledBuffer buffer = scope.acquire(10);
		scope.acquire(broken).mark(2);
		scope.acquire(broken).mark(1);
		assertThatExceptionOfType(PooledObjectException.class).isThrownBy(scope::close)
			.withMessageContaining("pool 'broken'")
			.satisfies(
					(ex) -> assertThat(ex.getSuppressed()).hasOnlyElementsOfType(StackOverflowError.class).hasSize(1));
		assertThat(buffer.isAlive()).isFalse();
		assertThat(broken.statistics().leased()).isZero();
		assertThat(broken.statistics().idle()).isEqualTo(1);
		assertThat(this.factory.destroyed()).hasSize(2);
	}

	@Test
	void exhaustedPoolLeavesTheScopeAsItWas() {
		ObjectPool<Thing> small = ObjectPool.builder("small", this.factory)
			.maxTotal(1)
			.policy(ExhaustionPolicy.FAIL)
			.build();
		try (BufferScope scope = new BufferScope(this.buffers)) {
			scope.acquire(small);
			assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> scope.acquire(small));
			assertThat(scope.size()).isEqualTo(1);
		}
		assertThat(small.statistics().idle()).isEqualTo(1);
	}

	// Q1: ten types, hundreds of objects per request

	@Tag("slow")
	@Test
	void twoHundredObjectsOfEachOfTenPoolsPerRequestAreNeverSharedAndAllReturn() throws Exception {
		int threads = 4;
		int requests = 10_000;
		int perPool = 200;
		List<ObjectPool<Owned>> pools = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			pools.add(
					ObjectPool.builder("type-" + i, Owned::new).reset(Owned::reset).maxIdle(threads * perPool).build());
		}
		AtomicInteger failed = new AtomicInteger();
		Together.run(threads, (thread) -> {
			Owned[] mine = new Owned[10 * perPool];
			for (int i = 0; i < requests / threads; i++) {
				int request = 1 + i * threads + thread;
				try (BufferScope scope = new BufferScope(this.buffers)) {
					for (int j = 0; j < mine.length; j++) {
						mine[j] = scope.acquire(pools.get(j % 10));
						mine[j].take(request);
					}
					for (Owned owned : mine) {
						owned.check(request);
					}
					if (request % 3 == 0) {
						throw new UnsupportedOperationException("as asked");
					}
				}
				catch (UnsupportedOperationException ex) {
					failed.incrementAndGet();
				}
			}
		});
		assertThat(failed).hasValue(requests / 3);
		assertThat(pools).allSatisfy((pool) -> {
			ObjectPoolStatistics now = pool.statistics();
			assertThat(now.hits() + now.misses()).isEqualTo((long) requests * perPool);
			assertThat(now.returned()).isEqualTo((long) requests * perPool);
			assertThat(now.leased()).isZero();
			assertThat(now.leaked()).isZero();
			assertThat(now.discarded()).isZero();
			assertThat((long) now.idle()).isEqualTo(now.misses()).isLessThanOrEqualTo(threads * perPool);
		});
	}

	private static final class Owned {

		private int owner;

		void take(int request) {
			if (this.owner != 0) {
				throw new AssertionError("Still has something of request " + this.owner);
			}
			this.owner = request;
		}

		void check(int request) {
			if (this.owner != request) {
				throw new AssertionError("Shared with request " + this.owner);
			}
		}

		void reset() {
			this.owner = 0;
		}

	}

}
