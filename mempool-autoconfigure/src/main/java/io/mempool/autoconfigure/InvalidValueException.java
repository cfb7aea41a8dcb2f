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

/**
 * A text is not what a property holds.
 */
class InvalidValueException extends RuntimeException {

	private final String reason;

	private final String action;

	InvalidValueException(String reason, String action) {
		super(reason + ". " + action);
		this.reason = reason;
		this.action = action;
	}

	String getReason() {
		return this.reason;
	}

	String getAction() {
		return this.action;
	}

}
