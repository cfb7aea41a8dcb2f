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
import org.jspecify.annotations.Nullable;

/**
 * Tries every operation with less and less stack, frame by frame: from so little that it
 * cannot begin to so much that it succeeds.
 */
public final class StackErrors implements Callable<Integer> {

	private static final long STACK = 256 * 1024;

	// So many depths in a row without an error, and there will be none
	private static final int ENOUGH = 40;

	// Where the pool provokes the error, one frame is like the next
	private static final int STRIDE = 8;

	private static final int WARM_UP = 3;

	private final ExecutorService others = Executors.newSingleThreadExecutor((task) -> {
		Thread thread = new Thread(task, "other");
		thread.setDaemon(true);
		return thread;
	});

	private int errors;

	private int reached;

	/**
	 * Try all operations.
	 * @return how many errors happened
	 */
	@Override
	public Integer call() throws Exception {
		for (MemoryKind memory : ErrorOperation.memories()) {
			for (ErrorOperation operation : ErrorOperation.all()) {
				int before = this.errors;
				inDeepThread(operation, new ErrorSubject(memory));
				System.out.println(memory + ": " + operation + ": " + (this.errors - before) + " errors");
			}
		}
		return this.errors;
	}

	private void inDeepThread(ErrorOperation operation, ErrorSubject subject) throws Exception {
		@Nullable Throwable[] failure = { null };
		Thread thread = new Thread(null, () -> {
			try {
				tryAtAllDepths(operation, subject);
			}
			catch (Throwable ex) {
				failure[0] = ex;
			}
		}, "deep", STACK);
		thread.setDaemon(true);
		thread.start();
		thread.join(TimeUnit.SECONDS.toMillis(6 * ErrorSubject.PATIENCE));
		if (thread.isAlive()) {
			throw new IllegalStateException(operation + " hangs: " + java.util.Arrays.toString(thread.getStackTrace()));
		}
		if (failure[0] != null) {
			throw new IllegalStateException(operation + " of " + subject.memory + " memory fails", failure[0]);
		}
	}

	private void tryAtAllDepths(ErrorOperation operation, ErrorSubject subject) throws Exception {
		for (int i = 0; i < WARM_UP; i++) {
			subject.round = i;
			operation.before().accept(subject);
			operation.action().accept(subject);
			subject.giveBack();
		}
		int successes = 0;
		int stride = 1;
		for (int frames = 0; successes < ENOUGH; frames += stride) {
			subject.round++;
			operation.before().accept(subject);
			StackOverflowError error = tryAt(operation, subject, frames);
			successes = (error != null) ? 0 : successes + 1;
			this.errors += (error != null) ? 1 : 0;
			subject.giveBack();
			checkOthers(subject);
			boolean provoked = error != null && isProvoked(error);
			if (stride > 1 && !provoked) {
				// Some were left out
				frames -= stride;
			}
			stride = provoked ? STRIDE : 1;
		}
		subject.checkNothingIsLeft();
	}

	private static boolean isProvoked(StackOverflowError error) {
		StackTraceElement[] trace = error.getStackTrace();
		return trace.length > 0 && trace[0].getClassName().equals("io.mempool.engine.StackReserve");
	}

	/**
	 * Run the operation so many frames above the end of the stack.
	 */
	private @Nullable StackOverflowError tryAt(ErrorOperation operation, ErrorSubject subject, int frames) {
		try {
			dive(0);
		}
		catch (StackOverflowError ex) {
			// Now it is known how many frames there are
		}
		try {
			descend(Math.max(0, this.reached - frames), operation, subject);
			return null;
		}
		catch (StackOverflowError ex) {
			return ex;
		}
	}

	private void dive(int depth) {
		this.reached = depth;
		dive(depth + 1);
	}

	private void descend(int depth, ErrorOperation operation, ErrorSubject subject) {
		if (depth > 0) {
			descend(depth - 1, operation, subject);
		}
		else {
			operation.action().accept(subject);
		}
	}

	private void checkOthers(ErrorSubject subject) throws Exception {
		try {
			this.others.submit(subject::use).get(ErrorSubject.PATIENCE, TimeUnit.SECONDS);
		}
		catch (TimeoutException ex) {
			throw new IllegalStateException("Another thread can neither acquire nor release", ex);
		}
	}

	/**
	 * Try all operations, in a virtual machine of its own.
	 * @param args none
	 */
	public static void main(String[] args) throws Exception {
		System.out.println(new StackErrors().call() + " errors");
		System.exit(0);
	}

}
