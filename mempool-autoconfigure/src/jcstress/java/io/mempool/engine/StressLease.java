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

import io.mempool.core.LeaseException;
import org.jspecify.annotations.Nullable;

/**
 * A lease that answers misuse with a value, since a test makes millions of them.
 */
final class StressLease extends BlockLease<StressBlock> {

	static final int DEAD = -1;

	private static final LeaseException MISUSE = new Misuse();

	StressLease(StressBlock block) {
		super(block, 1);
	}

	private StressLease(StressLease other) {
		super(other);
	}

	/**
	 * Give the reference up.
	 * @return whether this call did it
	 */
	boolean end() {
		try {
			release();
			return true;
		}
		catch (Misuse ex) {
			return false;
		}
	}

	/**
	 * Release the reference, and never lend the block again.
	 * @return whether this call did it
	 */
	boolean endInDoubt() {
		try {
			discard();
			return true;
		}
		catch (Misuse ex) {
			return false;
		}
	}

	/**
	 * Add a reference.
	 * @return a handle for it, {@code null} if this one is dead
	 */
	@Nullable StressLease retain() {
		try {
			StressLease handle = new StressLease(this);
			addReference("retain");
			return handle;
		}
		catch (Misuse ex) {
			return null;
		}
	}

	/**
	 * Read as a copy out of a buffer does.
	 * @return the content, {@link #DEAD} if this handle is dead
	 */
	int read() {
		StressBlock block;
		try {
			block = pin("read");
		}
		catch (Misuse ex) {
			return DEAD;
		}
		try {
			// Long enough for the next owner to come, if nothing holds it off
			for (int i = 0; i < 10; i++) {
				Thread.onSpinWait();
			}
			return block.content;
		}
		finally {
			unpin();
		}
	}

	/**
	 * Write as the owner of an array does, which is with no more than a look before it.
	 */
	void write(int content) {
		block("write to").content = content;
	}

	StressBlock pinned() {
		return pin("pin");
	}

	void unpinned() {
		unpin();
	}

	StressBlock block() {
		return deadOrAlive();
	}

	@Override
	protected int extent() {
		return 1;
	}

	@Override
	protected LeaseException misuse(String action) {
		return MISUSE;
	}

	/**
	 * Without a stack trace: which of two releases fails is what a test is about.
	 */
	private static final class Misuse extends LeaseException {

		Misuse() {
			super("misuse");
		}

		@Override
		public synchronized Throwable fillInStackTrace() {
			return this;
		}

	}

}
