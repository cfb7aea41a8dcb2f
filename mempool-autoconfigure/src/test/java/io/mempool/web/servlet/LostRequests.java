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

package io.mempool.web.servlet;

import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Requests that Tomcat drops without an event. On a busy machine an error of another
 * thread can come before the thread that began the request has returned. Tomcat (seen
 * with 11.0.24) logs its own error then, and no listener hears of the request again.
 */
final class LostRequests {

	// Held: the framework holds loggers weakly
	private static final Logger COYOTE = Logger.getLogger("org.apache.coyote");

	private static final Handler HANDLER = new Handler() {

		@Override
		public void publish(LogRecord record) {
			Throwable failure = record.getThrown();
			if (failure instanceof IllegalStateException
					&& String.valueOf(failure.getMessage()).contains("Async state")) {
				seen = true;
			}
		}

		@Override
		public void flush() {
		}

		@Override
		public void close() {
		}

	};

	private static volatile boolean seen;

	private LostRequests() {
	}

	static void watch() {
		COYOTE.removeHandler(HANDLER);
		COYOTE.addHandler(HANDLER);
	}

	/**
	 * Return whether Tomcat has said that it dropped one.
	 */
	static boolean areSeen() {
		return seen;
	}

}
