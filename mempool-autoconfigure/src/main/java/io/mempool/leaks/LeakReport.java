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

package io.mempool.leaks;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.mempool.core.LeakKind;
import org.jspecify.annotations.Nullable;

/**
 * The leaks of one site: those of one pool that were found in the same way and come from
 * the same code, or as far as that is not known from the same kind of work. What differs
 * from leak to leak is that of the latest.
 *
 * @param kind how they were found
 * @param pool the name of the pool
 * @param size the requested size in bytes; of all leases if a scope left several,
 * {@code 0} for objects
 * @param age for how long the lease was open, {@code null} if a scope left it
 * @param work which kind of work it was acquired for, for example a route such as
 * {@code POST /api/echo}, {@code null} if unknown
 * @param workId which one of its kind that was, {@code null} if unknown
 * @param thread the name of the thread that acquired it, {@code null} if a scope left it
 * @param stack where it was acquired, innermost first and beginning with the caller of
 * the pool; empty unless the level of detection includes stacks
 * @param count how many leases, in all
 * @param firstSeen when the first was found
 * @param lastSeen when the latest was found
 * @since 0.1.0
 */
public record LeakReport(LeakKind kind, String pool, long size, @Nullable Duration age, @Nullable String work,
		@Nullable String workId, @Nullable String thread, List<StackTraceElement> stack, long count, Instant firstSeen,
		Instant lastSeen) {

	/**
	 * Copy the stack.
	 */
	public LeakReport {
		stack = List.copyOf(stack);
	}

}
