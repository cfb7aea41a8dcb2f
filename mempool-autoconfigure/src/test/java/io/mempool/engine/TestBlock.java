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

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

import io.mempool.core.LeaseException;
import org.jspecify.annotations.Nullable;

/**
 * A block that knows what was done to it.
 */
final class TestBlock extends Block {

	final int size;

	final List<Integer> resets = new ArrayList<>();

	private volatile boolean owned;

	TestBlock(int size) {
		this.size = size;
	}

	/**
	 * Begin to own it.
	 */
	void own() {
		if (this.owned) {
			throw new IllegalStateException("A block has two owners");
		}
		this.owned = true;
	}

	/**
	 * End to own it.
	 */
	void disown() {
		if (!this.owned) {
			throw new IllegalStateException("Another owner had the same block");
		}
		this.owned = false;
	}

	/**
	 * A lease of it.
	 */
	static final class Handle extends BlockLease<TestBlock> {

		Handle(TestBlock block) {
			super(block, block.size);
		}

		private Handle(Handle other) {
			super(other);
		}

		Handle retain() {
			Handle handle = new Handle(this);
			addReference("retain");
			return handle;
		}

		/**
		 * Copy the handle without a reference.
		 */
		Handle copied() {
			return new Handle(this);
		}

		boolean end() {
			try {
				release();
				return true;
			}
			catch (LeaseException ex) {
				return false;
			}
		}

		void endInDoubt() {
			discard();
		}

		TestBlock use() {
			return block("use");
		}

		TestBlock pinned() {
			return pin("pin");
		}

		void unpinned() {
			unpin();
		}

		Handle surrendered() {
			Handle next = new Handle(this);
			surrender("surrender");
			return next;
		}

		@Override
		protected int extent() {
			return 7;
		}

		@Override
		protected LeaseException misuse(String action) {
			return new LeaseException("Cannot " + action);
		}

	}

	/**
	 * Makes it, and fails if a test wants that.
	 */
	static final class Source implements BlockSource<TestBlock> {

		final List<TestBlock> created = Collections.synchronizedList(new ArrayList<>());

		final List<TestBlock> destroyed = Collections.synchronizedList(new ArrayList<>());

		final boolean resets;

		private final boolean destroys;

		volatile @Nullable Function<Integer, Throwable> failureOfCreate;

		volatile @Nullable RuntimeException failureOfReset;

		volatile @Nullable RuntimeException failureOfDestroy;

		volatile Runnable whileCreating = () -> {
		};

		volatile Runnable whileChecking = () -> {
		};

		volatile Runnable whileResetting = () -> {
		};

		Source(boolean resets) {
			this(resets, true);
		}

		/**
		 * Create a source.
		 * @param destroys whether blocks count until they are destroyed
		 */
		Source(boolean resets, boolean destroys) {
			this.resets = resets;
			this.destroys = destroys;
		}

		@Override
		public TestBlock create(int size) {
			this.whileCreating.run();
			Function<Integer, Throwable> failing = this.failureOfCreate;
			Throwable failure = (failing != null) ? failing.apply(this.created.size()) : null;
			if (failure instanceof Error error) {
				throw error;
			}
			if (failure instanceof RuntimeException exception) {
				throw exception;
			}
			TestBlock block = new TestBlock(size);
			this.created.add(block);
			return block;
		}

		@Override
		public boolean isFit(TestBlock block) {
			this.whileChecking.run();
			return true;
		}

		@Override
		public boolean resets() {
			return this.resets;
		}

		@Override
		public boolean reset(TestBlock block, int extent) {
			this.whileResetting.run();
			RuntimeException failure = this.failureOfReset;
			if (failure != null) {
				throw failure;
			}
			block.resets.add(extent);
			return true;
		}

		@Override
		public boolean destroys() {
			return this.destroys;
		}

		@Override
		public void destroy(TestBlock block, boolean inDoubt, Runnable gone) {
			this.destroyed.add(block);
			gone.run();
			RuntimeException failure = this.failureOfDestroy;
			if (failure != null) {
				throw failure;
			}
			gone.run();
		}

	}

}
