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
import io.mempool.buffer.ContentReader;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolClosedException;
import io.mempool.scope.BufferScope;
import io.mempool.scope.BufferScopes;
import io.mempool.spring.PooledBodies;
import io.mempool.web.BodyLimit;
import io.mempool.web.RequestEndedException;
import reactor.core.publisher.Mono;

import org.springframework.http.ReactiveHttpInputMessage;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Reads the body of one exchange, at most once, and its parts.
 */
final class ExchangeBody {

	private ExchangeBody() {
	}

	/**
	 * Read the body.
	 * @param memory the memory of the exchange
	 * @param request the request as the caller has it
	 * @param pool where the memory comes from
	 * @return emits a buffer of exactly the body, which the scope owns
	 */
	static Mono<PooledBuffer> read(ExchangeMemory memory, ServerHttpRequest request, BufferPool pool) {
		return Mono.defer(() -> {
			memory.takeBody();
			return content(memory, request, pool);
		});
	}

	/**
	 * Read a part of the body.
	 * @param memory the memory of the exchange
	 * @param part the part
	 * @return emits a buffer of exactly the part, which the scope owns
	 */
	static Mono<PooledBuffer> readPart(ExchangeMemory memory, ReactiveHttpInputMessage part) {
		return Mono.defer(() -> content(memory, part, memory.settings().pool().get()));
	}

	private static Mono<PooledBuffer> content(ExchangeMemory memory, ReactiveHttpInputMessage message,
			BufferPool pool) {
		BufferScope scope = memory.scope();
		BodyLimit limit = memory.settings().bodyLimit(scope, pool);
		long length = message.getHeaders().getContentLength();
		limit.check(length);
		ContentReader reader = BufferScopes.reader(scope, pool, length, (int) limit.bytes());
		memory.add(reader);
		return PooledBodies.read(message.getBody(), reader)
			.onErrorMap(RuntimeException.class, (failure) -> explain(memory, limit, failure))
			.doFinally((signal) -> memory.remove(reader));
	}

	private static RuntimeException explain(ExchangeMemory memory, BodyLimit limit, RuntimeException failure) {
		boolean late = memory.isEnded()
				&& (failure instanceof LeaseException || failure instanceof PoolClosedException);
		return late ? new RequestEndedException(failure) : limit.explain(failure);
	}

}
