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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.LeaseException;
import io.mempool.core.TierStatistics;
import io.mempool.engine.SlabAllocator.Space;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two pools share a budget: one of memory that takes time to free, one whose large blocks
 * are carved from slabs. One thread does what may happen to them, at random, from fixed
 * seeds: blocks are acquired, released, discarded and lost, memory is freed late and
 * reported as freed twice, caps, limits and tiers change, pools are closed and opened.
 * While idle memory is counted, it claims blocks, as another thread might. After each
 * step every byte that is counted has a reason, and a request that was refused could not
 * have been served.
 */
final class SharingModel implements Callable<Void> {

	private static final int SEQUENCES = 60;

	private static final int STEPS = 150;

	private static final long BUDGET = 100;

	private static final int CARVED_FROM = 16;

	@Override
	public Void call() throws Exception {
		int refused = 0;
		int carved = 0;
		int pending = 0;
		for (int seed = 0; seed < SEQUENCES; seed++) {
			Run run = new Run(seed);
			run.run();
			refused += run.refused;
			carved += run.carved;
			pending += run.pended;
		}
		assertThat(List.of(refused, carved, pending)).as("requests refused, blocks carved, memory freed late")
			.allMatch((count) -> count > SEQUENCES);
		return null;
	}

	/**
	 * One sequence of steps.
	 */
	private static final class Run {

		private final int seed;

		private final SplittableRandom random;

		private final SharedBudget budget = new SharedBudget("mempool.budget.heap", BUDGET);

		private final List<Pool> pools = new ArrayList<>();

		private final List<Pool> closed = new ArrayList<>();

		private final List<Lent> lent = new ArrayList<>();

		// Memory that was freed, and is in use for a little longer
		private final List<Leftover> unfinished = new ArrayList<>();

		private final List<String> history = new ArrayList<>();

		private boolean failing;

		// Whether only this model counts idle blocks
		private boolean checking = true;

		private int refused;

		private int carved;

		private int pended;

		Run(int seed) {
			this.seed = seed;
			this.random = new SplittableRandom(seed);
			this.pools.add(open(false));
			this.pools.add(open(true));
		}

		private boolean chance(int percent) {
			return this.random.nextInt(100) < percent;
		}

		private <T> T any(List<T> list) {
			return list.get(this.random.nextInt(list.size()));
		}

		void run() throws Exception {
			try {
				for (int i = 0; i < STEPS; i++) {
					step();
					check();
				}
				end();
			}
			catch (AssertionError | RuntimeException ex) {
				int size = this.history.size();
				throw new AssertionError("Seed " + this.seed + ", after " + size + " steps, the last of which were "
						+ this.history.subList(Math.max(0, size - 12), size) + ": " + ex.getMessage(), ex);
			}
		}

		private void step() throws Exception {
			int choice = this.random.nextInt(100);
			if (choice < 42) {
				acquire(any(any(this.pools).places));
			}
			else if (choice < 80) {
				if (!this.lent.isEmpty()) {
					giveUp(any(this.lent), choice);
				}
			}
			else if (choice < 87) {
				if (!this.unfinished.isEmpty()) {
					finish(any(this.unfinished));
				}
			}
			else {
				change(any(any(this.pools).places), choice);
			}
		}

		private void giveUp(Lent one, int choice) {
			this.history.add(((choice < 72) ? "release " : (choice < 76) ? "discard " : "lose ") + one);
			this.lent.remove(one);
			one.piece.lent = false;
			if (choice < 72) {
				one.hold.release();
				return;
			}
			one.piece.doubt();
			if (choice < 76) {
				one.hold.discard();
			}
			else {
				// What the collector does
				assertThat(one.piece.reference).isNotNull();
				one.piece.reference.enqueue();
				one.pool.account.findLost();
				one.pool.lost++;
			}
		}

		private void finish(Leftover leftover) {
			this.history.add("free " + leftover.weight);
			this.unfinished.remove(leftover);
			leftover.finish();
		}

		private void change(Place place, int choice) throws InterruptedException {
			this.checking = false;
			try {
				changeWhileCounted(place, choice);
			}
			finally {
				this.checking = true;
			}
		}

		private void changeWhileCounted(Place place, int choice) throws InterruptedException {
			if (choice < 90) {
				place.caps = caps(0);
				this.history.add(place + " has " + place.caps);
				place.tier.retune(place.caps);
			}
			else if (choice < 91) {
				relieve(place, chance(50));
			}
			else if (choice < 92) {
				this.history.add("trim " + place);
				long before = this.budget.used() - this.budget.pending();
				long given = place.tier.discardIdle(DiscardReason.TRIMMED);
				assertThat(this.budget.used() - this.budget.pending()).as("kept after a trim")
					.isEqualTo(before - given);
			}
			else if (choice < 94) {
				this.history.add("expire " + place);
				place.tier.expire();
			}
			else if (choice < 97) {
				this.history.add("retire " + place);
				Tier<Piece> former = place.tier;
				place.tier = place.pool.tier(place);
				former.retire((size) -> place.tier);
			}
			else if (choice < 98 || place.pool.slabs != null) {
				reopen(place.pool);
			}
			else {
				changeLimit(place);
			}
		}

		// Of slabs only whole ones go, with their blocks of other tiers
		private void relieve(Place place, boolean alone) {
			this.history.add("relieve " + place);
			this.checking = alone;
			long before = this.budget.used() - this.budget.pending();
			boolean whole = chance(50);
			boolean untouched = chance(30);
			TestSlabs slabs = place.pool.slabs;
			long idle = (place.isCarved() && slabs != null) ? slabs.idleBytes(place.size)
					: place.idle() * (long) place.size;
			long given = place.pool.account.relieve(place.size, whole ? Long.MAX_VALUE : 1 + this.random.nextInt(60),
					untouched);
			assertThat(this.budget.used() - this.budget.pending()).as("kept after a relief").isEqualTo(before - given);
			if (alone) {
				assertThat(given).as("given back by a relief").isLessThanOrEqualTo(idle);
				assertThat(given == idle || !whole || untouched).as("%d given back of %d", given, idle).isTrue();
			}
			place.pool.account.look();
		}

		// Also with a lease that returns in one step, as those do that are not yet
		// watched
		private void changeLimit(Place place) throws InterruptedException {
			List<Lent> before = List.copyOf(this.lent);
			acquire(place);
			this.checking = false;
			place.pool.limit = 20L * (1 + this.random.nextInt(4));
			this.history.add("limit " + place.pool.limit);
			place.pool.account.changeLimit(place.pool.limit);
			this.lent.stream().filter((one) -> !before.contains(one)).toList().forEach((one) -> giveUp(one, 0));
		}

		private Caps caps(int preallocate) {
			int maxTotal = chance(30) ? Caps.UNLIMITED : 1 + this.random.nextInt(4);
			return new Caps(this.random.nextInt(Math.min(4, maxTotal)) + preallocate, Math.max(maxTotal, 2),
					preallocate);
		}

		private void reopen(Pool pool) {
			this.history.add("close " + pool);
			close(pool);
			this.pools.remove(pool);
			this.pools.add(open(pool.slabs != null));
		}

		private void close(Pool pool) {
			pool.places.forEach((place) -> place.tier.close());
			pool.account.close();
			pool.account.revoke();
			this.closed.add(pool);
		}

		private Pool open(boolean carved) {
			Pool pool = new Pool(this, carved);
			try {
				this.failing = chance(20);
				for (Place place : pool.places) {
					place.tier.reserve();
				}
				for (Place place : pool.places) {
					place.tier.preallocate();
				}
				this.history.add("open " + pool);
				return pool;
			}
			catch (IllegalArgumentException | Unwilling ex) {
				close(pool);
				return open(carved);
			}
			finally {
				this.failing = false;
			}
		}

		private void acquire(Place place) throws InterruptedException {
			int size = 1 + this.random.nextInt(place.size);
			boolean transientAtCap = chance(30);
			this.history.add("acquire " + place);
			Piece piece = place.tier.claim();
			if (piece != null) {
				lend(place, piece);
				return;
			}
			this.failing = chance(3);
			int created = place.pool.created;
			this.checking = false;
			try {
				piece = place.tier.acquire(new Request<>(size, transientAtCap, 0));
			}
			catch (Unwilling ex) {
				return;
			}
			finally {
				this.failing = false;
				this.checking = true;
			}
			if (piece == null) {
				this.refused++;
				checkRefused(place, size, transientAtCap);
				return;
			}
			lend(place, piece);
			if (place.pool.created > created) {
				checkCreated(place, piece);
			}
		}

		private void lend(Place place, Piece piece) {
			assertThat(piece.lent || piece.isFreed()).as("a block that is leased or gone is lent").isFalse();
			piece.lent = true;
			this.lent.add(new Lent(place.pool, place.size, piece, new Hold(piece)));
		}

		/**
		 * Claim a block while the engine counts idle blocks.
		 */
		void steal() {
			if (this.checking || chance(70)) {
				return;
			}
			Place place = any(any(this.pools).places);
			Piece piece = place.tier.claim();
			if (piece != null) {
				lend(place, piece);
			}
		}

		private void checkCreated(Place place, Piece piece) {
			if (piece.slot != null && piece.slot.counted) {
				assertThat(existing(place)).as("blocks that exist in %s", place)
					.isLessThanOrEqualTo(place.caps.maxTotal());
			}
			assertThat(place.pool.account.used()).as("used of the limit").isLessThanOrEqualTo(place.pool.limit);
		}

		private long existing(Place place) {
			return place.idle() + countedLent(place)
					+ this.unfinished.stream()
						.filter((leftover) -> leftover.counts && leftover.counted && leftover.pool == place.pool
								&& leftover.capacity == place.size)
						.count();
		}

		private long countedLent(Place place) {
			return this.lent.stream().filter((one) -> one.isAt(place) && !one.hold.isTransient()).count();
		}

		// What is idle cannot have been enough
		private void checkRefused(Place place, int size, boolean transientAtCap) {
			assertThat(place.idle()).as("idle blocks of %s, which refuses", place).isZero();
			boolean capReached = existing(place) >= place.caps.maxTotal();
			if (capReached && !transientAtCap) {
				return;
			}
			TestSlabs slabs = place.pool.slabs;
			long weight = capReached ? size : place.size;
			if (!capReached && slabs != null && slabs.carves(place.size)) {
				assertThat(slabs.hasHole(place.size)).as("a hole for a request that was refused").isFalse();
				assertThat(place.pool.places.stream().filter(Place::isCarved))
					.as("tiers whose idle blocks leave a hole")
					.noneMatch((other) -> other.idle() > 0);
				weight = slabs.least(place.size);
			}
			long own = place.pool.idleBytes();
			long all = this.pools.stream().mapToLong(Pool::idleBytes).sum();
			boolean possible = place.pool.account.used() - own + weight <= place.pool.limit
					&& this.budget.used() - all + weight <= BUDGET;
			assertThat(possible).as("%d bytes for %s could be had, and were refused", weight, place).isFalse();
		}

		private void check() {
			long used = 0;
			long pending = 0;
			List<Pool> all = new ArrayList<>(this.pools);
			all.addAll(this.closed);
			for (Pool pool : all) {
				check(pool);
				used += pool.account.used();
				pending += pool.account.pending();
			}
			assertThat(this.budget.used()).as("used of the budget").isEqualTo(used).isLessThanOrEqualTo(BUDGET);
			assertThat(this.budget.pending()).as("pending of the budget").isEqualTo(pending);
		}

		private void check(Pool pool) {
			long pending = this.unfinished.stream()
				.filter((leftover) -> leftover.counts && leftover.pool == pool)
				.mapToLong((leftover) -> leftover.weight)
				.sum();
			long used = pending + ((pool.slabs != null) ? pool.slabs.footprint() : 0);
			long capacity = 0;
			for (Lent one : this.lent) {
				if (one.pool == pool) {
					used += (one.piece.space != null) ? 0 : one.piece.size;
					capacity += one.piece.size;
				}
			}
			int idle = 0;
			for (Place place : pool.places) {
				used += place.isCarved() ? 0 : place.idle() * (long) place.size;
				capacity += place.idle() * (long) place.size;
				idle += place.idle();
			}
			// Not each time: this guards leases, and what is guarded returns slowly
			if (chance(10)) {
				pool.places.forEach((place) -> checkTotals(place, place.tier.statistics()));
				assertThat(pool.places.stream().mapToLong((place) -> place.tier.statistics().leaked()).sum())
					.as("lost leases of %s", pool)
					.isEqualTo(pool.lost);
			}
			assertThat(pool.account.pending()).as("pending of %s", pool).isEqualTo(pending);
			assertThat(pool.account.used()).as("used of %s", pool).isEqualTo(used);
			assertThat(pool.account.capacity()).as("capacity of %s", pool).isEqualTo(capacity);
			if (used - pending > pool.limit || pool.account.isClosed()) {
				assertThat(idle).as("idle blocks of %s, which may keep none", pool).isZero();
			}
		}

		private void checkTotals(Place place, TierStatistics now) {
			assertThat(now.leased()).as("leased of %s", place)
				.isEqualTo(this.lent.stream().filter((one) -> one.isAt(place)).count());
			assertThat(now.idle()).as("idle of %s", place)
				.isEqualTo(now.returned() - now.discarded() - now.hits() + now.preallocated())
				.isLessThanOrEqualTo(place.caps.maxIdle());
			if (now.idle() + countedLent(place) > place.caps.maxTotal()) {
				assertThat(now.idle()).as("idle of %s above its cap", place).isZero();
			}
			long[] totals = { now.hits(), now.misses(), now.returned(), now.discarded(), now.leaked() };
			long[] before = place.pool.totals.put(place.size, totals);
			for (int i = 0; before != null && i < totals.length; i++) {
				assertThat(totals[i]).as("a total of %s", place).isGreaterThanOrEqualTo(before[i]);
			}
		}

		private void end() {
			while (!this.lent.isEmpty()) {
				giveUp(this.lent.get(0), 0);
			}
			List.copyOf(this.pools).forEach(this::close);
			this.pools.clear();
			while (!this.unfinished.isEmpty()) {
				finish(this.unfinished.get(0));
			}
			check();
			assertThat(this.budget.used()).as("used at the end").isZero();
		}

	}

	/**
	 * A pool, for as long as it is open and its blocks are out.
	 */
	private static final class Pool implements BlockSource<Piece> {

		private final Run run;

		private final @Nullable TestSlabs slabs;

		private final Account account;

		private final List<Place> places = new ArrayList<>();

		private final Map<Integer, long[]> totals = new HashMap<>();

		private long limit;

		private int created;

		private long lost;

		Pool(Run run, boolean carved) {
			this.run = run;
			this.slabs = carved ? new TestSlabs(run) : null;
			this.limit = carved ? Long.MAX_VALUE : 60;
			this.account = new Account(carved ? "carved" : "plain", run.budget, this.limit, Memory.HEAP, this.slabs);
			for (int size : carved ? new int[] { 8, 16, 24 } : new int[] { 10, 30 }) {
				Place place = new Place(this, size, run.caps(run.chance(30) ? 1 : 0));
				place.tier = tier(place);
				this.places.add(place);
			}
		}

		Tier<Piece> tier(Place place) {
			return new Tier<>(this.account, place.size, place.caps, this, null);
		}

		// What the eviction of all that is idle gives back
		long idleBytes() {
			long bytes = (this.slabs != null) ? this.slabs.idleBytes() : 0;
			for (Place place : this.places) {
				bytes += place.isCarved() ? 0 : place.idle() * (long) place.size;
			}
			return bytes;
		}

		@Override
		public Piece create(int size) {
			return create(size, null);
		}

		@Override
		public Piece create(int size, @Nullable Space space) {
			if (this.run.failing) {
				throw new Unwilling();
			}
			this.created++;
			Leftover leftover = (this.slabs == null) ? new Leftover(this.run, this, size) : null;
			return new Piece(size, (TestSlabs.Cells) space, leftover);
		}

		@Override
		public boolean resets() {
			return false;
		}

		@Override
		public boolean reset(Piece block, int extent) {
			return true;
		}

		@Override
		public boolean destroys() {
			return this.slabs == null;
		}

		@Override
		public void destroy(Piece block, boolean inDoubt, Runnable gone) {
			assertThat(block.lent).as("a leased block is destroyed").isFalse();
			assertThat(block.leftover).isNotNull();
			block.leftover.free(inDoubt, gone);
		}

		@Override
		public String toString() {
			return this.account.pool();
		}

	}

	/**
	 * A tier, and the tiers of the same size after it.
	 */
	private static final class Place {

		private final Pool pool;

		private final int size;

		private Caps caps;

		private Tier<Piece> tier;

		Place(Pool pool, int size, Caps caps) {
			this.pool = pool;
			this.size = size;
			this.caps = caps;
		}

		int idle() {
			return this.pool.account.exclusively(this.tier::idle);
		}

		boolean isCarved() {
			return this.pool.slabs != null && this.pool.slabs.carves(this.size);
		}

		@Override
		public String toString() {
			return this.pool + "/" + this.size;
		}

	}

	/**
	 * A lease.
	 */
	private record Lent(Pool pool, int capacity, Piece piece, Hold hold) {

		boolean isAt(Place place) {
			return this.pool == place.pool && this.capacity == place.size;
		}

		@Override
		public String toString() {
			return this.pool + "/" + this.capacity;
		}

	}

	/**
	 * A block.
	 */
	private static final class Piece extends Block {

		private final int size;

		private final TestSlabs.@Nullable Cells space;

		private final @Nullable Leftover leftover;

		private boolean lent;

		Piece(int size, TestSlabs.@Nullable Cells space, @Nullable Leftover leftover) {
			this.size = size;
			this.space = space;
			this.leftover = leftover;
		}

		boolean isFreed() {
			return this.leftover != null && this.leftover.counts;
		}

		void doubt() {
			if (this.space != null) {
				this.space.doubt();
			}
		}

		@Override
		protected @Nullable Remains remains() {
			if (this.leftover != null && this.slot != null) {
				// Watched, so it has a slot now
				this.leftover.counted = this.slot.counted;
				this.leftover.capacity = this.slot.list.capacity();
			}
			return this.leftover;
		}

	}

	/**
	 * A handle.
	 */
	private static final class Hold extends BlockLease<Piece> {

		Hold(Piece block) {
			super(block, block.size);
		}

		@Override
		protected int extent() {
			return 0;
		}

		@Override
		protected LeaseException misuse(String action) {
			return new LeaseException("Cannot " + action);
		}

	}

	/**
	 * Memory that outlives its block. At random, it takes time to free.
	 */
	private static final class Leftover implements Block.Remains {

		private final Run run;

		private final Pool pool;

		private final long weight;

		private final List<Runnable> gone = new ArrayList<>();

		private boolean counted;

		private int capacity;

		// Whether it was discarded, and counts until it is free
		private boolean counts;

		private boolean freed;

		private boolean pending;

		Leftover(Run run, Pool pool, long weight) {
			this.run = run;
			this.pool = pool;
			this.weight = weight;
		}

		@Override
		public void free(boolean inDoubt, Runnable gone) {
			assertThat(this.counts).as("memory is freed twice").isFalse();
			this.counts = true;
			this.gone.add(gone);
			begin();
		}

		@Override
		public void revoke() {
			begin();
		}

		private void begin() {
			if (this.freed || (!this.pending && this.run.chance(60))) {
				finish();
			}
			else if (!this.pending) {
				this.pending = true;
				this.run.pended++;
				this.run.unfinished.add(this);
			}
		}

		void finish() {
			this.freed = true;
			this.pending = false;
			// Twice, as a source may that fails after it has told
			this.gone.forEach(Runnable::run);
			this.gone.forEach(Runnable::run);
			this.gone.clear();
		}

	}

	/**
	 * What a source throws that has nothing.
	 */
	private static final class Unwilling extends RuntimeException {

	}

	/**
	 * Slabs of cells, of which each block has some.
	 */
	private static final class TestSlabs implements SlabAllocator {

		private static final int HEADER = 2;

		private static final int LENGTH = 48;

		private final Run run;

		private final List<Cells[]> slabs = new ArrayList<>();

		private long tally;

		TestSlabs(Run run) {
			this.run = run;
		}

		long footprint() {
			return this.slabs.stream().mapToLong((slab) -> footprint(slab.length)).sum();
		}

		/**
		 * Return the footprint of the slabs that hold idle blocks only.
		 */
		long idleBytes() {
			return this.slabs.stream()
				.filter((slab) -> !isLent(slab))
				.mapToLong((slab) -> footprint(slab.length))
				.sum();
		}

		/**
		 * Return the footprint of those of them that have a block of a size.
		 */
		long idleBytes(int size) {
			return this.slabs.stream()
				.filter((slab) -> !isLent(slab) && Arrays.stream(slab)
					.anyMatch((cells) -> cells != null && !cells.ended
							&& Arrays.stream(slab).filter((other) -> other == cells).count() == size))
				.mapToLong((slab) -> footprint(slab.length))
				.sum();
		}

		private boolean isLent(Cells[] slab) {
			return this.run.lent.stream().anyMatch((one) -> one.piece.space != null && one.piece.space.slab == slab);
		}

		boolean hasHole(int size) {
			return this.slabs.stream().anyMatch((slab) -> hole(slab, size) >= 0);
		}

		private static int hole(Cells[] slab, int size) {
			int length = 0;
			for (int i = 0; i < slab.length; i++) {
				if (slab[i] != null && slab[i].retired) {
					return -1;
				}
			}
			for (int i = 0; i < slab.length; i++) {
				length = (slab[i] == null || slab[i].ended) ? length + 1 : 0;
				if (length == size) {
					return i + 1 - size;
				}
			}
			return -1;
		}

		private Cells take(Cells[] slab, int from, int size) {
			Cells cells = new Cells(slab);
			for (int i = from; i < from + size; i++) {
				assertThat(slab[i] != null && slab[i].doubtful).as("memory in doubt is used again").isFalse();
				slab[i] = cells;
			}
			this.run.carved++;
			return cells;
		}

		@Override
		public boolean carves(int size) {
			return size >= CARVED_FROM;
		}

		@Override
		public @Nullable Space claim(int size) {
			for (Cells[] slab : this.slabs) {
				int from = hole(slab, size);
				if (from >= 0) {
					return take(slab, from, size);
				}
			}
			return null;
		}

		@Override
		public long least(int size) {
			return footprint(size);
		}

		@Override
		public int plan(int size, long available) {
			return (int) Math.max(size, Math.min(LENGTH, available - HEADER));
		}

		@Override
		public long footprint(int plan) {
			return plan + HEADER;
		}

		@Override
		public Object create(int plan) {
			if (this.run.failing && this.run.chance(50)) {
				throw new Unwilling();
			}
			return new Cells[plan];
		}

		@Override
		public Space add(Object slab, int size) {
			this.slabs.add((Cells[]) slab);
			return take((Cells[]) slab, 0, size);
		}

		@Override
		public long release(Space space, boolean inDoubt) {
			Cells cells = (Cells) space;
			assertThat(cells.ended).as("space is released twice").isFalse();
			cells.ended = true;
			cells.retired = inDoubt;
			Cells[] slab = cells.slab;
			if (Arrays.stream(slab).anyMatch((owner) -> owner != null && !owner.ended)) {
				return 0;
			}
			assertThat(isLent(slab)).as("a slab is dropped that a lease has a part of").isFalse();
			this.slabs.remove(slab);
			return footprint(slab.length);
		}

		@Override
		public void changeLimit(long limit) {
		}

		@Override
		public void beginTally() {
			this.run.steal();
			this.tally++;
		}

		/**
		 * The cells of one block.
		 */
		private final class Cells implements Space {

			private final Cells[] slab;

			private boolean ended;

			private boolean retired;

			// Whether its block is, which the engine has to say
			private boolean doubtful;

			private long tallied;

			Cells(Cells[] slab) {
				this.slab = slab;
			}

			void doubt() {
				this.doubtful = true;
			}

			@Override
			public long tally() {
				this.tallied = TestSlabs.this.tally;
				return isSlabIdle() ? footprint(this.slab.length) : 0;
			}

			@Override
			public boolean isBeside(Space other) {
				return other instanceof Cells cells && cells.slab == this.slab;
			}

			@Override
			public boolean isSlabIdle() {
				return Arrays.stream(this.slab)
					.allMatch((owner) -> owner == null || owner.ended || owner.tallied == TestSlabs.this.tally);
			}

		}

	}

}
