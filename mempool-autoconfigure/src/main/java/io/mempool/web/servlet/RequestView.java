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

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.scope.BufferScope;
import io.mempool.slice.SlicingAllocator;
import jakarta.servlet.ServletRequest;

import org.springframework.web.multipart.MultipartFile;

/**
 * The buffers of a request as one caller sees it. All callers share the scope. The body
 * is read through the request object of the caller, which filters may have wrapped.
 */
final class RequestView implements RequestBuffers {

	private final RequestMemory memory;

	private final ServletRequest request;

	private final RequestScopes scopes;

	RequestView(RequestMemory memory, ServletRequest request, RequestScopes scopes) {
		this.memory = memory;
		this.request = request;
		this.scopes = scopes;
	}

	@Override
	public PooledBuffer readBody() throws IOException {
		return this.memory.readBody(this.request);
	}

	@Override
	public PooledBuffer readBody(BufferPool pool) throws IOException {
		return this.memory.readBody(this.request, pool);
	}

	@Override
	public SlicingAllocator slicingAllocator() {
		return this.scopes.settings().slicingAllocator(scope());
	}

	@Override
	public PooledBuffer read(MultipartFile file) throws IOException {
		return this.memory.read(file);
	}

	@Override
	public BufferScope scope() {
		return this.memory.scope();
	}

}
