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

package io.mempool.engine;

/**
 * Decides when the {@code max-idle} of a tier grows. Guarded by the lock of the budget.
 */
final class IdleGrowth {

	/*
	 * A block that is discarded because the tier is full is a loss only if a later
	 * request needs it. Such a request finds every place taken, and creates a block that
	 * was there before. Each of them lets the tier keep one block more at the next return
	 * that finds it full. So the tier keeps as many blocks as are used at once time and
	 * again, and a burst that happens once leaves nothing behind.
	 *
	 * Both happen with the lock held, and off the hit path.
	 */

	// 0 if max-idle is fixed
	@LockHeld
	private int limit;

	// Blocks that were discarded because the tier was full, and not needed since
	@LockHeld
	private int discarded;

	// Blocks that were needed since
	@LockHeld
	private int missed;

	/**
	 * Let {@code max-idle} grow.
	 * @param limit up to which number, {@code 0} if it is fixed
	 */
	@LockHeld
	void limit(int limit) {
		this.limit = limit;
	}

	/**
	 * Note that a block was created while every place was taken.
	 */
	@LockHeld
	void missed() {
		if (this.discarded > 0) {
			this.discarded--;
			this.missed++;
		}
	}

	/**
	 * Return whether a returning block is worth one place more.
	 * @param maxIdle the present number of places
	 * @return {@code false} to discard the block
	 */
	@LockHeld
	boolean grows(int maxIdle) {
		if (maxIdle >= this.limit) {
			return false;
		}
		if (this.missed > 0) {
			this.missed--;
			return true;
		}
		this.discarded = Math.min(this.discarded + 1, this.limit);
		return false;
	}

}
