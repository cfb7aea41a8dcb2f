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


import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;

/**
 * Prints the microseconds of the first acquire and the first release of 1 MiB.
 */
final class FirstRelease {

	private static final int SIZE = 1 << 20;

	public static void main(String[] args) {
		BufferPool pool = BufferPool.builder("uploads").tiers(SIZE).build();
		long begin = System.nanoTime();
		PooledBuffer buffer = pool.acquire(SIZE);
		long acquired = System.nanoTime();
		buffer.release();
		System.out.println((acquired - begin) / 1000 + " " + (System.nanoTime() - acquired) / 1000);
	}

}
