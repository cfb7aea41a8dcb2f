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
 * One leak, reported when it is found.
 *
 * @param kind how it was found
 * @param pool the name of the pool
 * @param size the requested size in bytes; the sum if a scope left several leases,
 * {@code 0} for objects
 * @param leases the number of leases: one unless a scope left several
 * @param age how long the lease was open, {@code null} if a scope left it or it was
 * released
 * @param work the unit of work of the acquire, {@code null} if unknown
 * @param thread the name of the acquiring thread, {@code null} if a scope left it
 * @param stack the stack of the acquire, innermost first and beginning with the caller of
 * the pool; empty unless the level of detection includes stacks
 * @since 0.1.0
 */
public record Leak(LeakKind kind, String pool, long size, int leases, @Nullable Duration age, @Nullable UnitOfWork work,
		@Nullable String thread, List<StackTraceElement> stack) {

	/**
	 * Copy the stack.
	 */
	public Leak {
		stack = List.copyOf(stack);
	}

	/**
	 * Describe the leak, with the stack if there is one.
	 * @return some sentences, for the log
	 */
	public String describe() {
		StringBuilder text = new StringBuilder(what()).append(" of pool '").append(this.pool).append('\'');
		text.append(' ').append(this.kind.event());
		if (this.age != null && this.thread != null) {
			text.append(' ')
				.append(this.age.toMillis())
				.append(" ms after it was acquired by the thread '")
				.append(this.thread)
				.append('\'');
		}
		else if (this.thread != null) {
			text.append(". The thread '").append(this.thread).append("' had acquired it");
		}
		if (this.work != null) {
			text.append(", in ").append(this.work);
		}
		return text.append(remedy()).toString();
	}

	private String what() {
		String size = (this.size > 0) ? " of " + this.size + " bytes" : "";
		return (this.leases == 1) ? "A lease" + size : "A total of " + this.leases + " leases" + size;
	}

	private String remedy() {
		if (this.kind == LeakKind.SCOPE) {
			return "";
		}
		if (this.kind == LeakKind.WRITE_AFTER_RELEASE) {
			return ". Keep no array and no ByteBuffer of a lease beyond its release" + frames(", as this caller did:");
		}
		if (this.stack.isEmpty()) {
			return ". Release what is acquired, best with try-with-resources; set 'mempool.leak-detection' to "
					+ "'advanced' or 'paranoid' to see where that is";
		}
		return frames(". Release what is acquired here, best with try-with-resources:");
	}

	private String frames(String title) {
		if (this.stack.isEmpty()) {
			return "";
		}
		StringBuilder frames = new StringBuilder(title);
		this.stack.forEach((frame) -> frames.append(System.lineSeparator()).append("\tat ").append(frame));
		return frames.toString();
	}

}
