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

package io.mempool.spring;

import java.util.ArrayList;
import java.util.List;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mempool.buffer.PooledBuffer;

/**
 * Counts the references to a data buffer and its slices, and closes their leases with the
 * last one. For use by any thread.
 */
final class LeaseReferences {

	@GuardedBy("this")
	private int count = 1;

	@GuardedBy("this")
	private final List<PooledBuffer> leases = new ArrayList<>(1);

	/**
	 * Own one more lease.
	 * @throws IllegalStateException if there is no reference any more; the lease is
	 * closed then
	 */
	void add(PooledBuffer lease) {
		boolean added;
		synchronized (this) {
			added = this.count > 0 && this.leases.add(lease);
		}
		if (!added) {
			lease.close();
			throw released("use");
		}
	}

	/**
	 * Own another lease in place of a former one, which is closed if it was owned.
	 * @throws IllegalStateException if there is no reference any more; the other lease is
	 * closed then
	 */
	void replace(PooledBuffer former, PooledBuffer lease) {
		add(lease);
		boolean removed;
		synchronized (this) {
			removed = this.leases.remove(former);
		}
		if (removed) {
			former.close();
		}
	}

	synchronized boolean isAllocated() {
		return this.count > 0;
	}

	synchronized void retain() {
		if (this.count == 0) {
			throw released("retain");
		}
		this.count++;
	}

	/**
	 * Give one reference up.
	 * @return whether that was the last one
	 * @throws IllegalStateException if there was none
	 */
	boolean release() {
		List<PooledBuffer> ended;
		synchronized (this) {
			if (this.count == 0) {
				throw released("release");
			}
			this.count--;
			if (this.count > 0) {
				return false;
			}
			ended = List.copyOf(this.leases);
			this.leases.clear();
		}
		ended.forEach(PooledBuffer::close);
		return true;
	}

	private static IllegalStateException released(String action) {
		return new IllegalStateException("Cannot " + action + " a data buffer: its last reference was released. "
				+ "Call retain() once for each further release()");
	}

}
