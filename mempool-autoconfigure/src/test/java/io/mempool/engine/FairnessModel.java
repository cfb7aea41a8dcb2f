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
import java.util.concurrent.TimeUnit;

import io.mempool.core.Caps;
import io.mempool.testing.Started;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests at random to four tiers of two pools, with caps, a limit and a budget. One
 * thread decides what happens, one thing after another, and each request that waits does
 * so in a thread of its own. After each step those are served that a model serves: it
 * goes through the requests in the order in which they came, and lets none have what one
 * before it waits for.
 */
final class FairnessModel implements Callable<Void> {

	private static final int STEPS = 1_000;

	private static final int MOST_WAITING = 6;

	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(120);

	private static final long BUDGET = 100;

	private final SplittableRandom random;

	private final List<Pool> pools;

	private final List<Place> places = new ArrayList<>();

	// In the order of their arrival
	private final List<Waiter> waiting = new ArrayList<>();

	private final List<Lent> lent = new ArrayList<>();

	private final List<String> history = new ArrayList<>();

	// How many requests would have been served if none had waited before them
	private int kept;

	/**
	 * Create a model with the same requests each time.
	 */
	FairnessModel() {
		this(4711);
	}

	FairnessModel(long seed) {
		this.random = new SplittableRandom(seed);
		SharedBudget budget = new SharedBudget("mempool.budget.heap", BUDGET);
		Pool limited = new Pool(new Account("limited", budget, 60), 60);
		Pool other = new Pool(new Account("other", budget, Long.MAX_VALUE), Long.MAX_VALUE);
		this.pools = List.of(limited, other);
		this.places.add(new Place(limited, 10, 3));
		this.places.add(new Place(limited, 30, 2));
		this.places.add(new Place(other, 10, 2));
		this.places.add(new Place(other, 40, 2));
	}

	@Override
	public Void call() throws Exception {
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
							+ " with " + this.lent + " lent, waiting " + this.waiting,
					ex);
		}
		finally {
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
		else if (choice < 90) {
			release();
		}
		else if (choice < 96) {
			giveUp();
		}
		else {
			retune(place);
		}
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
		// A waiting thread keeps its former place until it has looked again: what it was
		// woken for may have moved it to another queue
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
		while (served && block == null && System.nanoTime() < end) {
			Thread.sleep(1);
			block = tryAcquire(place);
		}
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
		List<Waiter> served = served();
		this.waiting.removeAll(served);
		assertNoOtherIsServed();
		for (Waiter waiter : served) {
			lend(waiter.place, waiter.started().result());
		}
		assertNoOtherIsServed();
	}

	private void assertNoOtherIsServed() {
		assertThat(this.waiting).as("requests that should wait").noneMatch((waiter) -> waiter.started().isDone());
	}

	private void lend(Place place, TestBlock.Handle handle) {
		place.lend(1);
		this.lent.add(new Lent(place, handle));
	}

	/**
	 * Return the request that the model serves now.
	 */
	private List<Waiter> served() {
		List<Waiter> served = new ArrayList<>();
		// For what requests wait that came before: a place, a pool, or the budget
		Set<Object> awaited = new HashSet<>();
		for (Waiter waiter : this.waiting) {
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

		private final Tier<TestBlock> tier;

		private int most;

		private int lent;

		private Place(Pool pool, int size, int most) {
			this.pool = pool;
			this.size = size;
			this.most = most;
			this.tier = new Tier<>(pool.account, size, new Caps(most, most, 0), new TestBlock.Source(false, false),
					null);
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

		private Waiter(Place place) {
			this.place = place;
		}

		private void begin(boolean served) throws InterruptedException {
			Callable<TestBlock.Handle> acquire = () -> {
				TestBlock block = this.place.tier.acquire(new Request<>(this.place.size, false, PATIENCE));
				assertThat(block).as("block of a request that can wait").isNotNull();
				return new TestBlock.Handle(block);
			};
			this.started = served ? Started.of(acquire) : Started.andWaiting(acquire);
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
