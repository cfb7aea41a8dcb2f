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

package io.mempool.core;

/**
 * How a leak was found.
 *
 * @since 0.1.0
 */
public enum LeakKind {

	/**
	 * A lease was lost: it became unreachable, and was collected, without a release.
	 */
	COLLECTED("was lost without a release"),

	/**
	 * A lease has been open for longer than its maximum age. It may still be released.
	 */
	AGE("is still open"),

	/**
	 * A unit of work ended and left a release to its scope. That is legal, and nothing is
	 * lost.
	 */
	SCOPE("was left to the end of its unit of work"),

	/**
	 * Code wrote to memory after its last release. Found in quarantine, when the memory
	 * is about to be used again or is dropped.
	 * @see Protection#QUARANTINE
	 */
	WRITE_AFTER_RELEASE("was written to after its release");

	private final String event;

	LeakKind(String event) {
		this.event = event;
	}

	/**
	 * Return what happened to the lease, as the predicate of a sentence.
	 */
	String event() {
		return this.event;
	}

}
