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
import io.mempool.core.Obstacle;
import io.mempool.core.PoolExhaustedException;
import org.jspecify.annotations.Nullable;

/**
 * How much of a body may be read into a buffer, and the error of a body that has more.
 *
 * @param bytes the limit
 * @param pool the name of the pool that the body is read into
 * @param property the property that limits it
 * @since 0.1.0
 */
public record BodyLimit(long bytes, String pool, String property) {

	/**
	 * Fail if a body has more.
	 * @param length its announced length in bytes, negative if unknown
	 * @throws RequestBodyTooLargeException if it exceeds the limit
	 */
	public void check(long length) {
		if (length > this.bytes) {
			throw exceeded(null);
		}
	}

	/**
	 * Return what to throw for a failure to read the body.
	 * @param failure the failure
	 * @return a {@link RequestBodyTooLargeException} if the body is too large for the
	 * limit or for what its pool can ever lend, else the same failure
	 */
	public RuntimeException explain(RuntimeException failure) {
		if (failure instanceof SizeLimitExceededException && !(failure instanceof RequestBodyTooLargeException)) {
			return exceeded(failure);
		}
		if (failure instanceof PoolExhaustedException exhausted) {
			Obstacle obstacle = exhausted.getObstacle();
			if (obstacle != null && obstacle.permanent()) {
				return new BodyLimit(obstacle.limit(), exhausted.getPool(), obstacle.property()).exceeded(failure);
			}
		}
		return failure;
	}

	private RequestBodyTooLargeException exceeded(@Nullable Throwable cause) {
		return new RequestBodyTooLargeException(this.bytes, this.pool, this.property, cause);
	}

}
