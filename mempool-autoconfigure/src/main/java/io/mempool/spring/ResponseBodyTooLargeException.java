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

package io.mempool.spring;

import io.mempool.buffer.SizeLimitExceededException;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response exceeds what an HTTP client may read into pooled memory.
 *
 * @since 0.1.0
 */
public class ResponseBodyTooLargeException extends SizeLimitExceededException {

	private final String pool;

	private final String property;

	/**
	 * Create the exception.
	 * @param length how many bytes the response announced, negative if unknown
	 * @param limit how many bytes may be read
	 * @param pool the name of the pool that the body was to be read into
	 * @param property the property that limits it
	 * @param cause what noticed it, {@code null} if the announced length did
	 */
	public ResponseBodyTooLargeException(long length, long limit, String pool, String property,
			@Nullable Throwable cause) {
		super("The response has " + ((length > limit) ? length + " bytes" : "more than " + limit + " bytes")
				+ ", which cannot be read into a buffer of pool '" + pool + "': '" + property + "' allows " + limit
				+ " bytes. Raise '" + property + "', or read the response as a stream", limit, cause);
		this.pool = pool;
		this.property = property;
	}

	/**
	 * Return the name of the pool that the body was to be read into.
	 * @return the name
	 */
	public String getPool() {
		return this.pool;
	}

	/**
	 * Return the property that limits the body.
	 * @return the name of the property
	 */
	public String getProperty() {
		return this.property;
	}

}
