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

import java.io.BufferedReader;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;

import com.google.errorprone.annotations.CheckReturnValue;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.PoolExhaustedException;
import io.mempool.web.RequestBodyTooLargeException;
import io.mempool.web.RequestEndedException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

/**
 * A request whose body was read into pooled memory, and may be read again as often as
 * asked: for example by a filter that verifies a signature before a controller takes the
 * body. Each call of {@link #getInputStream} and {@link #getReader} begins at the first
 * byte, and both may be called.
 * <p>
 * <strong>Ownership.</strong> The scope of the request owns the memory. A reader that
 * comes after the end of the request gets an {@code IllegalStateException}.
 * <p>
 * <strong>Forms.</strong> Parameters of a posted form are read from this memory too.
 * There may be at most 10,000 of them. The parts of a multipart request are not taken
 * apart: {@link #getParts} fails and says so.
 * <p>
 * <strong>Copies.</strong> {@link RequestBuffers#readBody()} and controllers that take a
 * {@link PooledBuffer} get a further reference to this memory, and no copy.
 *
 * @since 0.1.0
 */
public final class PooledReplayRequest extends KeptBodyRequest {

	private final RequestMemory memory;

	private final BufferPool pool;

	private final PooledBuffer content;

	private @Nullable Map<String, String[]> parameters;

	private PooledReplayRequest(HttpServletRequest request, RequestMemory memory, BufferPool pool,
			PooledBuffer content) {
		super(request);
		this.memory = memory;
		this.pool = pool;
		this.content = content;
	}

	/**
	 * Read the body of a request, with the limits and errors of
	 * {@link RequestBuffers#readBody()}.
	 * @param request the request, of which no code has read the body or asked for a
	 * parameter of a form. Its filter chain is within {@link RequestScopeFilter}
	 * @param scopes the scopes of the application's requests
	 * @return the request to pass on
	 * @throws IOException if reading fails, for example because the client hung up
	 * @throws RequestBodyTooLargeException if the body exceeds
	 * {@code mempool.request.max-body-size}, what the request may hold, or what the pool
	 * can ever lend
	 * @throws PoolExhaustedException if the pool is exhausted
	 * @throws IllegalStateException if some or all of the body was read before, or if the
	 * request has ended
	 */
	public static PooledReplayRequest of(HttpServletRequest request, RequestScopes scopes) throws IOException {
		RequestMemory memory = scopes.open(request);
		BufferPool pool = scopes.settings().pool().get();
		return new PooledReplayRequest(request, memory, pool, memory.readBody(request, pool));
	}

	/**
	 * Return the body.
	 * @return a buffer of exactly the body, which the request owns. It may be closed
	 * before
	 * @throws IllegalStateException if the request has ended
	 */
	@CheckReturnValue
	public PooledBuffer content() {
		return this.memory.share(alive(), this.content.size());
	}

	// Pools are known by identity
	@SuppressWarnings("ReferenceEquality")
	@Override
	PooledBuffer readBody(ServletRequest request, ContentSource.Opening body, BufferPool pool, RequestBody reader)
			throws IOException {
		if (pool == this.pool && isBodyOf(request)) {
			return content();
		}
		ContentSource source = body.open();
		return reader.readPart(new PartSource(source.stream(), source.length()), pool);
	}

	/**
	 * Return whether a request that wraps this one has the same body.
	 */
	private boolean isBodyOf(ServletRequest request) throws IOException {
		return request == this
				|| (request.getInputStream() instanceof ReplayInputStream stream && stream.reads(this.content));
	}

	private PooledBuffer alive() {
		if (!this.content.isAlive()) {
			throw new RequestEndedException(null);
		}
		return this.content;
	}

	@Override
	public ServletInputStream getInputStream() {
		return new ReplayInputStream(alive());
	}

	@Override
	public BufferedReader getReader() throws IOException {
		return RequestText.reader(this, getInputStream());
	}

	@Override
	public int getContentLength() {
		return this.content.size();
	}

	@Override
	public long getContentLengthLong() {
		return this.content.size();
	}

	@Override
	public @Nullable String getParameter(String name) {
		String[] values = parameters().get(name);
		return (values != null) ? values[0] : null;
	}

	@Override
	public Map<String, String[]> getParameterMap() {
		return Collections.unmodifiableMap(parameters());
	}

	@Override
	public Enumeration<String> getParameterNames() {
		return Collections.enumeration(parameters().keySet());
	}

	@Override
	public String @Nullable [] getParameterValues(String name) {
		String[] values = parameters().get(name);
		return (values != null) ? values.clone() : null;
	}

	private Map<String, String[]> parameters() {
		// The container has those of the query only: it finds the body read
		Map<String, String[]> query = super.getParameterMap();
		if (!isForm(this)) {
			return query;
		}
		Map<String, String[]> parameters = this.parameters;
		if (parameters == null) {
			parameters = FormContent.merge(query, FormContent.parse(getInputStream(), RequestText.charsetOfForm(this)));
			this.parameters = parameters;
		}
		return parameters;
	}

	/**
	 * Return whether containers read parameters from the body of a request.
	 */
	static boolean isForm(HttpServletRequest request) {
		String type = request.getContentType();
		return type != null && HttpMethod.POST.matches(request.getMethod()) && type.regionMatches(true, 0,
				MediaType.APPLICATION_FORM_URLENCODED_VALUE, 0, MediaType.APPLICATION_FORM_URLENCODED_VALUE.length());
	}

	/**
	 * Fail, as the container cannot take apart what was read.
	 * @throws IllegalStateException always
	 */
	@Override
	public Collection<Part> getParts() {
		throw noParts();
	}

	/**
	 * Fail, as the container cannot take apart what was read.
	 * @throws IllegalStateException always
	 */
	@Override
	public Part getPart(String name) {
		throw noParts();
	}

	private static IllegalStateException noParts() {
		return new IllegalStateException("Cannot take apart the body of a replayed request: the container's parser "
				+ "reads a body only once. Pass multipart requests on as they are, or set "
				+ "'spring.servlet.multipart.enabled' to 'false' and take the body as a whole");
	}

}
