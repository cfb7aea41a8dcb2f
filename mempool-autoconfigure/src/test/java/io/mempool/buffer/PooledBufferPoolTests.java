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
import java.util.List;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.testing.Buffers;
import io.mempool.testing.Figures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The pool on the heap.
 */
class PooledBufferPoolTests extends AbstractBufferPoolTests {

	@Override
	BufferPoolBuilder builder() {
		return BufferPool.builder("test");
	}

	@Override
	int capacity(int request, int tier) {
		return (tier != 0) ? tier : request;
	}

	@Override
	long weight(int tier) {
		return Weights.of(tier);
	}

	@Override
	long weightOfTransient(int size) {
		return Weights.ofTransient(size);
	}

	@Override
	Figures afterReturn() {
		return new Figures(0, 1, 1, 0, 1);
	}

	@Override
	Figures afterAcquireAgain() {
		return new Figures(1, 1, 1, 0, 0);
	}

	@Test
	void capOfOneKeepsOneOfTwo() {
		BufferPool pool = builder().powersOfTwo(4, 16).caps(Caps.ofIdle(1)).build();
		PooledBuffer first = pool.acquire(8);
		assertThat(Figures.ofTier(pool, 8)).isEqualTo(new Figures(0, 1, 0, 0, 0));
		first.release();
		PooledBuffer second = pool.acquire(8);
		assertThat(Figures.ofTier(pool, 8)).isEqualTo(new Figures(1, 1, 1, 0, 0));
		PooledBuffer third = pool.acquire(8);
		second.release();
		third.release();
		assertThat(Figures.ofTier(pool, 8)).isEqualTo(new Figures(1, 2, 3, 1, 1));
	}

	@Test
	void capOfZeroKeepsNone() {
		BufferPool pool = builder().tiers(16).caps(Caps.ofIdle(0)).build();
		pool.acquire(16).release();
		pool.acquire(16).release();
		assertThat(Figures.ofTier(pool, 16)).isEqualTo(new Figures(0, 2, 2, 2, 0));
		assertThat(pool.statistics().discardedBy()).containsOnlyKeys(DiscardReason.FULL);
	}

	@Test
	void whatWasReturnedLastIsHandedOutNext() {
		BufferPool pool = builder().tiers(16).caps(Caps.ofIdle(3)).clearing(Clearing.NEVER).build();
		List<PooledBuffer> five = Buffers.acquire(pool, 16, 5);
		for (int i = 0; i < 5; i++) {
			five.get(i).copyIn(0, new byte[] { (byte) (10 + i) }, 0, 1);
		}
		five.forEach(PooledBuffer::release);
		List<Integer> marks = new ArrayList<>();
		List<PooledBuffer> again = Buffers.acquire(pool, 16, 5);
		again.forEach((buffer) -> marks.add((int) buffer.toByteArray()[0]));
		assertThat(marks.get(0)).isEqualTo(12);
		assertThat(marks.subList(1, 3)).containsExactlyInAnyOrder(10, 11);
		assertThat(marks.subList(3, 5)).containsExactly(0, 0);
		assertThat(Figures.ofTier(pool, 16)).isEqualTo(new Figures(3, 7, 5, 2, 0));
		again.forEach(PooledBuffer::release);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 8, 9, 40 })
	void theLastReturnedOfAnyIsTheNext(int count) {
		BufferPool pool = builder().tiers(16).caps(Caps.ofIdle(64)).clearing(Clearing.NEVER).build();
		List<PooledBuffer> buffers = Buffers.acquire(pool, 16, count);
		for (int i = 0; i < count; i++) {
			Buffers.mark(buffers.get(i), i);
		}
		buffers.forEach(PooledBuffer::release);
		for (int i = 0; i < count; i++) {
			List<PooledBuffer> all = Buffers.acquire(pool, 16, count);
			int last = i;
			PooledBuffer released = all.stream().filter((buffer) -> Buffers.markOf(buffer) == last).findAny().get();
			all.stream().filter((buffer) -> buffer != released).forEach(PooledBuffer::release);
			released.release();
			PooledBuffer next = pool.acquire(16);
			assertThat(Buffers.markOf(next)).isEqualTo(last);
			next.release();
		}
		assertThat(pool.statistics().misses()).isEqualTo(count);
	}

	@Test
	void lastReturnedIsTheNextAlsoWhenItHadNoPlace() {
		BufferPool pool = builder().tiers(16).caps(Caps.ofIdle(3)).clearing(Clearing.NEVER).build();
		List<PooledBuffer> buffers = Buffers.acquire(pool, 16, 4);
		Buffers.mark(buffers.get(3), 7);
		buffers.get(1).release();
		buffers.get(3).release();
		PooledBuffer next = pool.acquire(16);
		assertThat(Buffers.markOf(next)).isEqualTo(7);
		next.release();
		List.of(buffers.get(0), buffers.get(2)).forEach(PooledBuffer::release);
	}

	@Test
	void longLeasesKeepNoOtherFromBeingPooled() {
		BufferPool pool = builder().tiers(16).caps(Caps.ofIdle(4)).build();
		List<PooledBuffer> longLeases = Buffers.acquire(pool, 16, 4);
		for (int i = 0; i < 100; i++) {
			Buffers.acquire(pool, 16, 4).forEach(PooledBuffer::release);
		}
		assertThat(pool.statistics().misses()).isEqualTo(8);
		assertThat(pool.statistics().hits()).isEqualTo(396);
		longLeases.forEach(PooledBuffer::release);
		assertThat(Figures.ofTier(pool, 16)).isEqualTo(new Figures(396, 8, 404, 4, 4));
	}

	@Test
	void trimGivesAllIdleMemoryBack() {
		BufferPool pool = builder().tiers(16, 64).build();
		Buffers.acquire(pool, 16, 3).forEach(PooledBuffer::release);
		Buffers.acquire(pool, 64, 2).forEach(PooledBuffer::release);
		PooledBuffer held = pool.acquire(64);
		assertThat(pool.trim()).isEqualTo(3 * weight(16) + weight(64));
		assertThat(pool.statistics().idle()).isZero();
		assertThat(pool.statistics().usedBytes()).isEqualTo(weight(64));
		assertThat(pool.statistics().discardedBy()).containsEntry(DiscardReason.TRIMMED, 4L);
		assertThat(pool.trim()).isZero();
		held.release();
		assertThat(pool.statistics().idle()).isEqualTo(1);
	}

	@Test
	void peakIsTheMostThatWasLeasedAtOnce() {
		BufferPool pool = builder().tiers(16).caps(Caps.ofIdle(2)).build();
		Buffers.acquire(pool, 16, 5).forEach(PooledBuffer::release);
		Buffers.acquire(pool, 16, 2).forEach(PooledBuffer::release);
		assertThat(pool.statistics().peakLeased()).isEqualTo(5);
	}

	@Test
	void peakKnowsOfPreallocatedBuffersOnlyOnceTheyAreUsed() {
		BufferPool pool = builder().tiers(16).caps(new Caps(4, Caps.UNLIMITED, 4)).build();
		assertThat(pool.statistics().peakLeased()).isZero();
		pool.acquire(16).release();
		assertThat(pool.statistics().peakLeased()).isEqualTo(1);
	}

	@Test
	void peakOfPreallocatedBuffersSurvivesTheTrim() {
		BufferPool pool = builder().tiers(16).caps(new Caps(4, Caps.UNLIMITED, 4)).build();
		Buffers.acquire(pool, 16, 3).forEach(PooledBuffer::release);
		pool.trim();
		assertThat(pool.statistics().peakLeased()).isEqualTo(3);
	}

	@Test
	void peakSurvivesTheTrim() {
		BufferPool pool = builder().tiers(16).build();
		Buffers.acquire(pool, 16, 3).forEach(PooledBuffer::release);
		pool.trim();
		assertThat(pool.statistics().peakLeased()).isEqualTo(3);
	}

}
