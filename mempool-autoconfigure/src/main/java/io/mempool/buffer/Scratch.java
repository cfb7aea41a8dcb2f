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

import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.engine.Account;
import io.mempool.engine.AdmissionPolicy;
import io.mempool.engine.SharedBudget;
import io.mempool.engine.Stripes;
import io.mempool.engine.Tier;

/**
 * A heap array between streams, which accept arrays only, and memory without one. From a
 * tier of its own: a lease does not know the pools that are built on leases.
 */
final class Scratch {

	private static final String NAME = "scratch";

	private static final int SIZE = 64 * 1024;

	private static final Tier<MemoryBlock> TIER = new Tier<>(
			new Account(NAME, SharedBudget.unlimited(), Long.MAX_VALUE), SIZE, Caps.ofIdle(Stripes.COUNT),
			new HeapSource(NAME, Clearing.ON_RELEASE), null);

	private static final AdmissionPolicy ADMISSION = new AdmissionPolicy(ExhaustionPolicy.ALLOCATE,
			AdmissionPolicy.DEFAULT_MAX_WAIT);

	private Scratch() {
	}

	/**
	 * Acquire an array.
	 * @param length how many bytes are useful
	 * @return a buffer with an array, perhaps of fewer bytes
	 */
	static PooledBuffer acquire(int length) {
		int size = Math.min(length, SIZE);
		MemoryBlock block = TIER.claim();
		return new BufferLease((block != null) ? block : ADMISSION.acquire(TIER, size), size);
	}

}
