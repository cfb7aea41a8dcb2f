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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Memory that cannot be freed at once, and what other threads do at the worst moment:
 * while the task frees memory, in its thread.
 */
final class PendingModel implements Callable<Void> {

	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(Integer.getInteger("patience", 20));

	private final AtomicInteger told = new AtomicInteger();

	@Override
	public Void call() throws Exception {
		memoryInUseIsFreedOnceItIsNot();
		memoryInDoubtIsNotFreedWhileAViewIsReachable();
		eachCallIsToldOnce();
		memoryThatIsFreedWhileTheTaskEndsHasATask();
		memoryThatIsMissedWhileTheTaskEndsHasATask();
		return null;
	}

	private void memoryInUseIsFreedOnceItIsNot() throws InterruptedException {
		Piece piece = new Piece();
		piece.inUse = true;
		piece.free(false, this.told::incrementAndGet);
		piece.awaitAttempts(3);
		assertThat(this.told).as("told while the memory is in use").hasValue(0);
		piece.inUse = false;
		awaitTold(1);
		assertThat(piece.freed).hasValue(1);
	}

	private void memoryInDoubtIsNotFreedWhileAViewIsReachable() throws InterruptedException {
		Piece piece = new Piece();
		piece.free(true, this.told::incrementAndGet);
		piece.free(false, this.told::incrementAndGet);
		assertThat(piece.finish()).isFalse();
		assertThat(piece.freed).as("freed with a view of it").hasValue(0);
		piece.views = null;
		piece.enqueue();
		awaitTold(2);
		assertThat(piece.freed).hasValue(1);
	}

	private void eachCallIsToldOnce() throws InterruptedException {
		Piece piece = new Piece();
		piece.inUse = true;
		for (int i = 0; i < 3; i++) {
			piece.free(false, this.told::incrementAndGet);
		}
		piece.inUse = false;
		awaitTold(3);
		piece.free(false, this.told::incrementAndGet);
		awaitTold(1);
		assertThat(piece.finish()).isTrue();
		assertThat(piece.freed).hasValue(1);
	}

	private void memoryThatIsFreedWhileTheTaskEndsHasATask() throws InterruptedException {
		Piece next = new Piece();
		next.inUse = true;
		Piece last = new Piece();
		last.whenFreed = () -> next.free(false, this.told::incrementAndGet);
		freeLater(last);
		next.awaitAttempts(2);
		next.inUse = false;
		awaitTold(2);
	}

	private void memoryThatIsMissedWhileTheTaskEndsHasATask() throws InterruptedException {
		Piece missed = new Piece();
		missed.inUse = true;
		missed.overflows = true;
		Piece last = new Piece();
		last.whenFreed = () -> {
			try {
				missed.free(false, this.told::incrementAndGet);
			}
			catch (StackOverflowError ex) {
				// In the thread that frees it
				missed.overflows = false;
				missed.inUse = false;
			}
		};
		freeLater(last);
		awaitTold(2);
	}

	private void freeLater(Piece piece) {
		piece.inUse = true;
		piece.free(false, this.told::incrementAndGet);
		piece.inUse = false;
	}

	private void awaitTold(int times) throws InterruptedException {
		await(() -> this.told.get() >= times);
		assertThat(this.told.getAndSet(0)).as("calls that are told that the memory is gone").isEqualTo(times);
	}

	private static void await(Condition condition) throws InterruptedException {
		long end = System.nanoTime() + PATIENCE;
		while (!condition.holds()) {
			assertThat(System.nanoTime()).as("time until the task has done it").isLessThan(end);
			Thread.sleep(1);
		}
	}

	private interface Condition {

		boolean holds();

	}

	/**
	 * Memory that a call of the operating system uses, or not.
	 */
	private static final class Piece extends NativeRemains {

		private final AtomicInteger attempts = new AtomicInteger();

		private final AtomicInteger freed = new AtomicInteger();

		private @Nullable List<ByteBuffer> views;

		private volatile boolean inUse;

		private volatile boolean overflows;

		private volatile Runnable whenFreed = () -> {
		};

		Piece() {
			this(ByteBuffer.allocate(1));
		}

		private Piece(ByteBuffer root) {
			super(root);
			this.views = new ArrayList<>(List.of(root));
		}

		@Override
		boolean tryFree() {
			this.attempts.incrementAndGet();
			if (this.overflows) {
				throw new StackOverflowError();
			}
			if (this.inUse) {
				return false;
			}
			this.freed.incrementAndGet();
			this.whenFreed.run();
			return true;
		}

		void awaitAttempts(int more) throws InterruptedException {
			int before = this.attempts.get();
			await(() -> this.attempts.get() >= before + more);
		}

	}

}
