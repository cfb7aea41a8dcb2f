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
import io.mempool.web.RequestAllocator;
import io.mempool.web.RequestBodyTooLargeException;

import org.springframework.web.multipart.MultipartFile;

/**
 * The buffers and pooled objects of the current request. What is acquired here is given
 * back when the request ends, however it ends. Nothing has to be released by hand.
 * <p>
 * <strong>The bean</strong>, injected for example into a singleton, finds the request of
 * the calling thread. Spring must have bound that thread to the request.
 * <p>
 * <strong>The argument</strong> of a controller method is the request's own. Any thread
 * may use it until the request ends.
 * <p>
 * <strong>Where it works.</strong> Both work within {@link RequestScopeFilter} only, and
 * in asynchronous work that was begun there. Elsewhere the memory would not be given
 * back, and an {@code IllegalStateException} says so. A buffer that must outlive the
 * request is {@linkplain #detach detached} or {@linkplain PooledBuffer#retain retained}.
 *
 * @since 0.1.0
 */
public interface RequestBuffers extends RequestAllocator {

	/**
	 * Read the request's body into one buffer of the pool that requests use, through the
	 * request object of the caller: an argument's is the one that the controller has, the
	 * bean's the one that the thread is bound to. While the body arrives, the request
	 * holds at most four times what has arrived and 64 KiB.
	 * @return a buffer of exactly the body, which the request owns
	 * @throws IOException if reading fails, for example because the client hung up
	 * @throws RequestBodyTooLargeException if the body exceeds
	 * {@code mempool.request.max-body-size}, what the request may hold, or what the pool
	 * can ever lend
	 * @throws IllegalStateException if some or all of the body was read before, here or
	 * elsewhere, or if the request has ended
	 */
	@CheckReturnValue
	PooledBuffer readBody() throws IOException;

	/**
	 * Read the request's body into one buffer of any pool, as {@link #readBody()} does.
	 * @param pool the pool
	 * @return a buffer of exactly the body, which the request owns
	 * @throws IOException if reading fails, for example because the client hung up
	 * @throws RequestBodyTooLargeException if the body exceeds
	 * {@code mempool.request.max-body-size}, what the request may hold, or what the pool
	 * can ever lend
	 * @throws IllegalStateException if some or all of the body was read before, here or
	 * elsewhere, or if the request has ended
	 */
	@CheckReturnValue
	PooledBuffer readBody(BufferPool pool) throws IOException;

	/**
	 * Read a part of a multipart request into one buffer of the pool that requests use.
	 * The size of the part is known, so that its bytes are copied once.
	 * @param file the part
	 * @return a buffer of exactly the part, which the request owns
	 * @throws IOException if reading fails
	 * @throws RequestBodyTooLargeException if the part exceeds
	 * {@code mempool.request.max-body-size}, what the request may hold, or what the pool
	 * can ever lend
	 * @throws IllegalStateException if the request has ended
	 */
	@CheckReturnValue
	PooledBuffer read(MultipartFile file) throws IOException;

}
