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

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The lock of a scope, in the scope itself. Not reentrant. Under it there are a few reads
 * and writes and nothing that blocks, and almost always one thread wants it: so it has no
 * queue, and costs one atomic operation where a monitor costs two. Whoever finds it taken
 * spins, and soon lets others run, among them the owner should it have lost its
 * processor.
 */
abstract class ScopeLock {

	private static final VarHandle LOCKED;

	static {
		try {
			LOCKED = MethodHandles.lookup().findVarHandle(ScopeLock.class, "locked", boolean.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private static final int SPINS = 64;

	// Read and written through LOCKED
	@SuppressWarnings("UnusedVariable")
	private boolean locked;

	final void lock() {
		if (!LOCKED.compareAndSet(this, false, true)) {
			lockSlowly();
		}
	}

	// Without the scheduler's help this only takes longer
	@SuppressWarnings("ThreadPriorityCheck")
	private void lockSlowly() {
		int spins = 0;
		while (!LOCKED.compareAndSet(this, false, true)) {
			if (spins < SPINS) {
				spins++;
				Thread.onSpinWait();
			}
			else {
				Thread.yield();
			}
		}
	}

	final void unlock() {
		LOCKED.setRelease(this, false);
	}

}
