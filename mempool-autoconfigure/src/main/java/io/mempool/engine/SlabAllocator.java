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

import org.jspecify.annotations.Nullable;

/**
 * Carves the blocks of one pool from slabs: large pieces of memory that several blocks
 * share. A slab counts against limit and budget as long as it exists.
 * <p>
 * Called with the lock of the budget held, except for {@link #create}. An Error changes
 * nothing.
 */
public interface SlabAllocator {

	/**
	 * Return whether blocks of a size are carved from slabs.
	 * @param size the capacity of a tier
	 * @return {@code false} if each of them has memory of its own
	 */
	boolean carves(int size);

	/**
	 * Carve space from a slab that has a hole for it.
	 * @param size how many bytes
	 * @return the space, or {@code null} if no hole is as large
	 */
	@Nullable Space claim(int size);

	/**
	 * Return the footprint of the smallest slab with space for one block.
	 * @param size how many bytes the block has
	 * @return bytes
	 */
	long least(int size);

	/**
	 * Plan a slab.
	 * @param size how many bytes the first block has
	 * @param available how many bytes it may take, at least {@link #least}
	 * @return the plan, not zero
	 */
	int plan(int size, long available);

	/**
	 * Return the footprint of a slab.
	 * @param plan its plan
	 * @return bytes
	 */
	long footprint(int plan);

	/**
	 * Create a slab. No lock held.
	 * @param plan how it was planned
	 * @return a slab, to be {@linkplain #add added}
	 */
	Object create(int plan);

	/**
	 * Add a slab, and carve the first space from it.
	 * @param slab the slab
	 * @param size how many bytes
	 * @return the space
	 */
	Space add(Object slab, int size);

	/**
	 * Release space.
	 * @param space the space, which is not used again
	 * @param inDoubt whether code without a lease may still use its memory
	 * @return how many bytes limit and budget get back: the footprint of the slab if this
	 * was its last block, else {@code 0}
	 */
	long release(Space space, boolean inDoubt);

	/**
	 * Change the limit that the size of later slabs is a share of.
	 * @param limit bytes, {@link Long#MAX_VALUE} for none
	 */
	void changeLimit(long limit);

	/**
	 * Begin to count idle blocks of the pool.
	 */
	void beginTally();

	/**
	 * The space of one block.
	 */
	interface Space {

		/**
		 * Count it as the space of an idle block.
		 * @return what the eviction of all counted blocks frees: the footprint of the
		 * slab if this was the last of its blocks, else {@code 0}
		 */
		long tally();

		/**
		 * Return whether another space is in the same slab.
		 * @param other the other space
		 * @return whether both are in one slab
		 */
		boolean isBeside(Space other);

		/**
		 * Return whether all blocks of its slab were idle when they were counted.
		 * @return whether to discard them gives memory back
		 */
		boolean isSlabIdle();

	}

}
