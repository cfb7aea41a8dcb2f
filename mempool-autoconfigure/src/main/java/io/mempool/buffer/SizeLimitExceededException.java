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

package io.mempool.buffer;

import org.jspecify.annotations.Nullable;

/**
 * A write or request exceeded a limit of the caller, or the largest block of a pool of
 * blocks. Unlike an exhausted pool, trying again does not help.
 *
 * @since 0.1.0
 */
public class SizeLimitExceededException extends RuntimeException {

	private final long limit;

	/**
	 * Create the exception.
	 * @param message the attempted call, its pool or stream, and the limit
	 * @param limit the limit in bytes
	 */
	public SizeLimitExceededException(String message, long limit) {
		super(message);
		this.limit = limit;
	}

	/**
	 * Create the exception.
	 * @param message the attempted call, its pool or stream, and the limit
	 * @param limit the limit in bytes
	 * @param cause the exception that reported it, {@code null} if there is none
	 */
	public SizeLimitExceededException(String message, long limit, @Nullable Throwable cause) {
		super(message, cause);
		this.limit = limit;
	}

	/**
	 * Return the limit.
	 * @return bytes
	 */
	public long getLimit() {
		return this.limit;
	}

}
