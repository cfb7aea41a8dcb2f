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

package io.mempool.advice;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

import io.mempool.advice.MeasuredCosts.Sample;
import io.mempool.object.CreationCost;
import io.mempool.object.ObjectPool;
import io.mempool.object.PooledObject;

/**
 * Measures leases of a pool of its own beside the creation of a pool's objects.
 */
final class ObjectCostProbe implements CostProbe {

	/*
	 * It is favourable to pooling: the reset hook is not in the lease, since it may do
	 * anything to an object, and what is not in the lease makes no warning.
	 */

	private static final int BATCH = 200;

	private static final int WARM_UPS = 100;

	private final CreationCost cost;

	private final LongSupplier clock;

	private final ObjectPool<Object> pool = ObjectPool.builder("calibration", Object::new).maxIdle(1).build();

	private final AtomicReference<Object> seen = new AtomicReference<>();

	ObjectCostProbe(CreationCost cost, LongSupplier clock) {
		this.cost = cost;
		this.clock = clock;
	}

	@Override
	public void warmUp() {
		for (int i = 0; i < WARM_UPS; i++) {
			measure();
		}
	}

	@Override
	public List<Sample> measure() {
		double lease = (double) lease() / BATCH;
		double creation = (double) this.cost.measure(BATCH, this.clock) / BATCH;
		return List.of(new Sample(1, lease, lease, creation, false));
	}

	private long lease() {
		long begin = this.clock.getAsLong();
		for (int i = 0; i < BATCH; i++) {
			PooledObject<Object> object = this.pool.acquire();
			this.seen.setOpaque(object);
			object.release();
		}
		return this.clock.getAsLong() - begin;
	}

	@Override
	public void close() {
		this.seen.setOpaque(null);
		this.pool.close();
	}

}
