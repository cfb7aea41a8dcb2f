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

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

import io.mempool.core.LeaseException;
import io.mempool.testing.Thing;
import io.mempool.testing.Together;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Owner 1 releases, owner 2 acquires the same object, owner 1 releases again, owner 3
 * acquires: owners 2 and 3 must not share it. With a reset hook and without, as the ways
 * home differ.
 */
@ParameterizedClass
@ValueSource(booleans = { false, true })
class StaleObjectTests {

	private static final int ROUNDS = 4000;

	private final ObjectPoolBuilder<Thing> builder = ObjectPool.builder("things", new Thing.Factory());

	private final ObjectPool<Thing> pool;

	StaleObjectTests(boolean resets) {
		if (resets) {
			this.builder.reset(Thing::reset);
		}
		this.pool = this.builder.maxIdle(2).build();
	}

	@Test
	void ownersTwoAndThreeDoNotShare() {
		PooledObject<Thing> first = this.pool.acquire();
		Thing thing = first.get();
		first.release();
		PooledObject<Thing> second = this.pool.acquire();
		assertThat(second.get()).isSameAs(thing);
		assertThatExceptionOfType(LeaseException.class).isThrownBy(first::release);
		PooledObject<Thing> third = this.pool.acquire();
		assertThat(third.get()).isNotSameAs(second.get());
		assertThat(this.pool.statistics().doubleReleases()).isEqualTo(1);
	}

	@Test
	void deadHandleNamesPoolAndRemedy() {
		PooledObject<Thing> lease = this.pool.acquire();
		lease.release();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(lease::get)
			.withMessageStartingWith("Cannot use an object of pool 'things': it was released before")
			.withMessageEndingWith("acquire another one");
		assertThatExceptionOfType(LeaseException.class).isThrownBy(lease::release)
			.withMessageStartingWith("Cannot release an object of pool 'things'");
		assertThatExceptionOfType(LeaseException.class).isThrownBy(lease::discard)
			.withMessageStartingWith("Cannot discard an object of pool 'things'");
		assertThat(this.pool.statistics().doubleReleases()).isEqualTo(2);
	}

	@Test
	void closeIsIdempotentAndHarmsNoOtherOwner() {
		PooledObject<Thing> first = this.pool.acquire();
		first.close();
		first.close();
		PooledObject<Thing> second = this.pool.acquire();
		first.close();
		assertThat(second.isAlive()).isTrue();
		assertThat(this.pool.statistics().doubleReleases()).isZero();
		assertThat(this.pool.statistics().returned()).isEqualTo(1);
	}

	@Test
	void exactlyOneOfTwoThreadsReleases() throws Exception {
		ObjectPool<Thing> many = this.builder.maxIdle(ROUNDS).build();
		@SuppressWarnings({ "unchecked", "rawtypes" })
		PooledObject<Thing>[] leases = new PooledObject[ROUNDS];
		Arrays.setAll(leases, (i) -> many.acquire());
		AtomicInteger refused = new AtomicInteger();
		Together.run(2, (thread) -> {
			for (PooledObject<Thing> lease : leases) {
				try {
					lease.release();
				}
				catch (LeaseException ex) {
					refused.incrementAndGet();
				}
			}
		});
		assertThat(refused).hasValue(ROUNDS);
		assertThat(many.statistics().doubleReleases()).isEqualTo(ROUNDS);
		assertThat(many.statistics().idle()).isEqualTo(ROUNDS);
	}

	@Test
	void staleReleasesOfOneThreadNeverTakeAnObjectFromAnother() throws Exception {
		Together.run(2, (thread) -> {
			for (int i = 0; i < ROUNDS; i++) {
				PooledObject<Thing> lease = this.pool.acquire();
				Thing mine = lease.get();
				int mark = 2 * i + thread + 1;
				mine.mark(mark);
				PooledObject<Thing> next = this.pool.acquire();
				assertThat(next.get()).isNotSameAs(mine);
				assertThat(mine.mark()).isEqualTo(mark);
				lease.release();
				if (thread == 0) {
					assertThatExceptionOfType(LeaseException.class).isThrownBy(lease::release);
				}
				next.release();
			}
		});
		assertThat(this.pool.statistics().doubleReleases()).isEqualTo(ROUNDS);
		assertThat(this.pool.statistics().leased()).isZero();
	}

}
