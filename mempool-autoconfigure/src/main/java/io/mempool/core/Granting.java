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

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Decides what a tier has to give to a request whose turn it is: an idle block, or the
 * right to create one. Guarded by the lock of the budget.
 *
 * @param <B> the kind of block
 */
final class Granting<B extends Block> {

	private final Tier<B> tier;

	private final Account account;

	private final Budget budget;

	private final Stock<B> stock;

	private final TierBooks books;

	private final FreeList<B> freeList;

	// Why no block is ever kept, null in a tier that pools
	private final @Nullable DiscardReason fate;

	private final Exhaustion exhaustion = new Exhaustion();

	Granting(Tier<B> tier, Stock<B> stock, TierBooks books, @Nullable DiscardReason fate) {
		this.tier = tier;
		this.account = tier.account();
		this.budget = tier.account().budget();
		this.stock = stock;
		this.books = books;
		this.freeList = tier;
		this.fate = fate;
	}

	/**
	 * Return what would stand in the way of a request if nothing else were leased.
	 */
	@Nullable Shortage obstacle(Request<B> request) {
		return this.account.obstacle(weight(request.size, false));
	}

	private long weight(int size, boolean capReached) {
		return (this.fate != null || capReached) ? size : this.tier.capacity();
	}

	private boolean isCapReached() {
		return this.fate != DiscardReason.TRANSIENT && this.books.existing >= this.tier.caps().maxTotal();
	}

	/**
	 * Grant a request if that is possible now.
	 * @throws PoolClosedException if the pool is closed
	 */
	boolean tryGrant(Request<B> request) {
		if (this.tier.end() != null) {
			throw new PoolClosedException(
					"Cannot acquire " + this.tier.describe(request.size) + ": the pool is closed");
		}
		this.budget.takeBackLost();
		request.block = claimUnlessDry();
		if (request.block != null) {
			return granted();
		}
		boolean capReached = isCapReached();
		Shortage shortage = Shortage.CAP;
		if (!capReached || request.transientAtCap) {
			long weight = weight(request.size, capReached);
			shortage = this.account.reserve(weight);
			if (shortage == null) {
				request.slot = this.stock.open(weight, capReached ? DiscardReason.TRANSIENT : this.fate);
				return granted();
			}
		}
		request.shortage = shortage;
		if (shortage == Shortage.CAP) {
			this.stock.guardLeases();
		}
		else {
			this.budget.guardLeases();
		}
		request.block = this.freeList.claimAgain(true);
		return request.block != null && granted();
	}

	/**
	 * Look for an idle block, but not again if none has come back since the last look
	 * that was in vain: many misses in a row need one look together.
	 */
	private @Nullable B claimUnlessDry() {
		if (this.tier.isDry()) {
			return null;
		}
		B block = this.freeList.claimAgain(false);
		if (block == null) {
			// Look again after raising the signal: only now does a return take it down
			this.tier.signal(TierSignals.DRY, true);
			block = this.freeList.claimAgain(false);
			if (block != null) {
				this.tier.signal(TierSignals.DRY, false);
			}
		}
		return block;
	}

	private boolean granted() {
		endExhaustion();
		return true;
	}

	/**
	 * Give up a request.
	 * @param temporary whether it might be granted at another time
	 */
	void refuse(Request<B> request, boolean temporary) {
		this.books.exhausted++;
		if (temporary) {
			this.exhaustion.refused(request);
			this.tier.signal(TierSignals.EXHAUSTED, true);
		}
	}

	/**
	 * A request was granted, or a block came back.
	 */
	void endExhaustion() {
		this.exhaustion.end();
		this.tier.signal(TierSignals.EXHAUSTED, false);
	}

	/**
	 * Return for how long nothing was to be had.
	 */
	Duration exhaustedFor() {
		return this.exhaustion.lasting(this::couldGrant);
	}

	// What a tier lacks may have come back elsewhere. As far as one look can tell
	private boolean couldGrant(int size, boolean transientAtCap) {
		boolean capReached = isCapReached();
		return this.stock.census().idle() > 0
				|| ((!capReached || transientAtCap) && this.account.lack(weight(size, capReached)) == null);
	}

}
