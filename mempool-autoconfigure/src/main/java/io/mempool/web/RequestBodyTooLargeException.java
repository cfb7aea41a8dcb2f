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

package io.mempool.web;

import io.mempool.buffer.SizeLimitExceededException;
import org.jspecify.annotations.Nullable;

/**
 * A request's body exceeds what may be read of it. Answered with 413 unless the
 * application maps it itself.
 *
 * @since 0.1.0
 */
public class RequestBodyTooLargeException extends SizeLimitExceededException {

	private final @Nullable String pool;

	private final @Nullable String property;

	/**
	 * Create the exception.
	 * @param limit how many bytes may be read
	 */
	public RequestBodyTooLargeException(long limit) {
		super("The body of the request exceeds the " + limit
				+ " bytes that may be read of it. Send less, or raise 'mempool.request.max-body-size' or "
				+ "'mempool.request.limit'", limit);
		this.pool = null;
		this.property = null;
	}

	/**
	 * Create the exception.
	 * @param limit how many bytes may be read
	 * @param pool the name of the pool that the body was to be read into
	 * @param property the property that limits it
	 * @param cause what noticed it, {@code null} if the announced length did
	 */
	public RequestBodyTooLargeException(long limit, String pool, String property, @Nullable Throwable cause) {
		super("The body of the request exceeds what may be read into a buffer of pool '" + pool + "': '" + property
				+ "' allows " + limit + " bytes. Send less, or raise '" + property + "'", limit, cause);
		this.pool = pool;
		this.property = property;
	}

	/**
	 * Return the name of the pool that the body was to be read into.
	 * @return the name, or {@code null} if it is not known
	 */
	public @Nullable String getPool() {
		return this.pool;
	}

	/**
	 * Return the property that limits the body.
	 * @return the name of the property, or {@code null} if it is not known
	 */
	public @Nullable String getProperty() {
		return this.property;
	}

}
