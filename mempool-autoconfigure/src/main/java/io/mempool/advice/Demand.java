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

package io.mempool.advice;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToLongFunction;

import io.mempool.sizes.SizeHistogram;

/**
 * What was requested, in groups of sizes that differ too little to be told apart.
 *
 * @param groups ascending by size, none of them empty
 */
record Demand(List<Group> groups) {

	static Demand of(SizeHistogram histogram) {
		return new Demand(histogram.buckets().stream().map(Group::of).toList());
	}

	/**
	 * Split the group that has sizes on both sides of a tier's size.
	 */
	Demand splitAt(int size) {
		List<Group> split = new ArrayList<>(this.groups.size() + 1);
		for (Group group : this.groups) {
			long fitting = group.fitting(size);
			if (fitting == 0 || fitting == group.count()) {
				split.add(group);
			}
			else {
				Group larger = new Group(size + 1, group.largest(), group.count() - fitting,
						(group.count() - fitting) * group.largest());
				split.add(new Group(group.smallest(), size, fitting, group.bytes() - larger.bytes()));
				split.add(larger);
			}
		}
		return new Demand(split);
	}

	/**
	 * Have requests served by tiers of a size at least.
	 */
	Demand raisedTo(int size) {
		List<Group> raised = new ArrayList<>(this.groups.size());
		long count = 0;
		long bytes = 0;
		for (Group group : this.groups) {
			if (group.largest() <= size) {
				count += group.count();
				bytes += group.bytes();
			}
			else {
				raised.add(group);
			}
		}
		if (count > 0) {
			raised.add(0, new Group(0, size, count, bytes));
		}
		return new Demand(raised);
	}

	Demand upTo(int size) {
		return within(-1, size);
	}

	Demand within(int exclusive, int inclusive) {
		return new Demand(this.groups.stream()
			.filter((group) -> group.largest() > exclusive && group.largest() <= inclusive)
			.toList());
	}

	long count() {
		return sum(Group::count);
	}

	long bytes() {
		return sum(Group::bytes);
	}

	int largest() {
		return this.groups.get(this.groups.size() - 1).largest();
	}

	/**
	 * Return what tiers lend for this, in bytes: the exact size where none fits.
	 * @param tiers their sizes, ascending
	 */
	long lentBytes(List<Integer> tiers) {
		long lent = 0;
		for (Group group : this.groups) {
			int tier = tierOf(group, tiers);
			lent = sum(lent, (tier < tiers.size()) ? product(group.count(), tiers.get(tier)) : group.bytes());
		}
		return lent;
	}

	/**
	 * Return the index of the smallest tier that fits, or the number of tiers if none
	 * does.
	 */
	static int tierOf(Group group, List<Integer> tiers) {
		int index = Collections.binarySearch(tiers, group.largest());
		return (index >= 0) ? index : -index - 1;
	}

	private static long sum(long first, long second) {
		return (first <= Long.MAX_VALUE - second) ? first + second : Long.MAX_VALUE;
	}

	private static long product(long count, int size) {
		return (size == 0 || count <= Long.MAX_VALUE / size) ? count * size : Long.MAX_VALUE;
	}

	private long sum(ToLongFunction<Group> figure) {
		return this.groups.stream().mapToLong(figure).sum();
	}

	/**
	 * Requests of about the same size.
	 *
	 * @param smallest a lower bound of their sizes in bytes
	 * @param largest the largest of their sizes in bytes
	 * @param count how many there are
	 * @param bytes how many bytes they ask for together
	 */
	record Group(int smallest, int largest, long count, long bytes) {

		private static Group of(SizeHistogram.Bucket bucket) {
			return new Group(bucket.from(), bucket.largest(), bucket.count(), bucket.bytes());
		}

		/**
		 * Estimate how many fit a tier. A group is narrow, so where a tier's size falls
		 * into one, most of its requests are as large as the tier or as the largest of
		 * them: how many of each follows from the sum of their sizes.
		 */
		long fitting(int size) {
			if (size >= this.largest) {
				return this.count;
			}
			if (size < this.smallest) {
				return 0;
			}
			long missing = this.count * this.largest - this.bytes;
			return Math.min(missing / (this.largest - size), this.count - 1);
		}

	}

}
