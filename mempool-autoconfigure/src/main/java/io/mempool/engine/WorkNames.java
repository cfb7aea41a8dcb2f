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
import java.util.function.Supplier;

import io.mempool.core.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the names of units of work.
 */
final class WorkNames {

	private WorkNames() {
	}

	/**
	 * Name a unit of work unless that fails, which is no reason to fail an acquire.
	 */
	static @Nullable UnitOfWork nameOf(Supplier<@Nullable UnitOfWork> work) {
		try {
			return work.get();
		}
		catch (Throwable ex) {
			QuietLog.log(WorkNames.class, Level.DEBUG, "Failed to name a unit of work", ex);
			return null;
		}
	}

}
