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

import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

/**
 * Whether this runtime can open and close arenas that threads share. A native image of
 * GraalVM 25.0 opens them, and throws an error when one is closed, unless it was built
 * with {@code -H:+SharedArenaSupport}.
 */
final class SharedArenas {

	// null before the first attempt
	private static volatile @Nullable Boolean usable;

	private SharedArenas() {
	}

	/**
	 * Return whether shared arenas are usable. The first call tries one.
	 * @param opener opens an arena
	 */
	static boolean areUsable(Callable<? extends AutoCloseable> opener) {
		Boolean usable = SharedArenas.usable;
		if (usable == null) {
			usable = probe(opener);
			SharedArenas.usable = usable;
		}
		return usable;
	}

	/**
	 * Open and close an arena.
	 * @param opener opens an arena
	 * @return whether both worked
	 * @throws VirtualMachineError if memory or stack ran out, which gives no answer
	 */
	static boolean probe(Callable<? extends AutoCloseable> opener) {
		try {
			opener.call().close();
			return true;
		}
		catch (OutOfMemoryError | StackOverflowError ex) {
			throw ex;
		}
		catch (Throwable ex) {
			return false;
		}
	}

}
