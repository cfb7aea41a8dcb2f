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

package io.mempool.core;

import org.jspecify.annotations.Nullable;

/**
 * What is pooled: a piece of memory, or an object. It outlives its leases.
 * <p>
 * While it is leased a block is meant to be reachable through its leases only, so that a
 * lost lease can be noticed. Subclasses must not be reachable from elsewhere.
 */
public abstract class Block {

	// Set once before the block is published
	@Nullable Slot<?> slot;

	@Nullable BlockReference reference;

	/**
	 * Return what gives up the memory that the block holds beyond the heap, should the
	 * block itself be unreachable.
	 * @return the remains, or {@code null} if there is nothing to give up
	 */
	protected @Nullable Remains remains() {
		return null;
	}

}
