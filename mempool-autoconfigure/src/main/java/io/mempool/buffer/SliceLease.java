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

/**
 * A handle of a part of a leased block.
 */
final class SliceLease extends BufferLease {

	private final int offset;

	// The extent of the whole lease: any of its handles may be released last
	private final int extent;

	SliceLease(BufferLease other, int offset, int size) {
		super(other, size);
		this.offset = offset;
		this.extent = other.extent();
	}

	@Override
	int offset() {
		return this.offset;
	}

	@Override
	protected int extent() {
		return this.extent;
	}

	@Override
	public int capacity() {
		return size();
	}

}
