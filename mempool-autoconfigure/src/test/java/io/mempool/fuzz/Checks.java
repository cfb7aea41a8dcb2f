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

package io.mempool.fuzz;

import java.util.Arrays;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What targets check.
 */
final class Checks {

	private Checks() {
	}

	static void check(boolean holds, String broken, Object... details) {
		if (!holds) {
			throw new AssertionError(broken + ": " + Arrays.deepToString(details));
		}
	}

	static void same(@Nullable Object actual, @Nullable Object expected, String what) {
		if (!Objects.deepEquals(actual, expected)) {
			throw new AssertionError(what + " is " + text(actual) + ", and not " + text(expected));
		}
	}

	private static String text(@Nullable Object value) {
		return Arrays.deepToString(new Object[] { value });
	}

	/**
	 * Run something that must fail in one way, and in no other.
	 */
	static void fails(Class<? extends Throwable> expected, String what, Action action) throws Exception {
		try {
			action.run();
		}
		catch (Exception ex) {
			if (expected.isInstance(ex)) {
				return;
			}
			throw new AssertionError(what + " fails otherwise than with " + expected.getSimpleName(), ex);
		}
		throw new AssertionError(what + " does not fail with " + expected.getSimpleName());
	}

	/**
	 * Run something that must fail in one way if a condition holds, and must not if it
	 * does not.
	 * @return whether it has not failed
	 */
	static boolean failsIf(boolean condition, Class<? extends Throwable> expected, String what, Action action)
			throws Exception {
		if (condition) {
			fails(expected, what, action);
			return false;
		}
		action.run();
		return true;
	}

	/**
	 * Something that may fail.
	 */
	interface Action {

		void run() throws Exception;

	}

}
