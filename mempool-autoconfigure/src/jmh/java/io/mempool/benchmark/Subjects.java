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

package io.mempool.benchmark;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferPoolBuilder;
import io.mempool.buffer.Clearing;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.PoolStatistics;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.Caps;
import io.mempool.core.LeakDetection;
import io.mempool.core.Protection;
import io.mempool.engine.Stripes;
import io.mempool.leaks.LeakReports;
import io.mempool.object.ObjectPool;
import io.mempool.object.PooledObject;
import io.mempool.sizes.RecentSizes;
import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.jctools.queues.MpmcArrayQueue;

/**
 * The pool, its peers and the floors, by name.
 */
final class Subjects {

	/**
	 * How many idle buffers a subject keeps, where no shape holds more at once: no
	 * creation is measured.
	 */
	static final int MAX_IDLE = 1024;

	private Subjects() {
	}

	/**
	 * Create a subject.
	 * @param name its name
	 * @param smallest the smallest size that needs a tier of its own
	 * @param size the largest size that will be asked for
	 * @param maxIdle how many idle buffers it keeps
	 * @return a new subject
	 */
	static Subject create(String name, int smallest, int size, int maxIdle) throws Exception {
		return switch (name) {
			case "mempool" -> new OurPool(heap(smallest, size, maxIdle).build());
			case "mempool-off-heap" -> new OurPool(heap(smallest, size, maxIdle).memory(MemoryKind.OFF_HEAP).build());
			case "mempool-clearing" -> new OurPool(heap(smallest, size, maxIdle).clearing(Clearing.ON_RELEASE).build());
			case "mempool-view" -> viewed(size, MemoryKind.HEAP, Protection.STANDARD);
			case "mempool-quarantine" -> viewed(size, MemoryKind.HEAP, Protection.QUARANTINE);
			case "mempool-off-heap-view" -> viewed(size, MemoryKind.OFF_HEAP, Protection.STANDARD);
			case "mempool-revoke" -> viewed(size, MemoryKind.OFF_HEAP, Protection.REVOKE);
			case "mempool-unrecorded" ->
				new OurPool(heap(smallest, size, maxIdle).recentSizes(new Unrecorded()).build());
			case "mempool-counting" -> new OurPool(heap(smallest, size, maxIdle).recentSizes(new Counting()).build());
			case "mempool-leak-detection" ->
				new OurPool(heap(smallest, size, maxIdle).leakDetection(LeakDetection.SIMPLE)
					.leakListener(new LeakReports())
					.build());
			case "mempool-objects" -> new OurObjects(size, maxIdle);
			case "netty-adaptive", "netty-adaptive-fast-threads" ->
				new Netty(new AdaptiveByteBufAllocator(false), false);
			case "netty-adaptive-direct" -> new Netty(new AdaptiveByteBufAllocator(true), true);
			case "netty-pooled", "netty-pooled-fast-threads" -> new Netty(new PooledByteBufAllocator(false), false);
			case "netty-pooled-direct" -> new Netty(new PooledByteBufAllocator(true), true);
			case "jetty" -> new Jetty(false, maxIdle);
			case "jetty-direct" -> new Jetty(true, maxIdle);
			case "stormpot" -> (Subject) Class.forName("io.mempool.benchmark.Stormpot")
				.getDeclaredConstructor(int.class)
				.newInstance(size);
			case "commons-pool2" -> new CommonsPool(size, maxIdle);
			case "jctools-mpmc" -> new QueueOfArrays(new MpmcArrayQueue<>(maxIdle));
			case "array-blocking-queue" -> new QueueOfArrays(new ArrayBlockingQueue<>(maxIdle));
			case "new-array" -> new NewArray();
			case "allocate-direct" -> new AllocateDirect();
			case "floor-exchange" -> new ExchangeFloor(size);
			case "floor-sound" -> new SoundFloor(size);
			case "floor-ring" -> new RingFloor(size);
			case "floor-thread-local" -> new ThreadLocalFloor();
			case "nothing" -> Subject.NOTHING;
			default -> throw new IllegalArgumentException("No subject is called '" + name + "'");
		};
	}

	/**
	 * A pool of this project.
	 */
	static BufferPool pool(int size) {
		return heap(size, size, MAX_IDLE).build();
	}

	private static BufferPoolBuilder heap(int smallest, int largest, int maxIdle) {
		return BufferPool.builder("benchmark")
			.clearing(Clearing.NEVER)
			.powersOfTwo(smallest, largest)
			.caps(Caps.ofIdle(maxIdle));
	}

	// As many idle buffers as a pool has by default
	private static Subject viewed(int size, MemoryKind memory, Protection protection) {
		return new Viewed(BufferPool.builder("benchmark").tiers(size).memory(memory).protection(protection).build());
	}

	private record Viewed(BufferPool pool) implements Subject {

		@Override
		public Object acquire(int size) {
			PooledBuffer buffer = this.pool.acquire(size);
			buffer.byteBuffer().put(0, (byte) 1);
			return buffer;
		}

		@Override
		public void release(Object handle) {
			((PooledBuffer) handle).release();
		}

		@Override
		public void close() {
			this.pool.close();
		}

	}

	private record OurPool(BufferPool pool) implements Subject {

		@Override
		public Object acquire(int size) {
			return this.pool.acquire(size);
		}

		@Override
		public void release(Object handle) {
			((PooledBuffer) handle).release();
		}

		@Override
		public double hitRate() {
			PoolStatistics statistics = this.pool.statistics();
			return 100.0 * statistics.hits() / (statistics.hits() + statistics.misses());
		}

		@Override
		public void close() {
			this.pool.close();
		}

	}

	/**
	 * Takes the recording of sizes off the hit path.
	 */
	private static final class Unrecorded implements RecentSizes {

		@Override
		public void record(int size) {
			// What this saves is what is measured
		}

		@Override
		public List<Integer> snapshot() {
			return List.of();
		}

	}

	// What tells the least: how often, one number per stripe of threads
	private static final class Counting implements RecentSizes {

		private final int[] counts = new int[(Stripes.COUNT + 1) * ExchangeFloor.STRIDE];

		@Override
		public void record(int size) {
			this.counts[(Stripes.current() + 1) * ExchangeFloor.STRIDE]++;
		}

		@Override
		public List<Integer> snapshot() {
			return List.of();
		}

	}

	private static final class OurObjects implements Subject {

		private final ObjectPool<byte[]> pool;

		OurObjects(int size, int maxIdle) {
			this.pool = ObjectPool.<byte[]>builder("benchmark", () -> new byte[size]).maxIdle(maxIdle).build();
		}

		@Override
		public Object acquire(int size) {
			return this.pool.acquire();
		}

		@Override
		public void release(Object handle) {
			((PooledObject<?>) handle).release();
		}

		@Override
		public void close() {
			this.pool.close();
		}

	}

	private record Netty(ByteBufAllocator allocator, boolean direct) implements Subject {

		@Override
		public Object acquire(int size) {
			return this.direct ? this.allocator.directBuffer(size) : this.allocator.heapBuffer(size);
		}

		@Override
		public void release(Object handle) {
			((ByteBuf) handle).release();
		}

	}

	private static final class Jetty implements Subject {

		private final ArrayByteBufferPool pool;

		private final boolean direct;

		Jetty(boolean direct, int maxIdle) {
			this.pool = new ArrayByteBufferPool(0, 4096, 1024 * 1024, maxIdle);
			this.direct = direct;
		}

		@Override
		public Object acquire(int size) {
			return this.pool.acquire(size, this.direct);
		}

		@Override
		public void release(Object handle) {
			((RetainableByteBuffer) handle).release();
		}

	}

	private static final class CommonsPool implements Subject {

		private final GenericObjectPool<byte[]> pool;

		CommonsPool(int size, int maxIdle) {
			GenericObjectPoolConfig<byte[]> config = new GenericObjectPoolConfig<>();
			config.setMaxIdle(maxIdle);
			config.setMaxTotal(maxIdle);
			config.setJmxEnabled(false);
			this.pool = new GenericObjectPool<>(new BasePooledObjectFactory<>() {

				@Override
				public byte[] create() {
					return new byte[size];
				}

				@Override
				public org.apache.commons.pool2.PooledObject<byte[]> wrap(byte[] array) {
					return new DefaultPooledObject<>(array);
				}

			}, config);
		}

		@Override
		public Object acquire(int size) throws Exception {
			return this.pool.borrowObject();
		}

		@Override
		public void release(Object handle) {
			this.pool.returnObject((byte[]) handle);
		}

		@Override
		public void close() {
			this.pool.close();
		}

	}

	/**
	 * A queue that all threads take from and put to, and nothing else: no handle, no cap,
	 * no figures.
	 */
	private record QueueOfArrays(Queue<byte[]> queue) implements Subject {

		@Override
		public Object acquire(int size) {
			byte[] array = this.queue.poll();
			return (array != null) ? array : new byte[size];
		}

		@Override
		public void release(Object handle) {
			this.queue.offer((byte[]) handle);
		}

	}

	private static final class NewArray implements Subject {

		@Override
		public Object acquire(int size) {
			return new byte[size];
		}

		@Override
		public void release(Object handle) {
			// Left to the collector
		}

	}

	private static final class AllocateDirect implements Subject {

		@Override
		public Object acquire(int size) {
			return ByteBuffer.allocateDirect(size);
		}

		@Override
		public void release(Object handle) {
			// Left to the collector
		}

	}

	/**
	 * One exchange and one release store per pair, on a word of the thread's own: the
	 * least that a pool shared by threads can cost.
	 */
	private static final class ExchangeFloor implements Subject {

		private static final int CELLS = 64;

		private static final int STRIDE = 32;

		private final AtomicReferenceArray<byte[]> cells = new AtomicReferenceArray<>((CELLS + 1) * STRIDE);

		ExchangeFloor(int size) {
			for (int cell = 1; cell <= CELLS; cell++) {
				this.cells.set(cell * STRIDE, new byte[size]);
			}
		}

		private static int cell() {
			return (((int) Thread.currentThread().getId() & (CELLS - 1)) + 1) * STRIDE;
		}

		@Override
		public Object acquire(int size) {
			byte[] array = this.cells.getAndSet(cell(), null);
			return (array != null) ? array : new byte[size];
		}

		@Override
		public void release(Object handle) {
			this.cells.setRelease(cell(), (byte[]) handle);
		}

	}

	/**
	 * One exchange, one compare-and-set back and a fresh handle per pair: the least that
	 * a pool can cost that hands out a new handle each time and lets exactly one of two
	 * racing releases win.
	 */
	private static final class SoundFloor implements Subject {

		private final AtomicLongArray words = new AtomicLongArray((ExchangeFloor.CELLS + 1) * ExchangeFloor.STRIDE);

		private final byte[] array;

		SoundFloor(int size) {
			this.array = new byte[size];
		}

		@Override
		public Object acquire(int size) {
			int cell = ExchangeFloor.cell();
			long version = this.words.getAndSet(cell, -1);
			return new Handle(cell, this.array, version, size);
		}

		@Override
		public void release(Object handle) {
			Handle released = (Handle) handle;
			if (!this.words.compareAndSet(released.cell, -1, released.version + 1)) {
				throw new IllegalStateException("Released before");
			}
		}

		private record Handle(int cell, byte[] array, long version, int size) {

		}

	}

	/**
	 * One compare-and-set each way on the block's own word and a fresh handle, and every
	 * thread its own blocks in turn, so that no thread looks for one: the least that a
	 * sound pool can cost when a thread holds several, or when another releases them.
	 */
	private static final class RingFloor implements Subject {

		private static final int THREADS = 64;

		// More than a thread holds or has on the way
		private static final int BLOCKS = 128;

		private static final int WORDS = 16;

		private final AtomicLongArray words = new AtomicLongArray((THREADS * BLOCKS + 1) * WORDS);

		private final byte[] array;

		// At both ends of what one thread writes there is room to the next line
		private final int[] last = new int[(THREADS + 1) * ExchangeFloor.STRIDE];

		RingFloor(int size) {
			this.array = new byte[size];
		}

		@Override
		public Object acquire(int size) {
			int thread = (int) Thread.currentThread().getId() & (THREADS - 1);
			int next = (thread + 1) * ExchangeFloor.STRIDE;
			for (;;) {
				int last = ++this.last[next];
				int cell = (thread * BLOCKS + (last & (BLOCKS - 1)) + 1) * WORDS;
				long version = this.words.get(cell);
				if ((version & 1) == 0 && this.words.compareAndSet(cell, version, version + 1)) {
					return new SoundFloor.Handle(cell, this.array, version + 1, size);
				}
			}
		}

		@Override
		public void release(Object handle) {
			SoundFloor.Handle released = (SoundFloor.Handle) handle;
			if (!this.words.compareAndSet(released.cell, released.version, released.version + 1)) {
				throw new IllegalStateException("Released before");
			}
		}

	}

	/**
	 * A stack per thread: what a pool costs that never shares anything.
	 */
	private static final class ThreadLocalFloor implements Subject {

		private final ThreadLocal<ArrayDeque<byte[]>> stacks = ThreadLocal.withInitial(ArrayDeque::new);

		@Override
		public Object acquire(int size) {
			byte[] array = this.stacks.get().pollLast();
			return (array != null) ? array : new byte[size];
		}

		@Override
		public void release(Object handle) {
			this.stacks.get().addLast((byte[]) handle);
		}

	}

}
