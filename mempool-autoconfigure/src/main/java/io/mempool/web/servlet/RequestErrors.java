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

import jakarta.servlet.ServletRequest;

/**
 * The errors of a request that cannot have memory.
 */
final class RequestErrors {

	private RequestErrors() {
	}

	static IllegalStateException unwatched(ServletRequest request) {
		return new IllegalStateException("Cannot open the buffers of the request in this place of its "
				+ request.getDispatcherType() + " dispatch: no RequestScopeFilter watches it, so that its memory would "
				+ "not be given back. RequestBuffers may be used within that filter: in filters of a higher order than "
				+ "'mempool.request.filter-order', in servlets and controllers, and in their asynchronous work. "
				+ "Lower that property, or use try (BufferScope scope = new BufferScope(pool)) here");
	}

}
