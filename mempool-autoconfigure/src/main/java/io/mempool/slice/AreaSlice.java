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

package io.mempool.slice;

import java.util.function.Supplier;

import io.mempool.buffer.PooledBuffer;
import io.mempool.core.LeaseException;
import io.mempool.core.UnitOfWork;
import io.mempool.engine.OwnedLease;
import io.mempool.engine.Unreleased;
import org.jspecify.annotations.Nullable;

/**
 * A slice of an area.
 */
final class AreaSlice extends Slice implements OwnedLease {

	private final Area area;

	private final PooledBuffer handle;

	private AreaSlice(Area area, PooledBuffer buffer, boolean retains, int free, int base, int end) {
		super(free, base, end);
		this.area = area;
		// Last: nothing that follows can fail and lose the reference
		this.handle = retains ? buffer.retain() : buffer;
	}

	/**
	 * Make a slice that has the reference of a buffer.
	 */
	static AreaSlice of(Area area, PooledBuffer buffer) {
		return new AreaSlice(area, buffer, false, 0, 0, buffer.size());
	}

	/**
	 * Make a slice that has a reference of its own.
	 */
	static AreaSlice retaining(Area area, PooledBuffer buffer, int free, int base, int end) {
		return new AreaSlice(area, buffer, true, free, base, end);
	}

	@Override
	public void release() {
		try {
			this.handle.release();
		}
		catch (LeaseException ex) {
			throw misuse("release", ex);
		}
	}

	@Override
	public void discard() {
		try {
			this.handle.discard();
		}
		catch (LeaseException ex) {
			throw misuse("discard", ex);
		}
	}

	// The pool has counted it and knows the area; the caller knows the slice
	private LeaseException misuse(String action, LeaseException cause) {
		LeaseException misuse = misuse(action);
		misuse.initCause(cause);
		return misuse;
	}

	@Override
	public void close() {
		this.handle.close();
	}

	@Override
	public boolean isAlive() {
		return this.handle.isAlive();
	}

	@Override
	public int referenceCount() {
		return this.handle.referenceCount();
	}

	@Override
	public boolean isTransient() {
		return this.handle.isTransient();
	}

	// The area is of the allocator or reader, which may serve many units of work
	@Override
	public void assign(Supplier<@Nullable UnitOfWork> work) {
	}

	@Override
	public void abandon() {
		OwnedLease.of(this.handle).abandon();
	}

	@Override
	public void endedWithWork() {
		OwnedLease.of(this.handle).endedWithWork();
	}

	@Override
	public void addTo(Unreleased unreleased, int size) {
		OwnedLease.of(this.handle).addTo(unreleased, size);
	}

	@Override
	PooledBuffer handle() {
		return this.handle;
	}

	@Override
	Slice twin(int base, int end) {
		return retaining(this.area, this.handle, base, base, end);
	}

	@Override
	boolean hasMemoryOf(Slice other) {
		return other instanceof AreaSlice slice && slice.area == this.area;
	}

	@Override
	boolean isOnly() {
		return this.area.isOnly(this.handle.referenceCount());
	}

	@Override
	String origin() {
		return this.area.origin();
	}

}
