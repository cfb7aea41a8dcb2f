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

package io.mempool.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs something in several threads that start at the same time, and fails as they fail.
 */
public final class Together {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private Together() {
	}

	/**
	 * Run one task in several platform threads at once.
	 */
	public static void run(int threads, Task task) throws Exception {
		call(threads, (thread) -> {
			task.run(thread);
			return thread;
		});
	}

	/**
	 * Run one function in several platform threads at once and collect the results.
	 */
	public static <T> List<T> call(int threads, Work<T> work) throws Exception {
		return call(Executors.newFixedThreadPool(threads), threads, work);
	}

	/**
	 * Run one task in several virtual threads at once, if this runtime has them.
	 */
	public static void runVirtual(int threads, Task task) throws Exception {
		ExecutorService executor = (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor")
			.invoke(null);
		call(executor, threads, (thread) -> {
			task.run(thread);
			return thread;
		});
	}

	private static <T> List<T> call(ExecutorService executor, int threads, Work<T> work) throws Exception {
		CyclicBarrier start = new CyclicBarrier(threads);
		try {
			List<Future<T>> futures = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				int thread = i;
				Callable<T> callable = () -> {
					await(start);
					return work.call(thread);
				};
				futures.add(executor.submit(callable));
			}
			long end = System.nanoTime() + PATIENCE.toNanos();
			List<T> results = new ArrayList<>();
			for (Future<T> future : futures) {
				results.add(get(future, end - System.nanoTime()));
			}
			return results;
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static <T> T get(Future<T> future, long nanos) throws Exception {
		try {
			return future.get(nanos, TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			throw new AssertionError("A thread was not done after " + PATIENCE, ex);
		}
		catch (ExecutionException ex) {
			throw new AssertionError("A thread failed: " + ex.getCause(), ex.getCause());
		}
	}

	private static void await(CyclicBarrier barrier) throws InterruptedException, BrokenBarrierException {
		barrier.await();
	}

	/**
	 * What one thread does.
	 */
	@FunctionalInterface
	public interface Task {

		/**
		 * Do it.
		 */
		void run(int thread) throws Exception;

	}

	/**
	 * What one thread computes.
	 */
	@FunctionalInterface
	public interface Work<T> {

		/**
		 * Compute it.
		 */
		T call(int thread) throws Exception;

	}

}
