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

import java.time.Duration;

/**
 * Measures how long a tier has been exhausted, and signals whether it is. Guarded by the
 * lock of the budget.
 */
final class Exhaustion {

	private final TierSignals signals;

	@LockHeld
	private boolean lasting;

	@LockHeld
	private long since;

	@LockHeld
	private int size;

	@LockHeld
	private boolean transientAtCap;

	Exhaustion(TierSignals signals) {
		this.signals = signals;
	}

	/**
	 * Record the refusal of a request that may succeed later.
	 * @param size the requested size
	 * @param transientAtCap whether a transient block will do
	 */
	@LockHeld
	void refused(int size, boolean transientAtCap) {
		if (!this.lasting) {
			this.lasting = true;
			this.since = System.nanoTime();
		}
		this.size = size;
		this.transientAtCap = transientAtCap;
		this.signals.signal(TierSignals.EXHAUSTED, true);
	}

	/**
	 * End the exhaustion: a request was admitted, or a block returned.
	 */
	@LockHeld
	void end() {
		this.lasting = false;
		this.signals.signal(TierSignals.EXHAUSTED, false);
	}

	/**
	 * Return how long the exhaustion has lasted.
	 * @param possible whether the request refused last would be admitted now
	 */
	@LockHeld
	Duration lasting(Possibility possible) {
		if (this.lasting && possible.test(this.size, this.transientAtCap)) {
			this.lasting = false;
		}
		return this.lasting ? Duration.ofNanos(System.nanoTime() - this.since) : Duration.ZERO;
	}

	/**
	 * Answers whether a request would be admitted.
	 */
	@FunctionalInterface
	interface Possibility {

		boolean test(int size, boolean transientAtCap);

	}

}
