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

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.Obstacle;
import io.mempool.core.PoolExhaustedException;
import org.jspecify.annotations.Nullable;

/**
 * How much of a response may be read into a buffer, and the error of one that has more.
 *
 * @param pool the pool that it is read into
 * @param length how many bytes it announced, negative if unknown
 * @param maximum how many bytes may be read
 */
record ResponseLimit(BufferPool pool, long length, int maximum) {

	private static final String PROPERTY = "mempool.clients.max-body-size";

	/**
	 * Fail if more was announced than may be read.
	 */
	void check() {
		if (this.length > this.maximum) {
			throw exceeded(this.maximum, PROPERTY, null);
		}
	}

	/**
	 * Return what a failure to read the response means.
	 * @return an error that says the response is too large if it is, or the failure
	 */
	RuntimeException explain(RuntimeException failure) {
		if (failure instanceof SizeLimitExceededException) {
			return exceeded(this.maximum, PROPERTY, failure);
		}
		Obstacle obstacle = (failure instanceof PoolExhaustedException exhausted) ? exhausted.getObstacle() : null;
		return (obstacle != null && obstacle.permanent()) ? exceeded(obstacle.limit(), obstacle.property(), failure)
				: failure;
	}

	private ResponseBodyTooLargeException exceeded(long limit, String property, @Nullable Throwable cause) {
		return new ResponseBodyTooLargeException(this.length, limit, this.pool.name(), property, cause);
	}

}
