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

/**
 * Keeps the released blocks of one tier out of use for a while, and looks for writes to
 * them. A {@link BlockSource} that has one prepares a block for it when it resets it.
 *
 * @param <B> the kind of block
 * @see io.mempool.core.Protection#QUARANTINE
 */
public interface Quarantine<B extends Block> {

	/**
	 * For how many further releases of its tier a block stays out of use. Fewer if the
	 * tier may have no further block.
	 */
	int RELEASES = 64;

	/**
	 * Return how many blocks were released after an idle one. The lock of the budget is
	 * held.
	 * @param block an idle block
	 * @return the number of releases, {@link Long#MAX_VALUE} if the block was never
	 * leased
	 */
	long releasesAfter(B block);

	/**
	 * Verify that nothing wrote to a block since its reset.
	 * @param block the block, which the caller owns alone
	 * @return {@code false} if something did
	 */
	boolean isIntact(B block);

	/**
	 * End the quarantine of an intact block: make it fit for its next owner.
	 * @param block the block, which the caller owns alone
	 */
	void end(B block);

}
