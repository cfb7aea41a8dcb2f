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

package io.mempool.faults;

/**
 * What code of the application may throw.
 */
enum Failure {

	EXCEPTION {

		@Override
		<T> T raise() {
			throw new IllegalStateException("on purpose");
		}

	},

	ERROR {

		@Override
		<T> T raise() {
			throw new AssertionError("on purpose");
		}

	},

	/**
	 * A real one, of an array that is longer than the JVM allows: it throws before it
	 * collects garbage, which takes long.
	 */
	OUT_OF_MEMORY {

		@Override
		<T> T raise() {
			throw new IllegalStateException("As large as " + new long[Integer.MAX_VALUE].length);
		}

	},

	/**
	 * A real one, which leaves the deepest frame with no room for a call.
	 */
	STACK_OVERFLOW {

		@Override
		<T> T raise() {
			throw new IllegalStateException("As deep as " + descend(0));
		}

		private static int descend(int depth) {
			return (depth < 0) ? 0 : descend(depth + 1) + 1;
		}

	};

	/**
	 * Throw it.
	 */
	abstract <T> T raise();

	/**
	 * Return it.
	 */
	Throwable caught() {
		try {
			return raise();
		}
		catch (Throwable ex) {
			return ex;
		}
	}

	/**
	 * Return whether Reactor throws it at the thread, instead of passing it on.
	 */
	boolean isFatal() {
		return this == OUT_OF_MEMORY || this == STACK_OVERFLOW;
	}

	@Override
	public String toString() {
		return switch (this) {
			case EXCEPTION -> "exception";
			case ERROR -> "Error";
			case OUT_OF_MEMORY -> "OutOfMemoryError";
			case STACK_OVERFLOW -> "StackOverflowError";
		};
	}

}
