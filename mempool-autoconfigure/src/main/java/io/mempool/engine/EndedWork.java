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

import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

import io.mempool.core.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * The units of work that ended last, so that a message about a dead handle can name the
 * one that owned it. Safe for use by any number of threads.
 */
public final class EndedWork {

	/*
	 * A dead handle has room for a number only. So each unit of work gets a number when
	 * it ends, and a ring keeps the last ones. Numbers repeat after a million units of
	 * work. A handle that old may name a wrong one if its number is in the ring again;
	 * other old handles name none.
	 */

	private static final int KEPT = 1024;

	private static final int NUMBERS = 1 << 20;

	private static final EndedWork UNNAMED = new EndedWork(0, null);

	private static final AtomicInteger count = new AtomicInteger();

	private static final AtomicReferenceArray<@Nullable EndedWork> last = new AtomicReferenceArray<>(KEPT);

	private final int number;

	private final @Nullable UnitOfWork work;

	private EndedWork(int number, @Nullable UnitOfWork work) {
		this.number = number;
		this.work = work;
	}

	/**
	 * Record that a unit of work ends.
	 * @param work supplies its name, {@code null} if it has none
	 * @return the mark for its handles
	 */
	public static EndedWork of(@Nullable Supplier<@Nullable UnitOfWork> work) {
		UnitOfWork name = (work != null) ? nameOf(work) : null;
		if (name == null) {
			return UNNAMED;
		}
		int number = count.incrementAndGet() & (NUMBERS - 1);
		EndedWork ended = new EndedWork(number, name);
		last.setRelease(number & (KEPT - 1), ended);
		return ended;
	}

	/**
	 * Name a unit of work unless that fails, which is no reason to fail an acquire.
	 */
	static @Nullable UnitOfWork nameOf(Supplier<@Nullable UnitOfWork> work) {
		try {
			return work.get();
		}
		catch (Throwable ex) {
			QuietLog.log(EndedWork.class, Level.DEBUG, "Failed to name a unit of work", ex);
			return null;
		}
	}

	int number() {
		return this.number;
	}

	/**
	 * Describe the end of a unit of work.
	 * @param number its number
	 */
	static String describe(int number) {
		EndedWork ended = last.getAcquire(number & (KEPT - 1));
		boolean known = number != 0 && ended != null && ended.number == number;
		return (known ? "the request or unit of work that owned it has ended: " + ended.work
				: "the request or scope that owned it has ended");
	}

}
