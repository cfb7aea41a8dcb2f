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

import java.util.ArrayList;
import java.util.List;

import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolExhaustedException;

/**
 * A program that lends pages until the budget that off-heap memory has by default is used
 * up. Prints how it ended.
 */
public final class PageAlignedMemory {

	private PageAlignedMemory() {
	}

	public static void main(String[] args) {
		BufferPool pool = BufferPool.builder("pages")
			.memory(MemoryKind.OFF_HEAP)
			.pageAligned(true)
			.tiers(4096)
			.policy(ExhaustionPolicy.FAIL)
			.build();
		List<PooledBuffer> held = new ArrayList<>();
		try {
			for (;;) {
				held.add(pool.acquire(4096));
			}
		}
		catch (PoolExhaustedException ex) {
			System.out.println(ex.getMessage() + " " + ex.getCause() + " after " + held.size());
		}
	}

}
