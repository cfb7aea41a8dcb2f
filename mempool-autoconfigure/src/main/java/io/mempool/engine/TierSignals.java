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

import io.mempool.core.LeakDetection;

/**
 * The signals of a tier to threads that claim and return without the lock: one word that
 * they read, and that is written with the lock of the budget held.
 */
abstract class TierSignals {

	// Threads wait for what this tier may release: no claim passes them, and a return
	// wakes them
	static final int AWAITED = 1;

	// At the last look every place held a leased block, and none has returned since
	static final int DRY = 1 << 1;

	// A thread counts idle blocks: no other thread claims meanwhile
	static final int COUNTED = 1 << 2;

	// An acquire failed here, and no block has returned since
	static final int EXHAUSTED = 1 << 3;

	// Some or all leases are noted when they begin
	static final int NOTING = 1 << 4;

	// The ends of leases are noted too
	static final int TRACING = 1 << 5;

	// Released blocks stay out of use for a while: every acquire takes the lock
	static final int QUARANTINED = 1 << 6;

	private volatile int signals;

	final boolean isClaimable() {
		return (this.signals & (AWAITED | DRY | COUNTED | QUARANTINED)) == 0;
	}

	final boolean isReturnAnnounced() {
		return (this.signals & (DRY | AWAITED | EXHAUSTED)) != 0;
	}

	/**
	 * Return whether a return is announced, or the end of a lease noted. One read covers
	 * both rare cases.
	 */
	final boolean isReturnWatched() {
		return (this.signals & (DRY | AWAITED | EXHAUSTED | TRACING)) != 0;
	}

	final boolean isDry() {
		return (this.signals & DRY) != 0;
	}

	final boolean isNoting() {
		return (this.signals & NOTING) != 0;
	}

	final boolean isTracing() {
		return (this.signals & TRACING) != 0;
	}

	// Lock held

	@LockHeld
	final void signal(LeakDetection detection) {
		signal(NOTING, detection.notes());
		signal(TRACING, detection.traces());
	}

	@LockHeld
	final void signal(int signal, boolean on) {
		int signals = on ? (this.signals | signal) : (this.signals & ~signal);
		if (this.signals != signals) {
			this.signals = signals;
		}
	}

}
