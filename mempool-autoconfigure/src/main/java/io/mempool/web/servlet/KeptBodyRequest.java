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
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.jspecify.annotations.Nullable;

/**
 * A request that has its body in pooled memory, or keeps it there when it is read.
 */
abstract class KeptBodyRequest extends HttpServletRequestWrapper {

	KeptBodyRequest(HttpServletRequest request) {
		super(request);
	}

	/**
	 * Return the body as a buffer of a pool, without a copy if possible.
	 * @param request the request as the caller has it, which is this one or wraps it
	 * @param body opens its body
	 * @param pool where the memory comes from
	 * @param reader reads what has to be read
	 * @return a buffer of exactly the body, which the request owns
	 */
	abstract PooledBuffer readBody(ServletRequest request, ContentSource.Opening body, BufferPool pool,
			RequestBody reader) throws IOException;

	/**
	 * Return the request of this kind that a request is or wraps, the outermost of
	 * several.
	 */
	static @Nullable KeptBodyRequest find(ServletRequest request) {
		ServletRequest current = request;
		while (current instanceof ServletRequestWrapper wrapper) {
			if (current instanceof KeptBodyRequest kept) {
				return kept;
			}
			current = wrapper.getRequest();
		}
		return null;
	}

}
