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

package io.mempool.buffer;

/**
 * What blocks take of the heap of this JVM, which is what limits and budgets count. Of
 * tiers that are not carved from slabs.
 */
public final class Weights {

	private static final HeapSource SOURCE = new HeapSource("weights", Clearing.NEVER);

	private Weights() {
	}

	/**
	 * Return what a block takes that may be put back.
	 * @param capacity the capacity of its tier
	 */
	public static long of(int capacity) {
		return SOURCE.weigh(capacity);
	}

	/**
	 * Return what a transient block takes.
	 * @param size the requested size
	 */
	public static long ofTransient(int size) {
		return SOURCE.weighTransient(size);
	}

}
