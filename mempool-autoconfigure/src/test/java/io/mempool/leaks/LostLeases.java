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

package io.mempool.leaks;

import java.time.Duration;

import io.mempool.buffer.BufferPool;
import io.mempool.core.LeakKind;
import io.mempool.object.ObjectPool;

import static org.awaitility.Awaitility.await;

/**
 * Loses leases, and waits until a single collection has found them.
 */
final class LostLeases {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private LostLeases() {
	}

	// In a method of their own, so that no local variable keeps them
	static void lose(BufferPool pool, int size) {
		pool.acquire(size).copyIn(0, new byte[] { 1 }, 0, 1);
	}

	static void lose(ObjectPool<?> pool) {
		pool.acquire().get();
	}

	/**
	 * Collect once, after every lease was seen twice.
	 */
	static void awaitLost(BufferPool pool, long count) {
		pool.statistics();
		pool.statistics();
		System.gc();
		await().atMost(PATIENCE).until(() -> pool.statistics().leaked() >= count);
	}

	static void awaitLost(ObjectPool<?> pool, long count) {
		pool.statistics();
		pool.statistics();
		System.gc();
		await().atMost(PATIENCE).until(() -> pool.statistics().leaked() >= count);
	}

	/**
	 * Collect once, after every lease was seen twice, and wait for the report: the thread
	 * that finds a lease counts it first and reports it then.
	 */
	static void awaitReported(BufferPool pool, LeakReports reports, long count) {
		awaitLost(pool, count);
		awaitReported(reports, pool.name(), count);
	}

	static void awaitReported(ObjectPool<?> pool, LeakReports reports, long count) {
		awaitLost(pool, count);
		awaitReported(reports, pool.name(), count);
	}

	private static void awaitReported(LeakReports reports, String pool, long count) {
		await().atMost(PATIENCE).until(() -> reports.counts(pool).getOrDefault(LeakKind.COLLECTED, 0L) >= count);
	}

}
