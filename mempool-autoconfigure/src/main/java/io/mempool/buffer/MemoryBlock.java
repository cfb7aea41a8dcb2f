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

import java.nio.ByteBuffer;

import io.mempool.core.Block;

/**
 * A block of memory. Indexes are checked by the lease, which knows its size.
 */
abstract class MemoryBlock extends Block {

	private final String pool;

	// Whether somebody could have touched more than the requested size
	private boolean exposed;

	MemoryBlock(String pool) {
		this.pool = pool;
	}

	final String pool() {
		return this.pool;
	}

	final void expose() {
		this.exposed = true;
	}

	final void clear(int extent) {
		int length = this.exposed ? reach() : Math.min(extent, capacity());
		this.exposed = false;
		fillWithZero(length);
	}

	abstract int capacity();

	/**
	 * Return how many bytes from the block's beginning on are its own: its capacity, and
	 * what keeps it apart from other memory.
	 */
	int reach() {
		return capacity();
	}

	abstract boolean hasArray();

	abstract byte[] array();

	/**
	 * Return where in {@link #array} the block begins.
	 */
	abstract int arrayOffset();

	abstract ByteBuffer view(int index, int size);

	abstract byte get(int index);

	abstract void put(int index, byte value);

	abstract void copyIn(int index, byte[] source, int offset, int length);

	abstract void copyIn(int index, ByteBuffer source);

	abstract void copyOut(int index, byte[] target, int offset, int length);

	abstract void copyOut(int index, ByteBuffer target);

	abstract void fillWithZero(int length);

}
