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

package io.mempool.actuate.endpoint;

import java.util.ArrayList;
import java.util.List;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/**
 * The last changes of pools, as many as memory is worth: {@value #OF_A_POOL} of one pool
 * and {@value #OF_ALL} of all, the oldest of which goes first. Safe for use by several
 * threads.
 */
final class RecentChanges {

	static final int OF_A_POOL = 20;

	static final int OF_ALL = 200;

	// Oldest first
	@GuardedBy("this")
	private final List<Entry> entries = new ArrayList<>();

	synchronized void add(String pool, ChangeDescriptor change) {
		List<Entry> ofPool = this.entries.stream().filter((entry) -> entry.pool().equals(pool)).toList();
		if (ofPool.size() >= OF_A_POOL) {
			this.entries.remove(ofPool.get(0));
		}
		else if (this.entries.size() >= OF_ALL) {
			this.entries.remove(0);
		}
		this.entries.add(new Entry(pool, change));
	}

	/**
	 * Return the changes of a pool, the last one first.
	 */
	synchronized List<ChangeDescriptor> of(String pool) {
		List<ChangeDescriptor> changes = new ArrayList<>();
		for (Entry entry : this.entries) {
			if (entry.pool().equals(pool)) {
				changes.add(0, entry.change());
			}
		}
		return changes;
	}

	private record Entry(String pool, ChangeDescriptor change) {

	}

}
