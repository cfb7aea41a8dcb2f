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

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * The slots of a tier, searched without a lock. The tier extends this class, so that a
 * hit follows one reference less. All that slots and leases know of their tier is here:
 * the free list, and a few methods that the tier implements.
 *
 * @param <B> the kind of block
 */
abstract class FreeList<B extends Block> extends TierSignals {

	/*
	 * Layout. A slot keeps its place while its block is leased. So a claim and a return
	 * are one compare-and-set each, on a word that only owners of this block write. There
	 * are max-idle places: the cap on idle blocks holds by construction and needs no
	 * counter. When every place is taken, a further block has a detached slot, known only
	 * to its leases. A returning block without a place takes an unused place, or the
	 * place of a leased block, whose slot is then detached. It is discarded only when
	 * every place holds an idle block. So long leases never prevent the pool from keeping
	 * others.
	 *
	 * Hints. Every stripe of threads remembers the place of its last return, and every
	 * slot the hint before it. Together they form a stack inside the slots. On top, a
	 * thread finds the block that it returned last, still in its cache. Two threads
	 * settle on different slots after their first conflict. A thread removes a hint
	 * before it tries it, once. A thread that only acquires has no hint and searches
	 * round the places. Old hints would make it wait for words that other threads write.
	 * Hints are plain writes and may race. If another thread takes a block by search and
	 * returns it, the hint leads to another stack, or in a circle. Only the word of a
	 * slot says whether it is idle. When the hints fail, the thread searches all places
	 * up to the first empty one. Places fill from the front without gaps.
	 *
	 * Expiry. Blocks can expire only if threads leave them untouched. So the list forgets
	 * all hints from time to time. A search then goes round within the first places only,
	 * up to its reach: the farthest place it has needed since. It goes beyond them when
	 * none of these holds an idle block. So the blocks in use gather at the front.
	 *
	 * Quarantine. No claim passes its signal, so each one holds the lock. It takes the
	 * idle block that was released first, and uses no hint.
	 *
	 * Memory order. Places change, also in number, under the lock of the budget only. A
	 * concurrent search may overlook a slot that moves. It then misses, and the miss
	 * looks again under the lock before it creates or refuses a block. The search reads
	 * places without order. It uses a slot only after its word says idle, which is a
	 * volatile write after all others. The field below is the exception: any value serves
	 * as a hint.
	 *
	 * Why a refusal is correct. "Every block is leased" is proven, not sampled. The proof
	 * is two successive readings of all words with the same versions, in which no block
	 * is idle. Each claim increments a version, so no claim happened between the two. A
	 * block that is not idle at its second reading was not idle at the end of the first.
	 * At that moment all blocks were leased at once. If other threads claim all the time,
	 * a signal stops new claims after a few rounds. Then only the threads past the signal
	 * claim.
	 */

	private static final int INITIAL_PLACES = 8;

	// The fields of a stripe in the array of hints: where its next search begins, and the
	// top of its stack. A hint is the place plus one, or zero
	private static final int NEXT = 0;

	private static final int TOP = 1;

	private static final int NOTHING = 0;

	// One failed hint says little about the next, several do
	private static final int PATIENCE = 3;

	private static final int EVERYWHERE = Integer.MAX_VALUE;

	// How often to read while other threads claim, before the reader stops their claims
	private static final int FREE_ROUNDS = 3;

	private final boolean resets;

	private final int[] hints = new int[(Stripes.COUNT + 1) * Stripes.INT_STRIDE];

	private volatile Slot<B>[] places;

	// How far from the front a search goes round. A hint: plain writes that may race
	private int reach = EVERYWHERE;

	// Guarded by the lock of the budget
	@LockHeld
	private int maximum;

	@LockHeld
	private int size;

	@LockHeld
	private int lastTaken;

	// Hits of slots that were removed
	@LockHeld
	private long formerHits;

	/**
	 * Create an empty free list.
	 * @param maximum the number of places
	 * @param resets whether blocks are reset between two owners
	 */
	FreeList(int maximum, boolean resets) {
		this.maximum = maximum;
		this.resets = resets;
		this.places = newPlaces(Math.min(maximum, INITIAL_PLACES));
	}

	@SuppressWarnings({ "unchecked", "rawtypes" })
	private static <B extends Block> Slot<B>[] newPlaces(int length) {
		return new Slot[length];
	}

	private static int stripeOfThread() {
		return (Stripes.current() + 1) * Stripes.INT_STRIDE;
	}

	// What the tier does for slots and leases

	/**
	 * Return the capacity of the blocks.
	 * @return the capacity
	 */
	abstract int capacity();

	/**
	 * Note a lease that begins, in a tier {@linkplain #isNoting() that notes} some or all
	 * leases.
	 */
	abstract void began(Slot<B> slot, long version, int size);

	/**
	 * Announce a fast return: the block went from leased to idle in its place.
	 */
	abstract void returned();

	/**
	 * Return a block after the caller removed its last reference.
	 * @param extent how much of it the last owner could have touched
	 */
	abstract void returnBlock(Slot<B> slot, B block, int extent);

	/**
	 * Count a release of a lease that was released before.
	 */
	abstract void countDoubleRelease();

	/**
	 * Learn that a block has another slot. Lock of the budget held.
	 */
	@LockHeld
	abstract void replaced(B block, Slot<B> slot);

	/**
	 * Return what reports the leases that a unit of work left to release.
	 */
	abstract Unreleased.Listener unreleasedListener();

	/**
	 * Return whether blocks are reset between two owners.
	 */
	final boolean resets() {
		return this.resets;
	}

	/**
	 * Begin a lease of an idle block.
	 * @return the block, or {@code null} if the search found none
	 */
	final @Nullable B claimIdle() {
		Slot<B>[] places = this.places;
		int[] hints = this.hints;
		int stripe = stripeOfThread();
		B block = claimTop(places, hints, stripe);
		return (block != null) ? block : claimNext(places, hints, stripe);
	}

	// A method of its own keeps the hit small enough for the compiler to inline it
	private @Nullable B claimNext(Slot<B>[] places, int[] hints, int stripe) {
		for (int i = 1; i < PATIENCE; i++) {
			B block = claimTop(places, hints, stripe);
			if (block != null) {
				return block;
			}
		}
		hints[stripe + TOP] = NOTHING;
		return search(places, hints, stripe);
	}

	// The place may now hold another slot than the one returned. Then the hints below
	// that one are lost
	private static <B extends Block> @Nullable B claimTop(Slot<B>[] places, int[] hints, int stripe) {
		int position = hints[stripe + TOP] - 1;
		// The number of places may have shrunk, or there is no hint
		if (position < 0 || position >= places.length) {
			return null;
		}
		Slot<B> slot = places[position];
		if (slot == null) {
			return null;
		}
		hints[stripe + TOP] = (int) slot.below;
		return slot.tryClaim();
	}

	private @Nullable B search(Slot<B>[] places, int[] hints, int stripe) {
		int end = Math.min(this.reach, places.length);
		int start = Math.min(hints[stripe + NEXT], end);
		B block = search(places, start, end, hints, stripe);
		if (block == null) {
			block = search(places, 0, start, hints, stripe);
		}
		return (block != null || end == places.length) ? block : searchBeyond(places, end, hints, stripe);
	}

	private @Nullable B searchBeyond(Slot<B>[] places, int end, int[] hints, int stripe) {
		B block = search(places, end, places.length, hints, stripe);
		if (block != null) {
			int needed = hints[stripe + NEXT];
			// A quarter more, so that a thread does not search every place to reach far
			this.reach = needed + needed / 4;
		}
		return block;
	}

	private static <B extends Block> @Nullable B search(Slot<B>[] places, int from, int to, int[] hints, int stripe) {
		for (int position = from; position < to; position++) {
			Slot<B> slot = places[position];
			if (slot == null) {
				return null;
			}
			B block = slot.tryClaim();
			if (block != null) {
				hints[stripe + NEXT] = position + 1;
				return block;
			}
		}
		return null;
	}

	/**
	 * Let the calling thread find this slot first. Called before the slot becomes idle,
	 * where that is cheap: it is only a hint.
	 */
	final void hint(Slot<B> slot) {
		int[] hints = this.hints;
		int stripe = stripeOfThread();
		int hint = slot.position + 1;
		int top = hints[stripe + TOP];
		if (hint != top && hint != NOTHING) {
			slot.below = top;
			hints[stripe + TOP] = hint;
		}
	}

	// From here on: lock of the budget held

	/**
	 * Let every search begin at the front, and go no further than it must.
	 */
	@LockHeld
	final void gather() {
		Arrays.fill(this.hints, NOTHING);
		this.reach = 0;
	}

	/**
	 * Let threads search everywhere again.
	 */
	@LockHeld
	final void spread() {
		this.reach = EVERYWHERE;
	}

	/**
	 * Look again for an idle block to claim.
	 * @param proof whether {@code null} must mean that no block was idle at some instant
	 * during the call
	 * @return the block, or {@code null} if none was found
	 */
	@LockHeld
	final @Nullable B claimAgain(boolean proof) {
		long[] versions = new long[proof ? this.size : 0];
		boolean counting = false;
		try {
			for (int round = 0;; round++) {
				beforeRound(round);
				boolean same = round > 0;
				for (int i = 0; i < this.size; i++) {
					Slot<B> slot = this.places[i];
					if (slot.isWornOut()) {
						slot = renew(slot);
					}
					B block = slot.tryClaim();
					if (block != null) {
						hint(slot);
						return block;
					}
					if (proof) {
						long state = slot.state;
						long version = state & Slot.VERSION;
						same &= (versions[i] == version) && !Slot.isIdle(state);
						versions[i] = version;
					}
				}
				if (same || !proof) {
					return null;
				}
				if (!counting && round == FREE_ROUNDS) {
					counting = true;
					signal(COUNTED, true);
				}
			}
		}
		finally {
			if (counting) {
				signal(COUNTED, false);
			}
		}
	}

	/**
	 * Claim the idle block that was released first. No other thread claims meanwhile: in
	 * quarantine, each claim holds the lock.
	 * @param releases how many blocks must have been released after it
	 * @return the block, or {@code null} if there is none
	 */
	@LockHeld
	final @Nullable B claimOldest(Quarantine<B> quarantine, long releases) {
		Slot<B> oldest = null;
		long most = -1;
		for (int i = 0; i < this.size; i++) {
			Slot<B> slot = this.places[i];
			if (slot.isWornOut()) {
				slot = renew(slot);
			}
			// First the word, then the block: the word publishes the release
			B block = Slot.isIdle(slot.state) ? slot.block : null;
			long after = (block != null) ? quarantine.releasesAfter(block) : -1;
			if (after > most) {
				most = after;
				oldest = slot;
			}
		}
		return (oldest != null && most >= releases) ? oldest.tryClaim() : null;
	}

	/**
	 * Called before all words are read once more. A test claims here, as threads do.
	 * @param round how many times they were read before
	 */
	void beforeRound(int round) {
	}

	/**
	 * Give a slot a place: an unused one, which needs {@linkplain #makeRoom room}, or
	 * that of a leased block.
	 * @return the slot that lost its place, the slot itself if it got an unused one, or
	 * {@code null} if every place holds an idle block
	 */
	@LockHeld
	final @Nullable Slot<B> place(Slot<B> slot) {
		if (this.size < this.maximum) {
			add(slot);
			return slot;
		}
		for (int i = 0; i < this.size; i++) {
			// Continue after the last place taken: most places before it are idle
			this.lastTaken = (this.lastTaken + 1) % this.size;
			Slot<B> other = this.places[this.lastTaken];
			if (other.tryDetach(false)) {
				leave(other);
				put(slot, this.lastTaken);
				return other;
			}
		}
		return null;
	}

	@LockHeld
	final boolean hasUnusedPlace() {
		return this.size < this.maximum;
	}

	/**
	 * Change the number of places. It must not be less than there are slots.
	 */
	@LockHeld
	final void resize(int maximum) {
		this.maximum = maximum;
		int length = Math.max(Math.min(maximum, INITIAL_PLACES), this.size);
		if (this.places.length > 2 * Math.max(maximum, INITIAL_PLACES)) {
			try {
				this.places = Arrays.copyOf(this.places, length);
			}
			catch (OutOfMemoryError ex) {
				// Too many places do no harm
			}
		}
	}

	/**
	 * Allocate room for one more slot, so that the addition allocates nothing.
	 */
	@LockHeld
	final void makeRoom() {
		Slot<B>[] places = this.places;
		if (this.size == places.length) {
			Slot<B>[] more = newPlaces(Math.max(INITIAL_PLACES, places.length * 2));
			System.arraycopy(places, 0, more, 0, this.size);
			this.places = more;
		}
	}

	@LockHeld
	private void add(Slot<B> slot) {
		put(slot, this.size);
		this.size++;
	}

	@LockHeld
	private void put(Slot<B> slot, int position) {
		slot.position = position;
		slot.base = slot.state & Slot.VERSION;
		this.places[position] = slot;
	}

	@LockHeld
	private Slot<B> renew(Slot<B> slot) {
		B block = slot.tryRetire();
		if (block == null) {
			return slot;
		}
		Slot<B> renewed = slot.renewed(block);
		int position = slot.position;
		leave(slot);
		put(renewed, position);
		return renewed;
	}

	/**
	 * Remove a slot; the last one fills its place.
	 */
	@LockHeld
	final void remove(Slot<B> slot) {
		Slot<B>[] places = this.places;
		int position = slot.position;
		int last = --this.size;
		leave(slot);
		if (position != last) {
			Slot<B> moved = places[last];
			moved.position = position;
			places[position] = moved;
		}
		places[last] = null;
	}

	@LockHeld
	private void leave(Slot<B> slot) {
		slot.position = SlotLayout.Fields.NOWHERE;
		this.formerHits += Slot.versionNumber(slot.state) - Slot.versionNumber(slot.base);
	}

	@LockHeld
	final int size() {
		return this.size;
	}

	@LockHeld
	final Slot<B> at(int position) {
		return this.places[position];
	}

	@LockHeld
	final long hits() {
		long hits = this.formerHits;
		for (int i = 0; i < this.size; i++) {
			Slot<B> slot = this.places[i];
			hits += Slot.versionNumber(slot.state) - Slot.versionNumber(slot.base);
		}
		return hits;
	}

	@LockHeld
	final int idle() {
		int idle = 0;
		for (int i = 0; i < this.size; i++) {
			idle += Slot.isIdle(this.places[i].state) ? 1 : 0;
		}
		return idle;
	}

	/**
	 * Count hits, idle blocks and leased blocks, with one read of each slot.
	 */
	@LockHeld
	final Census census() {
		long hits = this.formerHits;
		int idle = 0;
		int leased = 0;
		for (int i = 0; i < this.size; i++) {
			Slot<B> slot = this.places[i];
			long state = slot.state;
			hits += Slot.versionNumber(state) - Slot.versionNumber(slot.base);
			if (Slot.isIdle(state)) {
				idle++;
			}
			else {
				leased++;
			}
		}
		return new Census(hits, idle, leased);
	}

	/**
	 * The contents of a free list.
	 *
	 * @param hits how many leases began with a claim
	 * @param idle how many blocks are idle
	 * @param leased how many blocks with a place are leased or returning
	 */
	record Census(long hits, int idle, int leased) {

		static final Census EMPTY = new Census(0, 0, 0);

	}

}
