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

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives idle memory of several pools back, as much as is needed: what has been idle
 * longest first, and of that the largest blocks.
 * <p>
 * Called by one thread.
 */
public final class Relief {

	/*
	 * Order. Memory is idle longest if no acquire has touched it since the last look,
	 * which is after each collection. A block costs no more than one field, and an
	 * acquire nothing. Such memory goes first, of all pools: a block that is in use again
	 * and again would be created anew at once. Then come all others. Among each, tiers
	 * with larger blocks come first, so that few blocks suffice.
	 *
	 * Weight. A block counts for what the heap gets back, as limits count it. Of a slab,
	 * that is nothing until the last block leaves. So its blocks go only if all of them
	 * may (see Account.relieve).
	 *
	 * Objects. How much an object weighs is unknown, so that none can be enough. They go
	 * only if the memory of all pools does not suffice: first those that no acquire has
	 * touched since the last look, and when there are none, all that are idle.
	 *
	 * Preallocated blocks have no privilege. They are a promise of speed, and the next
	 * acquire creates them again. A full heap may end the application.
	 *
	 * Locks. Each step takes the lock of one budget and leaves a consistent pool behind.
	 * Threads acquire and return meanwhile, so that steps may find more or less than is
	 * idle at the end. No step holds two locks.
	 */

	private final List<Account> accounts;

	/**
	 * Create a relief.
	 * @param accounts the accounts of the pools. Those outside of the heap, and closed
	 * ones, give nothing
	 */
	public Relief(Collection<Account> accounts) {
		this.accounts = accounts.stream().filter(Account::isOnHeap).toList();
	}

	/**
	 * Look at all blocks, so that the next relief knows which were idle since.
	 */
	public void look() {
		this.accounts.forEach(Account::look);
	}

	/**
	 * Give idle memory back.
	 * @param bytes how much is enough, {@code 0} to go all ways and give nothing
	 * @return how much each pool gave back, in bytes or objects; those that gave any
	 */
	public Map<Account, Long> give(long bytes) {
		Map<Account, Long> given = new LinkedHashMap<>();
		List<Step> steps = steps();
		long open = take(steps, bytes, true, given);
		open = take(steps, open, false, given);
		if (open > 0 && giveObjects(true, given) == 0) {
			giveObjects(false, given);
		}
		return given;
	}

	private static long take(List<Step> steps, long bytes, boolean untouched, Map<Account, Long> given) {
		long open = bytes;
		for (Step step : steps) {
			if (open > 0 || bytes == 0) {
				open -= step.take(open, untouched, given);
			}
		}
		return open;
	}

	private List<Step> steps() {
		List<Step> steps = new ArrayList<>();
		for (Account account : this.accounts) {
			if (account.countsBytes()) {
				account.capacities().forEach((capacity) -> steps.add(new Step(account, capacity)));
			}
		}
		steps.sort(Comparator.comparingInt(Step::capacity).reversed());
		return steps;
	}

	private long giveObjects(boolean untouched, Map<Account, Long> given) {
		long sum = 0;
		for (Account account : this.accounts) {
			if (!account.countsBytes()) {
				for (int capacity : account.capacities()) {
					sum += new Step(account, capacity).take(Long.MAX_VALUE, untouched, given);
				}
			}
		}
		return sum;
	}

	/**
	 * A tier that may give memory back.
	 */
	private record Step(Account account, int capacity) {

		long take(long bytes, boolean untouched, Map<Account, Long> given) {
			long taken = this.account.relieve(this.capacity, bytes, untouched);
			if (taken > 0) {
				given.merge(this.account, taken, Long::sum);
			}
			return taken;
		}

	}

}
