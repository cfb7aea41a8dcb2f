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
import org.jspecify.annotations.Nullable;

/**
 * Determines which requests share a {@code mempool.request.quota}: those with equal keys.
 * A bean of this type replaces the default, the remote address.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface RequestQuotaKey {

	/**
	 * Return the key of a request. Called when the request first acquires memory, by the
	 * thread that does. Before its controller is found, the request has no route. What
	 * this method throws, that acquire throws.
	 * @param request the request
	 * @return a key with {@code equals} and {@code hashCode} that does not change; its
	 * text is in logs. {@code null} for a request without a quota
	 */
	@Nullable Object of(ServletRequest request);

	/**
	 * Return keys that are the address which the request came from. Behind a proxy this
	 * is the proxy's, unless {@code server.forward-headers-strategy} is set.
	 * @return the default
	 */
	static RequestQuotaKey remoteAddress() {
		return ServletRequest::getRemoteAddr;
	}

}
