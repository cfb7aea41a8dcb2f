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
 * A free list without a tier. Its slots belong to another one, and no lease asks this
 * list for anything.
 */
class LoneFreeList<B extends Block> extends FreeList<B> {

	LoneFreeList(int maximum) {
		super(maximum, false);
	}

	@Override
	int capacity() {
		throw new UnsupportedOperationException();
	}

	@Override
	void began(Slot<B> slot, long version, int size) {
		throw new UnsupportedOperationException();
	}

	@Override
	void returned() {
		throw new UnsupportedOperationException();
	}

	@Override
	void returnBlock(Slot<B> slot, B block, int extent) {
		throw new UnsupportedOperationException();
	}

	@Override
	void countDoubleRelease() {
		throw new UnsupportedOperationException();
	}

	@Override
	void replaced(B block, Slot<B> slot) {
		throw new UnsupportedOperationException();
	}

	@Override
	Unreleased.Listener unreleasedListener() {
		throw new UnsupportedOperationException();
	}

}
