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

package io.mempool.buffer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolExhaustedException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A program for a JVM with little memory, which pools are allowed to exceed. Prints
 * nothing if all is well.
 */
public final class JvmMemory {

	// When that much is not to be had, there still is memory for small objects
	private static final int SIZE = 4 * 1024 * 1024;

	private final MemoryKind memory;

	private JvmMemory(MemoryKind memory) {
		this.memory = memory;
	}

	public static void main(String[] args) throws Exception {
		new JvmMemory(MemoryKind.valueOf(args[0])).run();
	}

	private BufferPoolBuilder builder(String name) {
		return BufferPool.builder(name)
			.memory(this.memory)
			.budget(BufferPool.budget("mempool.budget", 1L << 40))
			.policy(ExhaustionPolicy.FAIL);
	}

	private void run() throws Exception {
		BufferPool generous = builder("generous").tiers(SIZE).caps(Caps.ofIdle(100)).build();
		BufferPool other = builder("other").tiers(64).build();
		PooledBuffer precious = other.acquire(64);
		byte[] content = new byte[64];
		Arrays.fill(content, (byte) 42);
		precious.copyIn(0, content, 0, 64);
		idleMemoryOfOtherPoolsIsGivenUp(generous);
		List<PooledBuffer> held = new ArrayList<>();
		long exhausted = generous.statistics().tiers().get(0).exhausted();
		PoolExhaustedException refusal = lendAll(generous, held);
		assertThat(refusal).hasCauseInstanceOf(OutOfMemoryError.class)
			.hasMessageContaining("the JVM has no memory for it, also after idle memory of all pools was given up");
		PoolStatistics now = generous.statistics();
		assertThat(now.discardedBy()).containsKey(DiscardReason.NO_MEMORY);
		assertThat(now.tiers().get(0).exhausted()).isEqualTo(exhausted + 1);
		assertThat(now.leased()).isEqualTo(held.size());
		assertThat(now.leasedBytes()).isEqualTo(held.size() * (long) SIZE);
		assertThat(now.usedBytes()).isGreaterThanOrEqualTo(now.leasedBytes());
		// The others go on as if nothing had happened
		assertThat(precious.toByteArray()).isEqualTo(content);
		precious.release();
		other.acquire(64).release();
		held.forEach(PooledBuffer::release);
		assertThat(generous.statistics().leased()).isZero();
		generous.acquire(SIZE).release();
	}

	private void idleMemoryOfOtherPoolsIsGivenUp(BufferPool generous) {
		BufferPool full = builder("full").tiers(SIZE).caps(Caps.ofIdle(100)).build();
		List<PooledBuffer> all = new ArrayList<>();
		List<byte[]> reserve = reserve();
		lendAll(full, all);
		all.forEach(PooledBuffer::release);
		all.clear();
		assertThat(full.statistics().idle()).isGreaterThan(1);
		generous.acquire(SIZE).release();
		List<PooledBuffer> held = new ArrayList<>();
		lendAll(generous, held, reserve);
		assertThat(held).as("lent of what was idle in another pool").hasSizeGreaterThan(4);
		assertThat(full.statistics().discardedBy()).containsKey(DiscardReason.RECLAIMED);
		held.forEach(PooledBuffer::release);
		full.close();
		generous.trim();
	}

	private static PoolExhaustedException lendAll(BufferPool pool, List<PooledBuffer> held) {
		return lendAll(pool, held, reserve());
	}

	// Given up when the heap is full, so that assertions have memory
	private static List<byte[]> reserve() {
		List<byte[]> reserve = new ArrayList<>();
		for (int i = 0; i < 8 * 16; i++) {
			reserve.add(new byte[SIZE / 64]);
		}
		return reserve;
	}

	private static PoolExhaustedException lendAll(BufferPool pool, List<PooledBuffer> held, List<byte[]> reserve) {
		try {
			for (;;) {
				held.add(pool.acquire(pool.maximumSize()));
			}
		}
		catch (PoolExhaustedException ex) {
			reserve.clear();
			return ex;
		}
	}

}
