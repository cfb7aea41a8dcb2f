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

package io.mempool.web;

import java.util.concurrent.atomic.LongAdder;

import io.mempool.scope.ScopeStatistics;

/**
 * Counts scopes as they are opened and as they end. A request without a scope is not
 * counted, and pays nothing.
 */
final class ScopeCounters {

	private final LongAdder opened = new LongAdder();

	private final LongAdder released = new LongAdder();

	private final LongAdder inDoubt = new LongAdder();

	void open() {
		this.opened.increment();
	}

	void end(boolean inDoubt) {
		(inDoubt ? this.inDoubt : this.released).increment();
	}

	ScopeStatistics statistics() {
		// The ended first: each of them was opened before, so that no sum is below theirs
		long released = this.released.sum();
		long inDoubt = this.inDoubt.sum();
		return new ScopeStatistics(released, inDoubt, this.opened.sum() - released - inDoubt);
	}

}
