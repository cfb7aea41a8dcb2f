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

package io.mempool.pressure;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.Caps;
import io.mempool.core.PoolExhaustedException;
import org.jspecify.annotations.Nullable;

/**
 * An application whose live objects grow until the heap is full, as a cache does that is
 * never emptied. Each step keeps a little and drops more, and works with some buffers.
 * Prints how many MiB were live when it failed, or when it made no step for a while.
 * <p>
 * Its memory is {@code none}: unpooled; or {@code off}, {@code on}: of a pool that has
 * idle buffers for half of the heap from a peak before, without and with
 * {@link HeapPressure}.
 */
public final class LiveSet {

	private static final int KIB = 1024;

	private static final int MIB = 1024 * KIB;

	private static final int ROUNDS = 2_000;

	private static final int ENTRY = 1000;

	// With header and reference
	private static final int WEIGHT = 1020;

	private static final int KEPT = 32;

	private static final int DROPPED = 6 * KEPT;

	private static final int LINE = 16;

	private static final int PATIENCE_SECONDS = 20;

	private static final long ONE_SECOND = 1_000_000_000;

	private static final long PAUSE = 1_000_000;

	private static final int[] WORK = { 16 * KIB, 64 * KIB, 64 * KIB };

	private final List<Object> live = new ArrayList<>(MIB);

	private final @Nullable BufferPool pool;

	private volatile @Nullable Object dropped;

	// How many were kept at the last step
	private volatile int kept;

	private LiveSet(String memory) {
		this.pool = memory.equals("none") ? null
				: BufferPool.builder("uploads").tiers(16 * KIB, 64 * KIB, MIB).caps(Caps.ofIdle(10_000)).build();
	}

	public static void main(String[] args) {
		LiveSet application = new LiveSet(args[0]);
		HeapPressure pressure = HeapPressure.above(90);
		BufferPool pool = application.pool;
		if (pool != null) {
			if (args[0].equals("on")) {
				pressure.add(pool);
				application.await("mempool-pressure");
			}
			fill(pool, Runtime.getRuntime().maxMemory() / 2);
		}
		application.endWhenStuck();
		System.out.println(application.grow() / MIB);
		System.exit(0);
	}

	// Parallel may collect without end before it fails. It survives no more then. The
	// thread allocates nothing, as it could not
	private void endWhenStuck() {
		FileOutputStream out = new FileOutputStream(FileDescriptor.out);
		byte[] line = new byte[LINE];
		Thread thread = new Thread(() -> {
			int before = -1;
			for (int still = 0; still < PATIENCE_SECONDS; still++) {
				LockSupport.parkNanos(ONE_SECOND);
				int now = this.kept;
				still = (now != before) ? 0 : still;
				before = now;
			}
			print(bytes(before) / MIB, line, out);
			Runtime.getRuntime().halt(0);
		});
		thread.setDaemon(true);
		thread.start();
	}

	private static void print(long number, byte[] line, FileOutputStream out) {
		int at = line.length - 1;
		line[at] = '\n';
		for (long rest = number; rest > 0; rest /= 10) {
			line[--at] = (byte) ('0' + rest % 10);
		}
		try {
			out.write(line, at, line.length - at);
		}
		catch (IOException ex) {
			// Nothing is left to do
		}
	}

	private static long bytes(int kept) {
		return (long) kept * WEIGHT;
	}

	private static void fill(BufferPool pool, long bytes) {
		List<PooledBuffer> buffers = new ArrayList<>();
		for (int i = 0; pool.statistics().usedBytes() < bytes; i++) {
			buffers.add(pool.acquire((i % 16 == 0) ? MIB : 64 * KIB));
		}
		buffers.forEach(PooledBuffer::release);
	}

	// Until the thread waits for collections, which are young ones by now
	private void await(String thread) {
		while (Thread.getAllStackTraces()
			.keySet()
			.stream()
			.noneMatch((other) -> other.getName().equals(thread) && other.getState() == Thread.State.WAITING)) {
			this.dropped = new byte[MIB / 4];
		}
		for (int i = 0; i < ROUNDS; i++) {
			this.dropped = new byte[MIB / 4];
			Thread.yield();
		}
	}

	private long grow() {
		try {
			for (;;) {
				for (int i = 0; i < KEPT; i++) {
					this.live.add(new byte[ENTRY]);
				}
				for (int i = 0; i < DROPPED; i++) {
					this.dropped = new byte[ENTRY];
				}
				work();
				// A heap fills in seconds, and not within one
				LockSupport.parkNanos(PAUSE);
				this.kept = this.live.size();
			}
		}
		catch (OutOfMemoryError | PoolExhaustedException ex) {
			// What the JVM cannot give, a pool cannot lend
			long bytes = bytes(this.live.size());
			this.live.clear();
			return bytes;
		}
	}

	private void work() {
		for (int size : WORK) {
			if (this.pool != null) {
				this.pool.acquire(size).close();
			}
			else {
				this.dropped = new byte[size];
			}
		}
	}

}
