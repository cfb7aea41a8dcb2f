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
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;

import com.google.errorprone.annotations.CheckReturnValue;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.SizeLimitExceededException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.web.server.ResponseStatusException;

/**
 * A request that keeps what other code reads of its body, in pooled memory: for example
 * to log it after the controller. It reads nothing by itself.
 * <p>
 * <strong>Ownership.</strong> The scope of the request owns the memory. What is read
 * after the end of the request is not kept.
 * <p>
 * <strong>Limit.</strong> What comes after the limit is read and not kept. The same
 * happens if the pool or the limit of the request has no more memory: keeping a body
 * never fails its reader. {@link #isTruncated} says so.
 * <p>
 * <strong>Forms.</strong> If the parameters of a posted form are read, and not its body,
 * the body is written anew from them. Parts of a multipart request are not kept.
 * <p>
 * <strong>Copies.</strong> {@link RequestBuffers#readBody()} and controllers that take a
 * {@link PooledBuffer} share their memory with this request, which copies nothing then.
 *
 * @since 0.1.0
 */
public final class PooledContentCachingRequest extends KeptBodyRequest {

	private final RequestMemory memory;

	private final BodyRecording recording;

	private @Nullable RecordedInputStream stream;

	private @Nullable BufferedReader reader;

	private boolean formRecorded;

	private PooledContentCachingRequest(HttpServletRequest request, RequestMemory memory, BodyRecording recording) {
		super(request);
		this.memory = memory;
		this.recording = recording;
	}

	/**
	 * Keep what is read of a request, up to {@code mempool.request.max-body-size}.
	 * @param request the request. Its filter chain is within {@link RequestScopeFilter}
	 * @param scopes the scopes of the application's requests
	 * @return the request to pass on
	 * @throws IllegalStateException if the request has ended
	 */
	public static PooledContentCachingRequest of(HttpServletRequest request, RequestScopes scopes) {
		return of(request, scopes, scopes.settings().maxBodySize());
	}

	/**
	 * Keep what is read of a request.
	 * @param request the request. Its filter chain is within {@link RequestScopeFilter}
	 * @param scopes the scopes of the application's requests
	 * @param limit how many bytes are kept at most
	 * @return the request to pass on
	 * @throws IllegalArgumentException if the limit is negative
	 * @throws IllegalStateException if the request has ended
	 */
	public static PooledContentCachingRequest of(HttpServletRequest request, RequestScopes scopes, int limit) {
		if (limit < 0) {
			throw new IllegalArgumentException("'limit' must not be negative but is " + limit);
		}
		RequestMemory memory = scopes.open(request);
		return new PooledContentCachingRequest(request, memory,
				new BodyRecording(memory, scopes.settings().pool().get(), limit));
	}

	/**
	 * Return what was read so far.
	 * @return a buffer of exactly that, or of its beginning if it
	 * {@linkplain #isTruncated was cut}. The request owns it, and it may be closed before
	 * @throws SizeLimitExceededException if the request would hold more than its limit:
	 * each buffer counts with its size
	 * @throws IllegalStateException if the request has ended
	 */
	@CheckReturnValue
	public PooledBuffer content() {
		return this.recording.content();
	}

	/**
	 * Return whether more was read than was kept.
	 * @return whether {@link #content} is only the beginning
	 */
	public boolean isTruncated() {
		return this.recording.isTruncated();
	}

	@Override
	PooledBuffer readBody(ServletRequest request, ContentSource.Opening body, BufferPool pool, RequestBody reader)
			throws IOException {
		KeptBodyRequest kept = find(getRequest());
		boolean shares = isStreamOf(this.recording, request) && this.recording.pause();
		PooledBuffer read = null;
		try {
			read = (kept != null) ? kept.readBody(request, body, pool, reader) : reader.read(body, pool);
			return read;
		}
		finally {
			if (shares) {
				this.recording.resume(read);
			}
		}
	}

	private static boolean isStreamOf(BodyRecording recording, ServletRequest request) throws IOException {
		try {
			return request.getInputStream() instanceof RecordedInputStream stream && stream.recording() == recording;
		}
		catch (IllegalStateException ex) {
			// A wrapper reads it as characters
			return false;
		}
	}

	@Override
	public ServletInputStream getInputStream() throws IOException {
		RecordedInputStream present = this.stream;
		if (present == null) {
			present = new RecordedInputStream(super.getInputStream(), this.recording);
			this.stream = present;
		}
		return present;
	}

	@Override
	public BufferedReader getReader() throws IOException {
		BufferedReader present = this.reader;
		if (present == null) {
			present = RequestText.reader(this, getInputStream());
			this.reader = present;
		}
		return present;
	}

	@Override
	public @Nullable String getParameter(String name) {
		recordForm();
		return super.getParameter(name);
	}

	@Override
	public Map<String, String[]> getParameterMap() {
		recordForm();
		return super.getParameterMap();
	}

	@Override
	public Enumeration<String> getParameterNames() {
		recordForm();
		return super.getParameterNames();
	}

	@Override
	public String @Nullable [] getParameterValues(String name) {
		recordForm();
		return super.getParameterValues(name);
	}

	// The container reads the body, and not through this request
	private void recordForm() {
		if (this.formRecorded || this.memory.isEnded() || this.recording.isBegun()
				|| !PooledReplayRequest.isForm(this)) {
			return;
		}
		this.formRecorded = true;
		Map<String, String[]> parameters = super.getParameterMap();
		try {
			byte[] content = form(parameters).getBytes(StandardCharsets.US_ASCII);
			this.recording.add(content, 0, content.length);
		}
		catch (ResponseStatusException ex) {
			// The container reads what cannot be written anew
			this.recording.cut();
		}
	}

	private String form(Map<String, String[]> parameters) {
		Charset charset = RequestText.charsetOfForm(this);
		String query = getQueryString();
		Map<String, List<String>> ofQuery = (query != null)
				? FormContent.parse(new ByteArrayInputStream(query.getBytes(StandardCharsets.UTF_8)), charset)
				: Map.of();
		return FormContent.write(parameters, ofQuery, charset);
	}

}
