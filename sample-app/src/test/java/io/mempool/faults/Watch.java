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

package io.mempool.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferPoolSettings;
import io.mempool.buffer.PoolStatistics;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.TierStatistics;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * What the server sees of itself while faults are driven at it: a thread looks at caps,
 * limits and budgets all the time, and every owner of memory has its bytes checked.
 */
class Watch implements SmartInitializingSingleton, DisposableBean {

	private static final int COMPLAINTS = 20;

	private final ObjectProvider<BufferPool> pools;

	private final Gates gates = new Gates();

	private final List<String> complaints = new ArrayList<>();

	private final Map<String, Bounds> bounds = new HashMap<>();

	private final Thread sampler = new Thread(this::sample, "sampler");

	private long samples;

	private volatile boolean ended;

	Watch(ObjectProvider<BufferPool> pools) {
		this.pools = pools;
		this.sampler.setDaemon(true);
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.sampler.start();
	}

	@Override
	public void destroy() throws InterruptedException {
		this.ended = true;
		this.sampler.join();
		this.gates.openAll();
	}

	Gates gates() {
		return this.gates;
	}

	/**
	 * Forget what was seen so far.
	 */
	synchronized void begin() {
		this.gates.reset();
		this.complaints.clear();
		this.bounds.clear();
		this.samples = 0;
	}

	synchronized List<String> complaints() {
		return List.copyOf(this.complaints);
	}

	synchronized long samples() {
		return this.samples;
	}

	synchronized void complain(String complaint) {
		if (this.complaints.size() < COMPLAINTS) {
			this.complaints.add(complaint);
		}
	}

	/**
	 * See that memory has nothing of another owner, and write all of it.
	 */
	PooledBuffer stamp(PooledBuffer buffer, long owner) {
		byte[] bytes = buffer.toByteArray();
		for (int i = 0; i < bytes.length; i++) {
			if (bytes[i] != 0) {
				complain("Byte " + i + " of " + buffer + " was that of an owner before");
				break;
			}
		}
		buffer.copyIn(0, Stamp.of(owner, bytes.length));
		return buffer;
	}

	/**
	 * See that no other owner has written to memory.
	 */
	PooledBuffer check(PooledBuffer buffer, long owner) {
		int foreign = Stamp.foreign(owner, buffer.toByteArray());
		if (foreign >= 0) {
			complain("Byte " + foreign + " of " + buffer + " is that of another owner");
		}
		return buffer;
	}

	private void sample() {
		while (!this.ended) {
			this.pools.forEach(this::sample);
			synchronized (this) {
				this.samples++;
			}
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
		}
	}

	private void sample(BufferPool pool) {
		PoolStatistics statistics = pool.statistics();
		synchronized (this) {
			Bounds bounds = this.bounds.computeIfAbsent(pool.name(), (name) -> new Bounds());
			bounds.allow(statistics);
			if (bounds.exceeded(statistics) != null) {
				// A change may have come between the two parts of the look
				bounds.allow(pool.statistics());
				String exceeded = bounds.exceeded(statistics);
				if (exceeded != null) {
					complain(exceeded);
				}
			}
		}
	}

	/**
	 * The largest of the limits that a pool has had since the fault began: after one was
	 * lowered, what is leased may exceed it.
	 */
	private final class Bounds {

		private final Map<Integer, Integer> maxIdle = new HashMap<>();

		private final Map<Integer, Integer> maxTotal = new HashMap<>();

		private long limit;

		private long budget;

		private boolean allocates;

		private void allow(PoolStatistics statistics) {
			BufferPoolSettings settings = statistics.settings();
			this.limit = Math.max(this.limit, settings.limit());
			this.budget = Math.max(this.budget, statistics.budgetBytes());
			this.allocates |= settings.policy() == ExhaustionPolicy.ALLOCATE;
			for (TierStatistics tier : statistics.tiers()) {
				this.maxIdle.merge(tier.size(), tier.caps().maxIdle(), Math::max);
				this.maxTotal.merge(tier.size(), tier.caps().maxTotal(), Math::max);
			}
		}

		private @Nullable String exceeded(PoolStatistics statistics) {
			String pool = statistics.name();
			if (statistics.usedBytes() > this.limit) {
				return statistics.usedBytes() + " bytes of '" + pool + "', its limit is " + this.limit;
			}
			if (statistics.budgetUsedBytes() > this.budget) {
				return statistics.budgetUsedBytes() + " bytes of all pools, the budget of '" + pool + "' is "
						+ this.budget;
			}
			for (TierStatistics tier : statistics.tiers()) {
				String where = " of tier " + tier.size() + " of '" + pool + "'";
				int maxIdle = this.maxIdle.getOrDefault(tier.size(), 0);
				if (tier.idle() > maxIdle) {
					return tier.idle() + " are idle" + where + ", its max-idle is " + maxIdle;
				}
				int maxTotal = this.maxTotal.getOrDefault(tier.size(), 0);
				if (!this.allocates && tier.leased() > maxTotal) {
					return tier.leased() + " are leased" + where + ", its max-total is " + maxTotal;
				}
			}
			return null;
		}

	}

}
