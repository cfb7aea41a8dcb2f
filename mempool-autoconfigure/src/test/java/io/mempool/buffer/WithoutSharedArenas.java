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

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Uses off-heap memory, if asked for on a runtime whose shared arenas cannot be closed.
 */
public final class WithoutSharedArenas {

	private static final int SIZE = 1 << 20;

	private WithoutSharedArenas() {
	}

	public static void main(String[] args) {
		if (args[0].equals("unsupported")) {
			SharedArenas.areUsable(() -> () -> {
				throw new Error("Support for Arena.ofShared is not active");
			});
		}
		System.out.println("limited by the JVM: " + OffHeapMemory.isLimitedByJvm());
		ByteBuffer view = useAndClose(true);
		try {
			System.out.println("view after close reads " + view.get(0));
		}
		catch (IllegalStateException ex) {
			System.out.println("view after close is revoked");
		}
		// More than the JVM gives at once
		for (int i = 0; i < 64; i++) {
			useAndClose(false);
		}
		System.out.println("done");
	}

	private static ByteBuffer useAndClose(boolean discard) {
		try (BufferPool pool = BufferPool.builder("native")
			.memory(MemoryKind.OFF_HEAP)
			.pageAligned(true)
			.tiers(SIZE)
			.build()) {
			byte[] bytes = new byte[SIZE];
			Arrays.fill(bytes, (byte) 42);
			PooledBuffer first = pool.acquire(SIZE);
			first.copyIn(0, bytes, 0, SIZE);
			first.release();
			PooledBuffer second = pool.acquire(SIZE);
			ByteBuffer view = second.byteBuffer();
			if (view.get(0) != 0 || view.get(SIZE - 1) != 0) {
				throw new IllegalStateException("The content of the first owner is readable");
			}
			if (discard) {
				// Another block: memory in doubt is not freed before its views are gone
				pool.acquire(SIZE).discard();
			}
			second.release();
			pool.trim();
			return view;
		}
	}

}
