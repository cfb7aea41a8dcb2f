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
 * Leases one of two blocks, now this one, now that, while another thread looks for an
 * idle one: at any time there is one, until that thread has it.
 */
final class Alternation {

	// The other thread may be descheduled
	private static final int LONGEST = 10_000;

	private StressLease leased;

	private StressBlock idle;

	private volatile boolean begun;

	private volatile boolean over;

	/**
	 * Create an alternation.
	 * @param leased a lease of one of the blocks
	 * @param idle the other block
	 */
	Alternation(StressLease leased, StressBlock idle) {
		this.leased = leased;
		this.idle = idle;
	}

	/**
	 * Alternate until another thread {@linkplain #end ends} it or has taken a block.
	 */
	void run() {
		this.begun = true;
		for (int i = 0; i < LONGEST && !this.over; i++) {
			this.leased.end();
			StressLease next = StressTier.claim(this.idle);
			if (next == null) {
				return;
			}
			this.idle = this.leased.block();
			this.leased = next;
		}
	}

	void awaitBegin() {
		while (!this.begun) {
			Thread.onSpinWait();
		}
	}

	void end() {
		this.over = true;
	}

}
