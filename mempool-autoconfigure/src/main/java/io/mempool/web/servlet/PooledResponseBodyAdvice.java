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

import java.util.List;

import io.mempool.buffer.PooledBuffer;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpRange;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/**
 * Answers a request for a range of a pooled buffer with that range (RFC 9110, section
 * 14). Only a {@code GET} that is answered with status 200 has ranges. Several ranges,
 * and a range that cannot be read, are ignored: the answer is whole then.
 *
 * @since 0.1.0
 */
@ControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
public final class PooledResponseBodyAdvice implements ResponseBodyAdvice<PooledBuffer> {

	private final RequestScopes scopes;

	private final boolean tags;

	/**
	 * Create the advice.
	 * @param scopes the scopes of the application's requests
	 * @param tags whether answers without an {@code ETag} get one
	 */
	public PooledResponseBodyAdvice(RequestScopes scopes, boolean tags) {
		this.scopes = scopes;
		this.tags = tags;
	}

	@Override
	public boolean supports(MethodParameter returnType, Class<? extends HttpMessageConverter<?>> converterType) {
		return converterType == PooledBufferMessageConverter.class;
	}

	@Override
	public @Nullable PooledBuffer beforeBodyWrite(@Nullable PooledBuffer body, MethodParameter returnType,
			MediaType contentType, Class<? extends HttpMessageConverter<?>> converterType, ServerHttpRequest request,
			ServerHttpResponse response) {
		if (body == null || !(request instanceof ServletServerHttpRequest asked)
				|| !(response instanceof ServletServerHttpResponse answer)) {
			return body;
		}
		boolean passed = false;
		try {
			PooledBuffer content = content(body, asked, answer);
			passed = true;
			return content;
		}
		finally {
			if (!passed) {
				body.close();
			}
		}
	}

	private @Nullable PooledBuffer content(PooledBuffer body, ServletServerHttpRequest request,
			ServletServerHttpResponse response) {
		HttpHeaders headers = response.getHeaders();
		boolean current = response.getServletResponse().getStatus() == HttpServletResponse.SC_OK
				&& isCacheable(request.getMethod());
		if (current && this.tags && isUntagged(headers) && isNotModified(body, request, response)) {
			headers.remove(HttpHeaders.CONTENT_LENGTH);
			body.close();
			return null;
		}
		if (!headers.containsHeader(HttpHeaders.TRANSFER_ENCODING)) {
			headers.setContentLength(body.size());
		}
		if (!current || headers.containsHeader(HttpHeaders.ACCEPT_RANGES)
				|| headers.containsHeader(HttpHeaders.CONTENT_RANGE)) {
			return body;
		}
		headers.set(HttpHeaders.ACCEPT_RANGES, "bytes");
		HttpRange range = (HttpMethod.GET.equals(request.getMethod()) && body.size() > 0) ? range(request, headers)
				: null;
		return (range != null) ? part(body, range, request, response) : body;
	}

	private static boolean isCacheable(HttpMethod method) {
		return HttpMethod.GET.equals(method) || HttpMethod.HEAD.equals(method);
	}

	private static boolean isUntagged(HttpHeaders headers) {
		String caching = headers.getCacheControl();
		return headers.getFirst(HttpHeaders.ETAG) == null && (caching == null || !caching.contains("no-store"));
	}

	private static boolean isNotModified(PooledBuffer body, ServletServerHttpRequest request,
			ServletServerHttpResponse response) {
		return new ServletWebRequest(request.getServletRequest(), response.getServletResponse())
			.checkNotModified(ContentTag.of(body));
	}

	/**
	 * Return the only range that is asked for, {@code null} if the answer is whole.
	 */
	private static @Nullable HttpRange range(ServletServerHttpRequest request, HttpHeaders headers) {
		String value = request.getHeaders().getFirst(HttpHeaders.RANGE);
		if (value == null || !isCurrent(request.getHeaders(), headers)) {
			return null;
		}
		try {
			List<HttpRange> ranges = HttpRange.parseRanges(value);
			return (ranges.size() == 1) ? ranges.get(0) : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	/**
	 * Return whether the client has parts of the same content, or did not say so. Weak
	 * tags never match.
	 */
	private static boolean isCurrent(HttpHeaders request, HttpHeaders response) {
		String condition = request.getFirst(HttpHeaders.IF_RANGE);
		if (condition == null) {
			return true;
		}
		if (condition.startsWith("\"") || condition.startsWith("W/")) {
			return !condition.startsWith("W/") && condition.equals(response.getFirst(HttpHeaders.ETAG));
		}
		try {
			long modified = response.getLastModified();
			return modified >= 0 && modified == request.getFirstDate(HttpHeaders.IF_RANGE);
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private PooledBuffer part(PooledBuffer body, HttpRange range, ServletServerHttpRequest request,
			ServletServerHttpResponse response) {
		HttpHeaders headers = response.getHeaders();
		int size = body.size();
		long start = range.getRangeStart(size);
		if (start >= size) {
			headers.setContentLength(0);
			headers.set(HttpHeaders.CONTENT_RANGE, "bytes */" + size);
			response.setStatusCode(HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE);
			return slice(body, 0, 0, request);
		}
		long end = range.getRangeEnd(size);
		PooledBuffer part = slice(body, (int) start, (int) (end - start + 1), request);
		headers.setContentLength(part.size());
		headers.set(HttpHeaders.CONTENT_RANGE, "bytes " + start + "-" + end + "/" + size);
		response.setStatusCode(HttpStatus.PARTIAL_CONTENT);
		return part;
	}

	/**
	 * Replace a buffer by a part of it. The request owns the part, as other advice may
	 * still fail.
	 */
	private PooledBuffer slice(PooledBuffer body, int start, int length, ServletServerHttpRequest request) {
		PooledBuffer part = body.slice(start, length);
		body.close();
		RequestMemory memory = this.scopes.find(request.getServletRequest());
		return (memory != null) ? memory.own(part) : part;
	}

}
