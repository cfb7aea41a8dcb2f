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

import org.jspecify.annotations.Nullable;

/**
 * Logs on threads that did not cause the event: a failing logger does not affect them.
 */
public final class QuietLog {

	private QuietLog() {
	}

	/**
	 * Log a message. What the logger throws, errors too, is dropped.
	 * @param source the class that logs
	 * @param level the level
	 * @param message the message
	 * @param cause what failed, {@code null} if nothing did
	 */
	public static void log(Class<?> source, Level level, String message, @Nullable Throwable cause) {
		try {
			System.getLogger(source.getName()).log(level, message, cause);
		}
		catch (Throwable ex) {
			// There is no other place to report it
		}
	}

}
