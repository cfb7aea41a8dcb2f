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

import java.lang.ref.PhantomReference;

import org.jspecify.annotations.Nullable;

/**
 * A pooled piece of memory or object. It outlives its leases.
 * <p>
 * While leased, a block is reachable through its leases only, so that the pool can notice
 * a lost lease. Subclasses must not be reachable from elsewhere.
 */
public abstract class Block {

	// Set once before the block is published
	@Nullable Slot<?> slot;

	// Watches for the loss of the block: see WatchedBlocks
	@Nullable PhantomReference<?> reference;

	/**
	 * Return the off-heap memory of the block, which must be freed even if the block is
	 * unreachable.
	 * @return the memory, or {@code null} if there is none
	 */
	protected @Nullable Remains remains() {
		return null;
	}

	/**
	 * Memory beyond the heap that may outlive its block. It must not refer to the block.
	 * Safe for use by several threads.
	 */
	public interface Remains {

		/**
		 * Free the memory. A second call frees nothing.
		 * @param inDoubt whether the memory may still be in use by code without a lease,
		 * for example through a view that outlives a lost lease
		 * @param gone run exactly once for each call, by any thread, after the memory is
		 * free. Until then limit and budget count it
		 */
		void free(boolean inDoubt, Runnable gone);

		/**
		 * Free the memory of a lease that is open, since its pool was closed. The default
		 * frees it at once. Memory that must not be freed in use waits for the release.
		 */
		default void revoke() {
			free(false, () -> {
			});
		}

	}

}
