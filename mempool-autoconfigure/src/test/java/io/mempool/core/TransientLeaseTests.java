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

package io.mempool.core;

import java.util.function.Supplier;
import java.util.stream.Stream;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.object.ObjectPool;
import io.mempool.slice.Slice;
import io.mempool.slice.SlicingAllocator;
import io.mempool.testing.ForeignBuffers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link Lease#isTransient()} of buffers, objects and slices.
 */
class TransientLeaseTests {

	private static final Caps ONE = new Caps(1, 1, 0);

	static Stream<Arguments> transientLeases() {
		BufferPool pool = BufferPool.builder("uploads").tiers(64).build();
		BufferPool full = BufferPool.builder("full").tiers(64).caps(ONE).build();
		BufferPool twin = BufferPool.builder("twin").tiers(64).pooling(false).build();
		ObjectPool<Object> objects = ObjectPool.builder("full-objects", Object::new).maxIdle(1).maxTotal(1).build();
		ObjectPool<Object> objectTwin = ObjectPool.builder("object-twin", Object::new).pooling(false).build();
		return Stream.of(lease("a buffer beyond the tiers", () -> pool.acquire(65)),
				lease("a part of one", () -> partOf(pool.acquire(65))),
				lease("a buffer beyond max-total", () -> second(full.acquire(10), full.acquire(10))),
				lease("a buffer of the unpooled twin", () -> twin.acquire(10)),
				lease("wrapped bytes", () -> PooledBuffer.wrap(new byte[10])),
				lease("an object beyond max-total", () -> second(objects.acquire(), objects.acquire())),
				lease("an object of the unpooled twin", objectTwin::acquire),
				lease("a slice of a buffer beyond the tiers", () -> Slice.of(pool.acquire(65))),
				lease("a slice of wrapped bytes", () -> Slice.wrap(new byte[10])));
	}

	static Stream<Arguments> pooledLeases() {
		BufferPool pool = BufferPool.builder("uploads").tiers(64).build();
		BufferPool unkept = BufferPool.builder("unkept").tiers(64).maxIdle(0).build();
		return Stream.of(lease("a buffer", () -> pool.acquire(64)), lease("a part", () -> partOf(pool.acquire(64))),
				lease("a buffer of a tier that keeps none", () -> unkept.acquire(10)),
				lease("an object", ObjectPool.builder("objects", Object::new).build()::acquire),
				lease("a slice", () -> new SlicingAllocator(pool, 0, 64).allocate(10)),
				lease("another implementation", () -> ForeignBuffers.of(pool.acquire(65))));
	}

	private static Arguments lease(String name, Supplier<Lease> lease) {
		return Arguments.of(name, lease);
	}

	private static PooledBuffer partOf(PooledBuffer whole) {
		try (whole) {
			return whole.slice(1, 2);
		}
	}

	// The first stays open
	private static Lease second(Lease first, Lease second) {
		assertThat(first.isTransient()).isFalse();
		return second;
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("transientLeases")
	void leaseThatNoPoolKeepsIsTransientAlsoAfterItsRelease(String name, Supplier<Lease> leases) {
		Lease lease = leases.get();
		assertThat(lease.isTransient()).isTrue();
		lease.release();
		assertThat(lease.isTransient()).isTrue();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("pooledLeases")
	void leaseThatAPoolMayKeepIsNotTransient(String name, Supplier<Lease> leases) {
		Lease lease = leases.get();
		assertThat(lease.isTransient()).isFalse();
		lease.release();
		assertThat(lease.isTransient()).isFalse();
	}

	@Test
	void closedPoolDoesNotMakeALeaseTransient() {
		BufferPool pool = BufferPool.builder("uploads").tiers(64).build();
		PooledBuffer buffer = pool.acquire(10);
		pool.close();
		assertThat(buffer.isTransient()).isFalse();
		buffer.release();
	}

}
