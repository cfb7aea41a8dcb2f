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

package io.mempool.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.mempool.object.ObjectBatch;
import io.mempool.object.ObjectPool;
import io.mempool.scope.BufferScope;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * A request that needs 100 small objects of each of ten types, in turn, and fills in two
 * fields of each. Per object, in processor time.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SmallObjectsBenchmark {

	private static final int TYPES = 10;

	private static final int EACH = 100;

	private static final int OBJECTS = TYPES * EACH;

	/**
	 * New objects, in a list of each type.
	 */
	@Benchmark
	@OperationsPerInvocation(OBJECTS)
	public void create(CpuTime time, Blackhole blackhole) {
		time.count(OBJECTS);
		List<List<Item>> request = new ArrayList<>(TYPES);
		for (int type = 0; type < TYPES; type++) {
			request.add(new ArrayList<>(EACH));
		}
		for (int i = 0; i < EACH; i++) {
			for (int type = 0; type < TYPES; type++) {
				Item item = new Item();
				request.get(type).add(item);
				item.fill(blackhole, i);
			}
		}
		blackhole.consume(request);
	}

	/**
	 * A lease of each object, which a scope owns.
	 */
	@Benchmark
	@OperationsPerInvocation(OBJECTS)
	public void leases(Leases state, CpuTime time, Blackhole blackhole) {
		time.count(OBJECTS);
		try (BufferScope scope = new BufferScope()) {
			for (int i = 0; i < EACH; i++) {
				for (ObjectPool<Item> pool : state.pools) {
					scope.acquire(pool).fill(blackhole, i);
				}
			}
		}
	}

	/**
	 * A lease of one holder with a list of each type, written by hand.
	 */
	@Benchmark
	@OperationsPerInvocation(OBJECTS)
	public void holder(Holders state, CpuTime time, Blackhole blackhole) {
		time.count(OBJECTS);
		try (BufferScope scope = new BufferScope()) {
			Holder holder = scope.acquire(state.pool);
			for (int i = 0; i < EACH; i++) {
				for (int type = 0; type < TYPES; type++) {
					holder.next(type).fill(blackhole, i);
				}
			}
		}
	}

	/**
	 * A lease of a batch of each type.
	 */
	@Benchmark
	@OperationsPerInvocation(OBJECTS)
	public void batches(Batches state, CpuTime time, Blackhole blackhole) {
		time.count(OBJECTS);
		try (BufferScope scope = new BufferScope()) {
			List<ObjectBatch<Item>> batches = new ArrayList<>(TYPES);
			for (ObjectPool<ObjectBatch<Item>> pool : state.pools) {
				batches.add(scope.acquire(pool));
			}
			for (int i = 0; i < EACH; i++) {
				for (int type = 0; type < TYPES; type++) {
					batches.get(type).next().fill(blackhole, i);
				}
			}
		}
	}

	/**
	 * A small object: 40 bytes.
	 */
	public static final class Item {

		private long id;

		private long amount;

		private Object name;

		private Object note;

		void fill(Blackhole blackhole, int number) {
			this.id = number;
			this.name = this;
			blackhole.consume(this);
		}

		void clear() {
			this.id = 0;
			this.amount = 0;
			this.name = null;
			this.note = null;
		}

	}

	/**
	 * A pool for each type.
	 */
	@State(Scope.Benchmark)
	public static class Leases {

		final List<ObjectPool<Item>> pools = new ArrayList<>();

		public Leases() {
			for (int type = 0; type < TYPES; type++) {
				this.pools.add(ObjectPool.builder("items-" + type, Item::new).reset(Item::clear).build());
			}
		}

		@TearDown
		public void close() {
			this.pools.forEach(ObjectPool::close);
		}

	}

	/**
	 * A pool of holders.
	 */
	@State(Scope.Benchmark)
	public static class Holders {

		final ObjectPool<Holder> pool = ObjectPool.builder("holders", Holder::new).reset(Holder::clear).build();

		@TearDown
		public void close() {
			this.pool.close();
		}

	}

	/**
	 * A pool of batches for each type.
	 */
	@State(Scope.Benchmark)
	public static class Batches {

		final List<ObjectPool<ObjectBatch<Item>>> pools = new ArrayList<>();

		public Batches() {
			for (int type = 0; type < TYPES; type++) {
				this.pools.add(ObjectPool.batches("items-" + type, Item::new, Item::clear).build());
			}
		}

		@TearDown
		public void close() {
			this.pools.forEach(ObjectPool::close);
		}

	}

	/**
	 * What an application would write: its objects in lists, and how many are taken.
	 */
	static final class Holder {

		private final List<List<Item>> items = new ArrayList<>();

		private final int[] taken = new int[TYPES];

		Holder() {
			for (int type = 0; type < TYPES; type++) {
				this.items.add(new ArrayList<>());
			}
		}

		Item next(int type) {
			List<Item> items = this.items.get(type);
			int index = this.taken[type]++;
			if (index == items.size()) {
				items.add(new Item());
			}
			return items.get(index);
		}

		void clear() {
			for (int type = 0; type < TYPES; type++) {
				List<Item> items = this.items.get(type);
				for (int i = 0; i < this.taken[type]; i++) {
					items.get(i).clear();
				}
				this.taken[type] = 0;
			}
		}

	}

}
