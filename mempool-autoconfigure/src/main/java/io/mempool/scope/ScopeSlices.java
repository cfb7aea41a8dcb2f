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

import java.util.function.Supplier;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.UnitOfWork;
import io.mempool.engine.OwnedLease;
import io.mempool.engine.Unreleased;
import io.mempool.slice.Slice;
import io.mempool.slice.SlicingAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Lets a scope own what an allocator of slices takes and makes. The reference of an area
 * ends with the scope, in whichever thread that is. So the allocator cannot carve
 * afterwards, and no area is lost if it was about to.
 */
final class ScopeSlices implements SlicingAllocator.Owner {

	private final BufferScope scope;

	ScopeSlices(BufferScope scope) {
		this.scope = scope;
	}

	@Override
	public PooledBuffer acquire(BufferPool pool, int size) {
		// Before the pool is asked, which may wait
		if (this.scope.isClosed()) {
			throw HeldItems.closed(size + " bytes for slices");
		}
		PooledBuffer area = pool.acquire(size);
		this.scope.addOrClose(new Area(area), 0);
		return area;
	}

	@Override
	public void own(Slice slice) {
		this.scope.adopt(slice);
	}

	@Override
	public String toString() {
		return "the slices of " + this.scope;
	}

	/**
	 * The reference of an allocator to an area. It counts no bytes, as the slices do.
	 */
	static final class Area implements OwnedLease {

		private final OwnedLease holder;

		Area(PooledBuffer holder) {
			this.holder = OwnedLease.of(holder);
		}

		@Override
		public void release() {
			this.holder.release();
		}

		@Override
		public void close() {
			this.holder.close();
		}

		@Override
		public void discard() {
			this.holder.discard();
		}

		@Override
		public void abandon() {
			this.holder.abandon();
		}

		@Override
		public boolean isAlive() {
			return this.holder.isAlive();
		}

		@Override
		public int referenceCount() {
			return this.holder.referenceCount();
		}

		@Override
		public boolean isTransient() {
			return this.holder.isTransient();
		}

		@Override
		public void assign(Supplier<@Nullable UnitOfWork> work) {
			this.holder.assign(work);
		}

		@Override
		public void endedWithWork() {
			this.holder.endedWithWork();
		}

		// To leave an allocator to the scope is what it is for
		@Override
		public void addTo(Unreleased unreleased, int size) {
		}

		@Override
		public String toString() {
			return "an area of slices";
		}

	}

}
