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

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A slice of memory that no pool owns. Its release ends the slice and does nothing to the
 * memory.
 */
final class ForeignSlice extends Slice {

	private final ByteBuffer memory;

	private final AtomicBoolean alive = new AtomicBoolean(true);

	ForeignSlice(ByteBuffer memory) {
		this(memory, 0, memory.capacity());
	}

	private ForeignSlice(ByteBuffer memory, int base, int end) {
		super(base, base, end);
		this.memory = memory;
	}

	@Override
	public void release() {
		end("release");
	}

	@Override
	public void discard() {
		end("discard");
	}

	private void end(String action) {
		if (!this.alive.compareAndSet(true, false)) {
			throw misuse(action);
		}
	}

	@Override
	public void close() {
		this.alive.set(false);
	}

	@Override
	public boolean isAlive() {
		return this.alive.get();
	}

	@Override
	public int referenceCount() {
		return isAlive() ? 1 : 0;
	}

	@Override
	public boolean isTransient() {
		return true;
	}

	@Override
	ByteBuffer memory() {
		return this.memory;
	}

	@Override
	void write(int index, ByteBuffer source) {
		int length = source.remaining();
		this.memory.put(index, source, source.position(), length);
		source.position(source.limit());
	}

	@Override
	void read(int index, ByteBuffer target) {
		int length = target.remaining();
		target.put(target.position(), this.memory, index, length);
		target.position(target.limit());
	}

	@Override
	Slice twin(int base, int end) {
		return new ForeignSlice(this.memory, base, end);
	}

	@Override
	boolean hasMemoryOf(Slice other) {
		return false;
	}

	@Override
	boolean isOnly() {
		// What lies before a twin is of the slice it was retained from
		return false;
	}

	@Override
	String origin() {
		return "of foreign bytes";
	}

}
