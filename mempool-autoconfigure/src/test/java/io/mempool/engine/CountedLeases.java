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

/**
 * What {@link LeaseOperations} amount to when done one after the other: a counting
 * semaphore. A tier must look like this to threads that use it at once, which is to say
 * that an acquire is refused only if all blocks were leased at one instant of it.
 */
public final class CountedLeases {

	private final int[] leased = new int[2];

	private boolean shared = true;

	private boolean kept;

	/**
	 * Begin a lease.
	 */
	public String acquire(int thread) {
		if (this.leased[0] + this.leased[1] + ((this.shared || this.kept) ? 1 : 0) == LeaseOperations.MAX_TOTAL) {
			return "exhausted";
		}
		this.leased[thread]++;
		return "acquired";
	}

	/**
	 * End a lease.
	 */
	public String release(int thread) {
		if (this.leased[thread] == 0) {
			return "nothing";
		}
		this.leased[thread]--;
		return "released";
	}

	/**
	 * Refuse to end a lease twice.
	 */
	public String releaseAgain(int thread) {
		return "refused";
	}

	/**
	 * Exchange a handle.
	 */
	public String retain(int thread) {
		return (this.leased[thread] == 0) ? "nothing" : "released";
	}

	/**
	 * Keep the block of the lease that both threads know.
	 */
	public void keepShared() {
		this.kept = true;
	}

	/**
	 * End the lease that both threads know, once.
	 */
	public String releaseShared() {
		boolean first = this.shared;
		this.shared = false;
		return first ? "released" : "refused";
	}

	/**
	 * Change nothing that counts.
	 */
	public void trim() {
	}

	/**
	 * Change nothing.
	 */
	public void statistics() {
	}

	/**
	 * Change nothing.
	 */
	public void balance() {
	}

}
