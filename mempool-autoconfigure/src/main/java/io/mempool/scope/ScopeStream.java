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

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.PooledOutputStream;

/**
 * A stream that a scope owns, and what it counts towards the scope's limit.
 */
final class ScopeStream implements PooledOutputStream.Owner, AutoCloseable {

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

	boolean isAlive() {
		return this.stream.isAlive();
	}

	int counted() {
		return this.counted;
	}

	void count(int bytes) {
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
		return this.scope.adoptResult(this, buffer);
	}

	@Override
	public void close() {
		this.stream.release();
	}

}
