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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.mempool.core.Caps;
import io.mempool.core.PoolClosedException;
import io.mempool.testing.Started;
import org.jspecify.annotations.Nullable;

import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests at random to four tiers of two pools, with caps, a limit and a budget. One
 * thread decides what happens, one thing after another, and each request that waits does
 * so in a thread of its own. Tiers are replaced and pools closed meanwhile, and threads
 * are interrupted, also as they are served. After each step those are served that a model
 * serves, and no other: it goes through the requests in the order in which they came, and
 * lets none have what one before it waits for.
 * <p>
 * No request looks by itself. So once all threads sleep that have not ended, and none was
 * woken, nothing more happens: a request that should be served by then is forgotten.
 */
final class FairnessModel implements Callable<Void> {

	private static final int STEPS = 1_000;

	private static final int MOST_WAITING = 6;

	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(120);

	private static final long BUDGET = 100;

	private final SplittableRandom random;

	private final SharedBudget budget = new SharedBudget("mempool.budget.heap", BUDGET);

	// Also closed ones, whose blocks are out
	private final List<Pool> pools = new ArrayList<>();

	private final List<Place> places = new ArrayList<>();

	// In the order of their arrival
	private final List<Waiter> waiting = new ArrayList<>();

	private final List<Lent> lent = new ArrayList<>();

	private final List<String> history = new ArrayList<>();

	// How many requests would have been served if none had waited before them
	private int kept;

	FairnessModel(long seed) {
		this.random = new SplittableRandom(seed);
		openLimited();
		openOther();
	}

	private void openLimited() {
		Pool pool = new Pool(new Account("limited", this.budget, 60), 60);
		this.pools.add(pool);
		this.places.add(new Place(pool, 10, 3));
		this.places.add(new Place(pool, 30, 2));
	}

	private void openOther() {
		Pool pool = new Pool(new Account("other", this.budget, Long.MAX_VALUE), Long.MAX_VALUE);
		this.pools.add(pool);
		this.places.add(new Place(pool, 10, 2));
		this.places.add(new Place(pool, 40, 2));
	}

	@Override
	public Void call() throws Exception {
		long longestPark = Request.longestPark;
		Request.longestPark = Long.MAX_VALUE;
		try {
			for (int i = 0; i < STEPS; i++) {
				step();
				settle();
			}
			while (!this.lent.isEmpty()) {
				release();
				settle();
			}
			assertThat(this.waiting).as("requests that wait while all is free").isEmpty();
			assertThat(this.kept).as("requests that were kept from passing").isGreaterThan(STEPS / 100);
		}
		catch (AssertionError ex) {
			throw new AssertionError(
					"After " + this.history.subList(Math.max(0, this.history.size() - 20), this.history.size())
							+ " with " + this.lent + " lent, waiting " + this.waiting + ", at most "
							+ this.places.stream().collect(Collectors.toMap(Place::toString, (place) -> place.most)),
					ex);
		}
		finally {
			Request.longestPark = longestPark;
			this.waiting.forEach((waiter) -> waiter.started().interrupt());
		}
		return null;
	}

	private void step() throws Exception {
		Place place = this.places.get(this.random.nextInt(this.places.size()));
		int choice = this.random.nextInt(100);
		if (choice < 35) {
			await(place);
		}
		else if (choice < 50) {
			tryOnce(place);
		}
		else if (choice < 83) {
			release();
		}
		else if (choice < 87) {
			giveUp();
		}
		else if (choice < 89) {
			giveUpWhenServed();
		}
		else if (choice < 91) {
			tryWhenReleased(place);
		}
		else if (choice < 94) {
			retune(place);
		}
		else if (choice < 97) {
			replace(awaited(place));
		}
		else {
			reopen(awaited(place).pool);
		}
	}

	private Place awaited(Place otherwise) {
		return this.waiting.isEmpty() ? otherwise : this.waiting.get(this.random.nextInt(this.waiting.size())).place;
	}

	private void await(Place place) throws Exception {
		if (this.waiting.size() == MOST_WAITING) {
			return;
		}
		Waiter waiter = new Waiter(place);
		this.waiting.add(waiter);
		boolean served = served().contains(waiter);
		countKept(place, served);
		this.history.add("await " + place);
		waiter.begin(served);
	}

	private void tryOnce(Place place) throws Exception {
		Waiter last = new Waiter(place);
		this.waiting.add(last);
		boolean served = served().contains(last);
		this.waiting.remove(last);
		countKept(place, served);
		this.history.add("try " + place);
		TestBlock block = tryAcquire(place);
		assertThat(block != null).as("a request that does not wait is served").isEqualTo(served);
		if (block != null) {
			lend(place, new TestBlock.Handle(block));
		}
	}

	private @Nullable TestBlock tryAcquire(Place place) throws InterruptedException {
		TestBlock block = place.tier.claim();
		return (block != null) ? block : place.tier.acquire(new Request<>(place.size, false, 0));
	}

	private void countKept(Place place, boolean served) {
		this.kept += (!served && lack(place, Set.of()) == null) ? 1 : 0;
	}

	private void release() {
		if (!this.lent.isEmpty()) {
			Lent one = this.lent.remove(this.random.nextInt(this.lent.size()));
			one.place.lend(-1);
			this.history.add("release " + one.place);
			one.handle.release();
		}
	}

	private void giveUp() throws Exception {
		if (!this.waiting.isEmpty()) {
			Waiter waiter = this.waiting.remove(this.random.nextInt(this.waiting.size()));
			this.history.add("give up " + waiter);
			assertThat(waiter.started().interrupt().failure()).isInstanceOf(InterruptedException.class);
		}
	}

	// With the lock held it cannot take what it is woken for before it is interrupted
	private void giveUpWhenServed() throws Exception {
		if (this.waiting.isEmpty()) {
			return;
		}
		Waiter waiter = this.waiting.get(this.random.nextInt(this.waiting.size()));
		this.history.add("give up when served " + waiter);
		this.pools.get(0).account.exclusively(() -> {
			release();
			return waiter.started().interrupt();
		});
		List<Waiter> served = served();
		List<List<Waiter>> servedWithout = servedAround(waiter);
		this.waiting.remove(waiter);
		try {
			TestBlock.Handle handle = waiter.started().result();
			assertThat(served.remove(waiter)).as("a request that was interrupted is served").isTrue();
			lend(waiter.place, handle);
			settle(List.of(served));
		}
		catch (ExecutionException ex) {
			assertThat(ex).hasCauseInstanceOf(InterruptedException.class);
			settle(servedWithout);
		}
	}

	// With the lock held, this thread is the first that looks, for all that are woken. So
	// one that is interrupted meanwhile is served in its turn
	private void tryWhenReleased(Place place) throws Exception {
		Waiter interrupted = this.waiting.isEmpty() ? null : this.waiting.get(this.random.nextInt(this.waiting.size()));
		this.history.add("try when released " + place);
		TestBlock block = this.pools.get(0).account.exclusively(() -> {
			release();
			if (interrupted != null) {
				interrupted.started().interrupt();
			}
			try {
				return place.tier.acquire(new Request<>(place.size, false, 0));
			}
			catch (InterruptedException ex) {
				throw new AssertionError(ex);
			}
		});
		Waiter last = new Waiter(place);
		this.waiting.add(last);
		List<Waiter> served = served();
		this.waiting.remove(last);
		assertThat(block != null).as("a request that does not wait is served").isEqualTo(served.remove(last));
		for (Waiter waiter : served) {
			this.waiting.remove(waiter);
			lend(waiter.place, waiter.started().result());
		}
		if (block != null) {
			lend(place, new TestBlock.Handle(block));
		}
		if (interrupted != null && !served.contains(interrupted)) {
			List<List<Waiter>> possible = servedAround(interrupted);
			this.waiting.remove(interrupted);
			assertThat(interrupted.started().failure()).isInstanceOf(InterruptedException.class);
			settle(possible);
		}
	}

	private void replace(Place place) {
		this.history.add("replace " + place);
		Tier<TestBlock> former = place.tier;
		place.tier = place.newTier();
		// With the lock held, before any thread moves by itself
		place.pool.account.exclusively(() -> {
			former.retire((size) -> place.tier);
			assertCounted();
			return null;
		});
	}

	private void reopen(Pool pool) throws Exception {
		this.history.add("close " + pool.account.pool());
		List<Place> closed = this.places.stream().filter((place) -> place.pool == pool).toList();
		List<Waiter> ended = this.waiting.stream().filter((waiter) -> waiter.place.pool == pool).toList();
		pool.account.exclusively(() -> {
			closed.forEach((place) -> place.tier.close());
			pool.account.close();
			return null;
		});
		awaitRest(ended);
		for (Waiter waiter : ended) {
			assertThat(waiter.started().isDone()).as("%s is told that its pool was closed", waiter).isTrue();
			assertThat(waiter.started().failure()).isInstanceOf(PoolClosedException.class);
		}
		this.waiting.removeAll(ended);
		this.places.removeAll(closed);
		if (pool.limit == Long.MAX_VALUE) {
			openOther();
		}
		else {
			openLimited();
		}
	}

	private void retune(Place place) {
		int most = 1 + this.random.nextInt(3);
		this.history.add(place + " has at most " + most);
		place.most = most;
		place.tier.retune(new Caps(most, most, 0));
	}

	/**
	 * Let those be served that the model serves, and no other.
	 */
	private void settle() throws Exception {
		settle(List.of(served()));
	}

	private void settle(List<List<Waiter>> possible) throws Exception {
		awaitRest(List.of());
		List<Waiter> served = this.waiting.stream().filter((waiter) -> waiter.started().isDone()).toList();
		assertThat(possible).as("requests that are served, of those that wait").contains(served);
		this.waiting.removeAll(served);
		for (Waiter waiter : served) {
			lend(waiter.place, waiter.started().result());
		}
		assertCounted();
	}

	private void assertCounted() {
		for (Place place : this.places) {
			assertThat(place.tier.statistics().waiting()).as("requests counted in %s", place)
				.isEqualTo((int) this.waiting.stream().filter((waiter) -> waiter.place == place).count());
		}
	}

	/**
	 * Wait until all requests sleep that have not ended, and none was woken.
	 */
	private void awaitRest(List<Waiter> more) throws InterruptedException {
		List<Waiter> all = new ArrayList<>(this.waiting);
		all.addAll(more);
		long end = System.nanoTime() + PATIENCE;
		// With the lock held none goes to sleep or is woken, but those on their way
		while (!this.pools.get(0).account.exclusively(() -> all.stream().allMatch(Waiter::isAtRest))) {
			assertThat(System.nanoTime()).as("time until all requests sleep").isLessThan(end);
			Thread.sleep(0, 50_000);
		}
	}

	private void lend(Place place, TestBlock.Handle handle) {
		place.lend(1);
		this.lent.add(new Lent(place, handle));
	}

	/**
	 * Return the requests that the model serves now.
	 */
	private List<Waiter> served() {
		return served(this.waiting);
	}

	/**
	 * Return those that the model may serve while one leaves: after none, some or all of
	 * the others were looked at.
	 */
	private List<List<Waiter>> servedAround(Waiter leaving) {
		List<List<Waiter>> possible = new ArrayList<>();
		for (int i = 0; i <= this.waiting.size(); i++) {
			List<Waiter> before = served(this.waiting.subList(0, i));
			if (!before.contains(leaving)) {
				List<Waiter> rest = new ArrayList<>(this.waiting);
				rest.removeAll(before);
				rest.remove(leaving);
				before.forEach((waiter) -> waiter.place.lend(1));
				List<Waiter> after = served(rest);
				before.forEach((waiter) -> waiter.place.lend(-1));
				possible
					.add(this.waiting.stream().filter((one) -> before.contains(one) || after.contains(one)).toList());
			}
		}
		return possible;
	}

	private List<Waiter> served(List<Waiter> waiting) {
		List<Waiter> served = new ArrayList<>();
		// For what requests wait that came before: a place, a pool, or the budget
		Set<Object> awaited = new HashSet<>();
		for (Waiter waiter : waiting) {
			Object lack = lack(waiter.place, awaited);
			if (lack == null) {
				served.add(waiter);
				waiter.place.lend(1);
			}
			else {
				awaited.add(lack);
			}
		}
		served.forEach((waiter) -> waiter.place.lend(-1));
		return served;
	}

	private @Nullable Object lack(Place place, Set<Object> awaited) {
		for (Object before : List.of(place.pool, this.pools, place)) {
			if (awaited.contains(before)) {
				return before;
			}
		}
		if (place.lent >= place.most) {
			return place;
		}
		if (place.pool.lent + place.size > place.pool.limit) {
			return place.pool;
		}
		long all = this.pools.stream().mapToLong((pool) -> pool.lent).sum();
		return (all + place.size > BUDGET) ? this.pools : null;
	}

	/**
	 * Several models, each with the same requests each time.
	 */
	static final class Several implements Callable<Void> {

		private static final int COUNT = 20;

		@Override
		public Void call() throws Exception {
			for (int seed = 1; seed <= COUNT; seed++) {
				new FairnessModel(seed).call();
			}
			return null;
		}

	}

	/**
	 * A pool and what it may lend.
	 */
	private static final class Pool {

		private final Account account;

		private final long limit;

		private long lent;

		private Pool(Account account, long limit) {
			this.account = account;
			this.limit = limit;
		}

	}

	/**
	 * A tier and what the model knows of it. It keeps what is returned.
	 */
	private final class Place {

		private final Pool pool;

		private final int size;

		private Tier<TestBlock> tier;

		private int most;

		private int lent;

		private Place(Pool pool, int size, int most) {
			this.pool = pool;
			this.size = size;
			this.most = most;
			this.tier = newTier();
		}

		private Tier<TestBlock> newTier() {
			return new Tier<>(this.pool.account, this.size, new Caps(this.most, this.most, 0),
					new TestBlock.Source(false, false), null);
		}

		private void lend(int count) {
			this.lent += count;
			this.pool.lent += (long) count * this.size;
		}

		@Override
		public String toString() {
			return this.pool.account.pool() + "/" + this.size;
		}

	}

	/**
	 * A request that waits.
	 */
	private static final class Waiter {

		private final Place place;

		private @Nullable Started<TestBlock.Handle> started;

		private volatile @Nullable Request<TestBlock> request;

		private Waiter(Place place) {
			this.place = place;
		}

		private void begin(boolean served) throws InterruptedException {
			Tier<TestBlock> tier = this.place.tier;
			Callable<TestBlock.Handle> acquire = () -> {
				Request<TestBlock> request = new Request<>(this.place.size, false, Long.MAX_VALUE);
				this.request = request;
				TestBlock block = tier.acquire(request);
				assertThat(block).as("block of a request that can wait").isNotNull();
				return new TestBlock.Handle(block);
			};
			this.started = served ? Started.of(acquire) : Started.andWaiting(acquire);
		}

		// Lock held
		private boolean isAtRest() {
			Request<TestBlock> request = this.request;
			if (request == null || started().isDone()) {
				return request != null;
			}
			// In this order: a thread that was woken notes so, and then is awake
			return Boolean.FALSE.equals(ReflectionTestUtils.getField(request, "woken")) && started().isAsleep();
		}

		private Started<TestBlock.Handle> started() {
			assertThat(this.started).isNotNull();
			return this.started;
		}

		@Override
		public String toString() {
			return this.place.toString();
		}

	}

	/**
	 * A lease and where it is from.
	 */
	private record Lent(Place place, TestBlock.Handle handle) {

		@Override
		public String toString() {
			return this.place.toString();
		}

	}

}
