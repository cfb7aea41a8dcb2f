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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

import io.mempool.core.ExhaustionPolicy;
import io.mempool.testing.Together;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Counts how many objects are alive at once: made and not yet destroyed. Never more than
 * {@code max-total}, however long it takes to destroy one.
 */
final class ObjectsAlive implements Callable<Void> {

	private static final int MAX_TOTAL = 2;

	private static final int THREADS = 4;

	private static final int ROUNDS = 200;

	private final AtomicInteger alive = new AtomicInteger();

	private final AtomicInteger most = new AtomicInteger();

	private ObjectPoolBuilder<Object> builder() {
		return ObjectPool.builder("things", this::make);
	}

	private Object make() {
		this.most.accumulateAndGet(this.alive.incrementAndGet(), Math::max);
		return new Object();
	}

	@Override
	public Void call() throws Exception {
		nothingIsLentInThePlaceOfAnObjectThatIsBeingDestroyed();
		threadsThatDiscardHaveNoMoreAliveThanMayExist();
		return null;
	}

	void nothingIsLentInThePlaceOfAnObjectThatIsBeingDestroyed() {
		List<ObjectPool<Object>> self = new ArrayList<>();
		List<@Nullable PooledObject<Object>> lent = new ArrayList<>();
		ObjectPool<Object> pool = builder().destroy((thing) -> {
			lent.add(self.get(0).tryAcquire());
			this.alive.decrementAndGet();
		}).maxTotal(1).policy(ExhaustionPolicy.FAIL).build();
		self.add(pool);
		pool.acquire().discard();
		assertThat(lent).as("lent while the only object is being destroyed").hasSize(1).containsOnlyNulls();
		pool.acquire().release();
		pool.trim();
		assertThat(lent).as("lent while the idle object is being destroyed").hasSize(2).containsOnlyNulls();
		assertThat(this.most).hasValue(1);
	}

	void threadsThatDiscardHaveNoMoreAliveThanMayExist() throws Exception {
		ObjectPool<Object> pool = builder().destroy((thing) -> {
			Thread.yield();
			this.alive.decrementAndGet();
		}).maxTotal(MAX_TOTAL).policy(ExhaustionPolicy.WAIT).maxWait(Duration.ofSeconds(20)).build();
		Together.run(THREADS, (thread) -> {
			for (int i = 0; i < ROUNDS; i++) {
				PooledObject<Object> lease = pool.acquire();
				if (i % 3 == 0) {
					lease.release();
				}
				else {
					lease.discard();
				}
			}
		});
		assertThat(this.most).as("objects alive at once").hasValueBetween(1, MAX_TOTAL);
	}

}
