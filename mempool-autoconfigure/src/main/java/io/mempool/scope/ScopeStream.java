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
import io.mempool.buffer.PooledOutputStream;
import io.mempool.core.UnitOfWork;
import io.mempool.engine.OwnedLease;
import io.mempool.engine.Unreleased;
import org.jspecify.annotations.Nullable;

/**
 * A stream that a scope owns, as a lease: alive until the stream is released or hands its
 * buffer over.
 */
final class ScopeStream implements PooledOutputStream.Owner, OwnedLease, GrowingItem {

	private final BufferScope scope;

	private final PooledOutputStream stream;

	// What was written or is about to be. Guarded by the scope's monitor
	private int counted;

	// The stream calls its owner only once it is used
	@SuppressWarnings("ThisEscapedInObjectConstruction")
	ScopeStream(BufferScope scope, BufferPool pool, int expected, int maximum) {
		this.scope = scope;
		this.stream = new PooledOutputStream(pool, this, expected, maximum);
	}

	PooledOutputStream stream() {
		return this.stream;
	}

	@Override
	public void count(int bytes) {
		this.counted += bytes;
	}

	@Override
	public int reserve(int needed, int wanted) {
		return this.scope.reserve(this, needed, wanted);
	}

	@Override
	public void giveBack(int bytes) {
		this.scope.giveBack(this, bytes);
	}

	@Override
	public PooledBuffer adopt(PooledBuffer buffer) {
		if (!this.scope.addResult(this, buffer)) {
			throw HeldItems.closed(buffer.size() + " bytes");
		}
		this.scope.name(buffer);
		return buffer;
	}

	@Override
	public void release() {
		this.stream.release();
	}

	@Override
	public void close() {
		this.stream.release();
	}

	@Override
	public void discard() {
		this.stream.abandon();
	}

	@Override
	public void abandon() {
		this.stream.abandon();
	}

	@Override
	public boolean isAlive() {
		return this.stream.isAlive();
	}

	@Override
	public int referenceCount() {
		return isAlive() ? 1 : 0;
	}

	@Override
	public int size() {
		return this.counted;
	}

	@Override
	public void addTo(Unreleased unreleased, int size) {
		this.stream.ifHeld((buffer) -> OwnedLease.of(buffer).addTo(unreleased, buffer.size()));
	}

	// A stream has neither notes nor handles: its buffer has, once the scope owns that

	@Override
	public void assign(Supplier<@Nullable UnitOfWork> work) {
	}

	@Override
	public void endedWithWork() {
	}

	@Override
	public String toString() {
		return "a stream";
	}

}
