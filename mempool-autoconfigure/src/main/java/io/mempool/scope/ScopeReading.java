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

package io.mempool.scope;

import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.PooledOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Lets a scope own the content that a reader returns. What the reader holds until then
 * counts towards the quota of the scope.
 */
final class ScopeReading implements PooledOutputStream.Owner {

	private final @Nullable QuotaShare quota;

	private final Adopting adopting;

	// Changed by the thread that uses the reader, and by any thread that ends it
	private int reserved;

	ScopeReading(@Nullable QuotaShare quota, Adopting adopting) {
		this.quota = quota;
		this.adopting = adopting;
	}

	@Override
	public int reserve(int needed, int wanted) {
		if (this.quota == null) {
			return wanted;
		}
		int granted = this.quota.reserve(needed, wanted);
		synchronized (this) {
			this.reserved += granted;
		}
		return granted;
	}

	@Override
	public void giveBack(int bytes) {
		if (this.quota != null) {
			synchronized (this) {
				this.reserved -= bytes;
			}
			this.quota.cancel(bytes);
		}
	}

	@Override
	public PooledBuffer adopt(PooledBuffer content) {
		int reserved;
		synchronized (this) {
			reserved = this.reserved;
			this.reserved = 0;
		}
		boolean adopted = false;
		try {
			PooledBuffer owned = this.adopting.adopt(content, reserved);
			adopted = true;
			return owned;
		}
		finally {
			if (!adopted && this.quota != null) {
				this.quota.cancel(reserved);
			}
		}
	}

	@Override
	public String toString() {
		return "a reader of a scope";
	}

	/**
	 * Lets a scope own content.
	 */
	@FunctionalInterface
	interface Adopting {

		/**
		 * Own content.
		 * @param content a buffer of exactly the content
		 * @param reserved how much of it counts already
		 */
		PooledBuffer adopt(PooledBuffer content, int reserved);

	}

}
