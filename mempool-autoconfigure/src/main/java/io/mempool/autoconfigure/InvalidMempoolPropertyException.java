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

package io.mempool.autoconfigure;

import org.jspecify.annotations.Nullable;

/**
 * A property of mempool has a value it cannot have, or should not be there.
 */
class InvalidMempoolPropertyException extends RuntimeException {

	private final String property;

	private final @Nullable WrittenProperty written;

	private final String reason;

	private final String action;

	InvalidMempoolPropertyException(String property, String reason, String action) {
		this(property, null, reason, action);
	}

	/**
	 * Create an exception about a property that the caller has found.
	 * @param property the name of the property
	 * @param written the property as it is written, {@code null} to look for it by its
	 * name
	 * @param reason what is wrong
	 * @param action what to do
	 */
	InvalidMempoolPropertyException(String property, @Nullable WrittenProperty written, String reason, String action) {
		super("Property '" + property + "' is invalid: " + reason + ". " + action);
		this.property = property;
		this.written = written;
		this.reason = reason;
		this.action = action;
	}

	String getProperty() {
		return this.property;
	}

	@Nullable WrittenProperty getWritten() {
		return this.written;
	}

	String getReason() {
		return this.reason;
	}

	String getAction() {
		return this.action;
	}

}
