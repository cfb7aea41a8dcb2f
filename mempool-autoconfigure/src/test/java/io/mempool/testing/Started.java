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

import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Something that runs in a thread of its own, for example an acquire that is expected to
 * wait.
 */
public final class Started<T> {

	private final FutureTask<T> task;

	private final Thread thread;

	private Started(Callable<T> callable) {
		this.task = new FutureTask<>(callable);
		this.thread = new Thread(this.task, "started");
		this.thread.setDaemon(true);
		this.thread.start();
	}

	/**
	 * Start it.
	 */
	public static <T> Started<T> of(Callable<T> callable) {
		return new Started<>(callable);
	}

	/**
	 * Start it, and return when its thread waits for something with a time limit.
	 */
	public static <T> Started<T> andWaiting(Callable<T> callable) throws InterruptedException {
		Started<T> started = new Started<>(callable);
		started.awaitWaiting();
		return started;
	}

	private void awaitWaiting() throws InterruptedException {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
		while (this.thread.getState() != Thread.State.TIMED_WAITING) {
			if (this.task.isDone() || System.nanoTime() > end) {
				throw new AssertionError("Not waiting: " + (this.task.isDone() ? outcome() : this.thread.getState()));
			}
			Thread.sleep(1);
		}
	}

	private Object outcome() {
		try {
			return this.task.get();
		}
		catch (InterruptedException | ExecutionException ex) {
			return ex;
		}
	}

	/**
	 * Interrupt its thread.
	 */
	public Started<T> interrupt() {
		this.thread.interrupt();
		return this;
	}

	/**
	 * Return how often its thread has gone to sleep so far.
	 */
	public long sleeps() {
		return ManagementFactory.getThreadMXBean().getThreadInfo(this.thread.getId()).getWaitedCount();
	}

	/**
	 * Return whether its thread waits for something with a time limit.
	 */
	public boolean isAsleep() {
		return this.thread.getState() == Thread.State.TIMED_WAITING;
	}

	/**
	 * Return whether it has ended.
	 */
	public boolean isDone() {
		return this.task.isDone();
	}

	/**
	 * Wait for its result.
	 */
	public T result() throws Exception {
		try {
			return this.task.get(20, TimeUnit.SECONDS);
		}
		catch (TimeoutException ex) {
			throw new AssertionError("Not done after 20 seconds", ex);
		}
	}

	/**
	 * Wait for what it throws.
	 */
	public Throwable failure() throws Exception {
		try {
			T result = this.task.get(20, TimeUnit.SECONDS);
			throw new AssertionError("Expected to fail, but returned " + result);
		}
		catch (ExecutionException ex) {
			return ex.getCause();
		}
		catch (TimeoutException ex) {
			throw new AssertionError("Not done after 20 seconds", ex);
		}
	}

}
