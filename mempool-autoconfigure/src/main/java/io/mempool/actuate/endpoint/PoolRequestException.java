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

package io.mempool.actuate.endpoint;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * A pool cannot do what was requested. Nothing has changed.
 */
final class PoolRequestException extends InvalidEndpointRequestException {

	private final int status;

	private PoolRequestException(int status, String message) {
		super(message, message);
		this.status = status;
	}

	/**
	 * The request is wrong.
	 * @param message what is wrong with it, and what to send instead
	 */
	static PoolRequestException invalid(String message) {
		return new PoolRequestException(WebEndpointResponse.STATUS_BAD_REQUEST, message);
	}

	/**
	 * There is no such pool.
	 * @param message which pool was meant, and which there are
	 */
	static PoolRequestException notFound(String message) {
		return new PoolRequestException(WebEndpointResponse.STATUS_NOT_FOUND, message);
	}

	/**
	 * Return the status that HTTP has for it.
	 */
	int status() {
		return this.status;
	}

}
