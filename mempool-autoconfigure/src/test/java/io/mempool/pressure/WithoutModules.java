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

import java.util.concurrent.TimeUnit;

import io.mempool.buffer.BufferPool;

/**
 * Uses a pool on a JVM that knows nothing of its collections.
 */
public final class WithoutModules {

	private WithoutModules() {
	}

	public static void main(String[] args) throws InterruptedException {
		try (HeapPressure pressure = HeapPressure.above(90);
				BufferPool pool = BufferPool.builder("uploads").tiers(64).build()) {
			pressure.add(pool);
			pool.acquire(64).release();
			// The thread ends when it has found nothing
			while (Thread.getAllStackTraces()
				.keySet()
				.stream()
				.anyMatch((thread) -> thread.getName().equals("mempool-pressure"))) {
				TimeUnit.MILLISECONDS.sleep(1);
			}
		}
	}

}
