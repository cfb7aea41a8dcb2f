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

import java.util.NoSuchElementException;

import com.google.errorprone.annotations.CheckReturnValue;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolExhaustedException;
import io.mempool.object.ObjectPool;
import io.mempool.web.RequestAllocator;
import io.mempool.web.RequestBodyTooLargeException;
import reactor.core.publisher.Mono;

/**
 * The buffers and pooled objects of a request to WebFlux. What is acquired here is given
 * back when the request completes, fails or is cancelled. Nothing has to be released by
 * hand.
 * <p>
 * <strong>Ways to it.</strong> A controller method takes it as an argument. A functional
 * endpoint or a filter calls {@link RequestScopes#of}. Any other part of the pipeline of
 * the request takes {@link #current()}. Any thread may use it until the request ends.
 * <p>
 * <strong>Waiting.</strong> A thread of an event loop must not wait. There, an
 * {@code acquire} of a pool with the policy {@link ExhaustionPolicy#WAIT} is refused at
 * once if it would have to wait. {@link #acquireLater} waits elsewhere.
 * <p>
 * <strong>The end.</strong> A request that fails or is cancelled may still have threads
 * that work for it. Its memory is not lent again then.
 *
 * @since 0.1.0
 */
public interface RequestBuffers extends RequestAllocator {

	/**
	 * Return the buffers of the request whose pipeline subscribes.
	 * @return emits them, or fails with an {@code IllegalStateException} outside of
	 * {@link RequestScopeWebFilter}
	 */
	static Mono<RequestBuffers> current() {
		return Mono.deferContextual((context) -> {
			try {
				return Mono.just(context.get(RequestBuffers.class));
			}
			catch (NoSuchElementException ex) {
				return Mono.error(new IllegalStateException(
						"No request is in the context of this pipeline: it was subscribed to on its own, or outside of "
								+ "RequestScopeWebFilter. Return it to Spring as a part of what the handler returns, "
								+ "or take RequestBuffers as an argument of the controller",
						ex));
			}
		});
	}

	/**
	 * Acquire a buffer of the pool that requests use, as
	 * {@link #acquireLater(BufferPool, int)} does.
	 * @param size bytes, {@code 0} or more
	 * @return emits a buffer that the request owns
	 */
	Mono<PooledBuffer> acquireLater(int size);

	/**
	 * Acquire a buffer of any pool, without blocking the subscribing thread. With the
	 * policy {@link ExhaustionPolicy#WAIT} a thread that may wait acquires it, for at
	 * most the {@code max-wait} of the pool. With any other policy, it is acquired at
	 * once. A cancelled wait ends, and what comes too late goes back.
	 * @param pool the pool
	 * @param size bytes, {@code 0} or more
	 * @return emits a buffer that the request owns, a new one for each subscription;
	 * fails as {@link #acquire(BufferPool, int)} does
	 */
	Mono<PooledBuffer> acquireLater(BufferPool pool, int size);

	/**
	 * Acquire an object of any pool, as {@link #acquireLater(BufferPool, int)} does.
	 * @param <T> the type of the object
	 * @param pool the pool
	 * @return emits an object that the request owns, not to be used once it has ended
	 */
	<T> Mono<T> acquireLater(ObjectPool<T> pool);

	/**
	 * Read the request's body into one buffer of the pool that requests use, when
	 * subscribed to. While the body arrives, the request holds at most four times what
	 * has arrived and 64 KiB.
	 * @return emits a buffer of exactly the body, which the request owns; of size
	 * {@code 0} if there is no body. Fails with a {@link RequestBodyTooLargeException} if
	 * the body exceeds {@code mempool.request.max-body-size}, what the request may hold,
	 * or what the pool can ever lend; with a {@link PoolExhaustedException} if the pool
	 * is exhausted; with an {@code IllegalStateException} if the body was read before, or
	 * the request has ended
	 */
	@CheckReturnValue
	Mono<PooledBuffer> readBody();

	/**
	 * Read the request's body into one buffer of any pool, as {@link #readBody()} does.
	 * @param pool the pool
	 * @return emits a buffer of exactly the body, which the request owns
	 */
	@CheckReturnValue
	Mono<PooledBuffer> readBody(BufferPool pool);

}
