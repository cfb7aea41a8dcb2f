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

package io.mempool.pressure;

/**
 * What a pool gave back because the heap was nearly full.
 *
 * @param pool the name of the pool
 * @param bytes how many idle bytes it gave back since the last report, {@code 0} if it is
 * a pool of objects
 * @param objects how many idle objects it gave back since the last report, {@code 0} if
 * it is a pool of buffers
 * @param heapAfterCollection how many bytes of the heap were used after the last of the
 * collections
 * @param threshold up to how many it may be without pressure
 * @since 0.1.0
 */
public record HeapRelief(String pool, long bytes, long objects, long heapAfterCollection, long threshold) {

	/**
	 * Add what was given back before.
	 */
	HeapRelief plus(HeapRelief before) {
		return new HeapRelief(this.pool, before.bytes + this.bytes, before.objects + this.objects,
				this.heapAfterCollection, this.threshold);
	}

}
