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

package io.mempool.web.reactive;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.object.ObjectPool;
import io.mempool.scope.BufferScope;
import io.mempool.slice.SlicingAllocator;
import reactor.core.publisher.Mono;

import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * The buffers of a request as one caller sees it. All callers share the scope. The body
 * is read through the request object of the caller, which filters may have wrapped.
 */
final class RequestView implements RequestBuffers {

	private final ExchangeMemory memory;

	private final ServerHttpRequest request;

	RequestView(ExchangeMemory memory, ServerHttpRequest request) {
		this.memory = memory;
		this.request = request;
	}

	@Override
	public Mono<PooledBuffer> acquireLater(int size) {
		return Mono.defer(() -> acquireLater(this.memory.settings().pool().get(), size));
	}

	@Override
	public Mono<PooledBuffer> acquireLater(BufferPool pool, int size) {
		return LaterAcquire.of(this.memory, pool, size);
	}

	@Override
	public <T> Mono<T> acquireLater(ObjectPool<T> pool) {
		return LaterAcquire.of(this.memory, pool);
	}

	@Override
	public Mono<PooledBuffer> readBody() {
		return Mono.defer(() -> readBody(this.memory.settings().pool().get()));
	}

	@Override
	public Mono<PooledBuffer> readBody(BufferPool pool) {
		return ExchangeBody.read(this.memory, this.request, pool);
	}

	@Override
	public SlicingAllocator slicingAllocator() {
		return this.memory.settings().slicingAllocator(scope());
	}

	@Override
	public BufferScope scope() {
		return this.memory.scope();
	}

}
