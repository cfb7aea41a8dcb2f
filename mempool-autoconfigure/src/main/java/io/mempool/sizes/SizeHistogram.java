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

package io.mempool.sizes;

import java.util.List;

/**
 * How often sizes were requested: an immutable snapshot. Sizes up to 64 bytes are counted
 * one by one, larger ones in buckets that are at most 3.2 % wide and end at powers of two
 * and at 31 points between two of them.
 *
 * @param buckets what was counted, ascending by size; buckets without a request are
 * absent
 * @since 0.1.0
 */
public record SizeHistogram(List<Bucket> buckets) {

	/**
	 * Copy the list.
	 */
	public SizeHistogram {
		buckets = List.copyOf(buckets);
	}

	/**
	 * Begin to count sizes.
	 * @return an empty histogram to count into
	 */
	public static SizeHistogramBuilder builder() {
		return new SizeHistogramBuilder();
	}

	/**
	 * Return whether nothing was requested.
	 * @return whether there are no buckets
	 */
	public boolean isEmpty() {
		return this.buckets.isEmpty();
	}

	/**
	 * Return how many requests were counted.
	 * @return the sum over the buckets
	 */
	public long total() {
		return this.buckets.stream().mapToLong(Bucket::count).sum();
	}

	/**
	 * Return how many bytes were requested.
	 * @return the sum over the buckets
	 */
	public long bytes() {
		return this.buckets.stream().mapToLong(Bucket::bytes).sum();
	}

	/**
	 * The requests of neighbouring sizes.
	 *
	 * @param from the smallest size that belongs here, in bytes
	 * @param to the largest size that belongs here, in bytes
	 * @param largest the largest size that was requested
	 * @param count how many requests there were
	 * @param bytes how many bytes they asked for together
	 */
	public record Bucket(int from, int to, int largest, long count, long bytes) {

	}

}
