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

package io.mempool.errors;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferPoolBuilder;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.PoolStatistics;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.Leak;
import io.mempool.core.LeakDetection;
import io.mempool.core.PoolListener;
import io.mempool.core.Protection;
import io.mempool.core.TierStatistics;
import io.mempool.object.ObjectPool;
import io.mempool.object.PooledObject;
import io.mempool.scope.BufferScope;
import org.jspecify.annotations.Nullable;

/**
 * Pools that an operation is tried on while errors happen, and what the operation holds.
 */
final class ErrorSubject {

	/**
	 * For how many seconds to wait for what must happen.
	 */
	static final long PATIENCE = Long.getLong("patience", 20);

	static final int CARVED = 600_000;

	private static final PoolListener LISTENER = new PoolListener() {
	};

	final MemoryKind memory;

	final BufferPool pool;

	final BufferPool capped;

	final BufferPool waiting;

	final BufferPool noted;

	/**
	 * Whose blocks are parts of slabs, in a heap of regions of 1 MiB.
	 */
	final BufferPool carved;

	/**
	 * Whose only idle block is always in quarantine.
	 */
	final BufferPool quarantined;

	final ObjectPool<StringBuilder> objects;

	/**
	 * Whose max-idle grows.
	 */
	final ObjectPool<StringBuilder> growing;

	@Nullable BufferPool other;

	@Nullable PooledBuffer held;

	@Nullable PooledBuffer first;

	@Nullable PooledBuffer second;

	@Nullable PooledObject<StringBuilder> object;

	final List<PooledObject<StringBuilder>> moreObjects = new ArrayList<>();

	@Nullable BufferScope scope;

	final List<PooledBuffer> more = new ArrayList<>();

	int round;

	ErrorSubject(MemoryKind memory) {
		this.memory = memory;
		this.pool = builder("plain").build();
		this.capped = builder("capped").caps(new Caps(1, 1, 0)).policy(ExhaustionPolicy.FAIL).build();
		this.waiting = builder("waiting").caps(new Caps(1, 1, 0))
			.policy(ExhaustionPolicy.WAIT)
			.maxWait(Duration.ofMillis(2))
			.build();
		this.noted = builder("noted").leakDetection(LeakDetection.PARANOID).build();
		this.carved = builder("carved").tiers(CARVED).caps(Caps.ofIdle(2)).build();
		this.quarantined = builder("quarantined").caps(new Caps(1, 1, 0)).protection(Protection.QUARANTINE).build();
		this.objects = ObjectPool.builder("objects", StringBuilder::new)
			.reset((builder) -> builder.setLength(0))
			.validation((builder) -> builder.length() == 0)
			.destroy((builder) -> builder.append("destroyed"))
			.leakListener(ErrorSubject::ignore)
			.build();
		this.growing = ObjectPool.builder("growing", StringBuilder::new).leakListener(ErrorSubject::ignore).build();
		this.pool.addListener(LISTENER);
		this.capped.addListener(LISTENER);
		this.objects.addListener(LISTENER);
	}

	BufferPoolBuilder builder(String name) {
		return BufferPool.builder(name)
			.memory(this.memory)
			.tiers(64, 256)
			.caps(Caps.ofIdle(4))
			.limit(1 << 26)
			.leakListener(ErrorSubject::ignore);
	}

	private static void ignore(Leak leak) {
	}

	/**
	 * Give back what an operation holds, as its user would.
	 */
	void giveBack() {
		close(this.first);
		close(this.second);
		close(this.held);
		this.more.forEach(ErrorSubject::close);
		close(this.object);
		this.moreObjects.forEach(ErrorSubject::close);
		close(this.scope);
		close(this.other);
		this.first = null;
		this.second = null;
		this.held = null;
		this.more.clear();
		this.moreObjects.clear();
		this.object = null;
		this.scope = null;
		this.other = null;
	}

	private static void close(@Nullable AutoCloseable closeable) {
		try {
			if (closeable != null) {
				closeable.close();
			}
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Acquire and release from every pool, as another thread would.
	 */
	void use() {
		for (BufferPool candidate : List.of(this.pool, this.noted)) {
			candidate.acquire(64).release();
			candidate.acquire(5_000).release();
		}
		this.objects.acquire().release();
	}

	/**
	 * Check that nothing of what operations held is still counted.
	 */
	void checkNothingIsLeft() throws InterruptedException {
		giveBack();
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
		String left = left();
		while (!left.isEmpty() && System.nanoTime() < end) {
			System.gc();
			Thread.sleep(5);
			left = left();
		}
		if (!left.isEmpty()) {
			throw new IllegalStateException("Nothing is held, and yet: " + left);
		}
		try (PooledBuffer all = this.capped.acquire(64)) {
			all.byteBuffer().put(0, (byte) 1);
		}
		try (PooledBuffer all = this.waiting.acquire(64)) {
			all.byteBuffer().put(0, (byte) 1);
		}
	}

	private String left() {
		StringBuilder left = new StringBuilder();
		for (BufferPool candidate : List.of(this.pool, this.capped, this.waiting, this.noted, this.carved,
				this.quarantined)) {
			candidate.trim();
			PoolStatistics statistics = candidate.statistics();
			if (statistics.usedBytes() != 0) {
				left.append(candidate.name()).append(" uses ").append(statistics.usedBytes()).append(" bytes; ");
			}
			statistics.tiers().forEach((tier) -> append(left, candidate.name(), tier));
			append(left, candidate.name(), statistics.beyondTiers());
		}
		this.objects.trim();
		append(left, "objects", this.objects.statistics().tier());
		this.growing.trim();
		append(left, "growing", this.growing.statistics().tier());
		return left.toString();
	}

	private static void append(StringBuilder left, String pool, TierStatistics tier) {
		boolean reconciles = tier.idle() == tier.returned() - tier.discarded() - tier.hits() + tier.preallocated();
		if (tier.leased() != 0 || tier.waiting() != 0 || !reconciles) {
			left.append(pool).append(": ").append(tier).append("; ");
		}
	}

}
