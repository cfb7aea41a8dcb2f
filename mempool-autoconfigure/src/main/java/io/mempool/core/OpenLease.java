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

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A lease that was open when its pool was asked, as the pool noted it. It refers to
 * neither the lease nor its block: to keep it prevents no leak from being found.
 *
 * @param number distinguishes the lease from all others of the process; a lease that
 * began later has a higher number
 * @param pool the name of the pool
 * @param size the requested size in bytes, {@code 0} for objects
 * @param age how long the lease has been open
 * @param work the unit of work that owns it, or of the acquire; {@code null} if unknown
 * @param thread the name of the acquiring thread
 * @param stack the stack of the acquire, innermost first and beginning with the caller of
 * the pool
 * @since 0.1.0
 */
public record OpenLease(long number, String pool, long size, Duration age, @Nullable UnitOfWork work, String thread,
		List<StackTraceElement> stack) {

	/**
	 * Copy the stack.
	 */
	public OpenLease {
		stack = List.copyOf(stack);
	}

	/**
	 * Describe the lease, with the stack.
	 * @return some lines, without a line break at the end
	 */
	public String describe() {
		StringBuilder text = new StringBuilder("A lease");
		if (this.size > 0) {
			text.append(" of ").append(this.size).append(" bytes");
		}
		text.append(" of pool '").append(this.pool).append("', acquired ").append(this.age.toMillis());
		text.append(" ms ago by the thread '").append(this.thread).append('\'');
		if (this.work != null) {
			text.append(", in ").append(this.work);
		}
		this.stack.forEach((frame) -> text.append(System.lineSeparator()).append("\tat ").append(frame));
		return text.toString();
	}

}
