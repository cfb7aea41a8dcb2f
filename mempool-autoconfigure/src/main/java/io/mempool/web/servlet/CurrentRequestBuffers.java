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

import java.io.IOException;

import com.google.errorprone.annotations.CheckReturnValue;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.scope.BufferScope;
import io.mempool.scope.BufferScopes;
import io.mempool.slice.SlicingAllocator;
import jakarta.servlet.ServletRequest;

import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.multipart.MultipartFile;

/**
 * The buffers of the request that the calling thread is bound to. The body is read
 * through the bound request object.
 *
 * @since 0.1.0
 */
public final class CurrentRequestBuffers implements RequestBuffers {

	private final RequestScopes scopes;

	/**
	 * Create the facade.
	 * @param scopes the scopes of the application's requests
	 */
	public CurrentRequestBuffers(RequestScopes scopes) {
		this.scopes = scopes;
	}

	@Override
	@CheckReturnValue
	public PooledBuffer readBody() throws IOException {
		ServletRequest request = request();
		return this.scopes.open(request).readBody(request);
	}

	@Override
	@CheckReturnValue
	public PooledBuffer readBody(BufferPool pool) throws IOException {
		ServletRequest request = request();
		return this.scopes.open(request).readBody(request, pool);
	}

	@Override
	public SlicingAllocator slicingAllocator() {
		return this.scopes.settings().slicingAllocator(scope());
	}

	@Override
	@CheckReturnValue
	public PooledBuffer read(MultipartFile file) throws IOException {
		return this.scopes.open(request()).read(file);
	}

	@Override
	public BufferScope scope() {
		BufferScope scope = (RequestContextHolder.getRequestAttributes() == null) ? BufferScopes.find() : null;
		return (scope != null) ? scope : this.scopes.open(request()).scope();
	}

	/**
	 * Return the request that the calling thread is bound to.
	 */
	static ServletRequest request() {
		RequestAttributes attributes = RequestContextHolder.getRequestAttributes();
		if (attributes instanceof ServletRequestAttributes servlet) {
			return servlet.getRequest();
		}
		throw new IllegalStateException("No request is bound to the thread '" + Thread.currentThread().getName()
				+ "'. In a controller, take RequestBuffers as an argument of the method: that works in every thread "
				+ "until the request ends. Outside of requests, use try (BufferScope scope = new BufferScope(pool))");
	}

}
