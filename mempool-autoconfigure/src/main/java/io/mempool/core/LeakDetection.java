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
 * How much is noted about leases, so that a report can name one that is lost or open too
 * long. The levels are those of Netty.
 *
 * @since 0.1.0
 */
public enum LeakDetection {

	/**
	 * Notes nothing. Lost leases are still counted.
	 */
	DISABLED,

	/**
	 * One of {@value #SAMPLING} acquires is noted: size, time, thread and unit of work.
	 */
	SIMPLE,

	/**
	 * One of {@value #SAMPLING} acquires is noted, with the stacks of the acquire and of
	 * the release: a second release names the thread that released first.
	 */
	ADVANCED,

	/**
	 * Every acquire is noted, with the stacks of the acquire and of the release. For
	 * tests, and to find one leak: a stack costs more than most leases.
	 */
	PARANOID;

	/**
	 * One of this many acquires is noted, unless all are.
	 */
	public static final int SAMPLING = 128;

	/**
	 * Return whether any acquire is noted.
	 * @return {@code false} for {@link #DISABLED}
	 */
	public boolean notes() {
		return this != DISABLED;
	}

	/**
	 * Return whether notes include stacks, and releases.
	 * @return {@code true} for {@link #ADVANCED} and {@link #PARANOID}
	 */
	public boolean traces() {
		return this == ADVANCED || this == PARANOID;
	}

}
