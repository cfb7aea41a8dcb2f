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

package io.mempool.errors;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.mempool.buffer.MemoryKind;
import io.mempool.core.PoolExhaustedException;

/**
 * Tries every operation with every one of its allocations failing: alone, and together
 * with all that follow.
 */
public final class AllocationErrors implements Callable<Integer> {

	private static final int WARM_UP = 2;

	private final ExecutorService others = Executors.newSingleThreadExecutor((task) -> {
		Thread thread = new Thread(task, "other");
		thread.setDaemon(true);
		return thread;
	});

	private int errors;

	/**
	 * Create a suite whose engine is instrumented.
	 * @return the suite
	 */
	@SuppressWarnings("unchecked")
	public static Callable<Integer> instrumented() throws ReflectiveOperationException {
		return (Callable<Integer>) new AllocationFaultClassLoader().loadClass(AllocationErrors.class.getName())
			.getDeclaredConstructor()
			.newInstance();
	}

	/**
	 * Try all operations.
	 * @return how many errors happened
	 */
	@Override
	public Integer call() throws Exception {
		for (MemoryKind memory : ErrorOperation.memories()) {
			for (ErrorOperation operation : ErrorOperation.all()) {
				int before = this.errors;
				tryWithAllFailures(operation, new ErrorSubject(memory), false);
				tryWithAllFailures(operation, new ErrorSubject(memory), true);
				System.out.println(memory + ": " + operation + ": " + (this.errors - before) + " errors");
			}
		}
		return this.errors;
	}

	private void tryWithAllFailures(ErrorOperation operation, ErrorSubject subject, boolean lasting) throws Exception {
		for (int i = 0; i < WARM_UP; i++) {
			subject.round = i;
			operation.before().accept(subject);
			operation.action().accept(subject);
			subject.giveBack();
		}
		boolean happened = true;
		for (int number = 1; happened; number++) {
			subject.round = number;
			operation.before().accept(subject);
			happened = fails(operation, subject, number, lasting);
			this.errors += happened ? 1 : 0;
			subject.giveBack();
			checkOthers(operation, subject, number);
		}
		try {
			subject.checkNothingIsLeft();
		}
		catch (IllegalStateException ex) {
			throw new IllegalStateException("After '" + operation + "' of " + subject.memory + " memory with "
					+ (lasting ? "lasting" : "single") + " failures", ex);
		}
	}

	private static boolean fails(ErrorOperation operation, ErrorSubject subject, int number, boolean lasting) {
		boolean happened;
		AllocationFaults.begin(number, lasting);
		try {
			operation.action().accept(subject);
		}
		catch (OutOfMemoryError | PoolExhaustedException ex) {
			// Both are what a user may see
		}
		finally {
			happened = AllocationFaults.end();
		}
		return happened;
	}

	private void checkOthers(ErrorOperation operation, ErrorSubject subject, int number) throws Exception {
		try {
			this.others.submit(subject::use).get(ErrorSubject.PATIENCE, TimeUnit.SECONDS);
		}
		catch (TimeoutException ex) {
			throw new IllegalStateException("Another thread can neither acquire nor release after failure " + number
					+ " of '" + operation + "'", ex);
		}
	}

	/**
	 * Try all operations, in a virtual machine of its own.
	 * @param args none
	 */
	public static void main(String[] args) throws Exception {
		System.out.println(instrumented().call() + " errors");
		System.exit(0);
	}

}
