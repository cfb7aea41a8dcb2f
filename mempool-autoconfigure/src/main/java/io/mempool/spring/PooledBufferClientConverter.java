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

package io.mempool.spring;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Supplier;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.ContentReader;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.PoolExhaustedException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;

/**
 * Lets a blocking HTTP client read bodies of responses into pooled buffers, and send
 * pooled buffers as bodies of requests: {@code RestClient}, {@code RestTemplate}, and
 * interfaces with {@code @HttpExchange} methods. For clients only.
 * <p>
 * <strong>Ownership.</strong> The caller owns the buffer that the client returns:
 *
 * <pre class="code">
 * try (PooledBuffer body = client.get().uri(uri).retrieve().body(PooledBuffer.class)) {
 *     ...
 * }
 * </pre>
 *
 * A response without a body, or with an empty one, is {@code null}. A buffer that is sent
 * stays with the caller, and is never closed here: a redirect or a retry sends it again.
 * The caller may close it once the client has returned.
 * <p>
 * <strong>Errors.</strong> A body that is too large fails before it is read if its length
 * was announced. A body that is shorter than announced is an {@code IOException}, since
 * not every client notices a lost connection. What fails leaves nothing leased.
 *
 * @since 0.1.0
 */
public final class PooledBufferClientConverter extends AbstractHttpMessageConverter<PooledBuffer> {

	private final Supplier<BufferPool> pool;

	private final int maxBodySize;

	/**
	 * Create the converter.
	 * @param pool the pool that bodies are read into
	 * @param maxBodySize how many bytes of a body may be read
	 */
	public PooledBufferClientConverter(BufferPool pool, int maxBodySize) {
		this(() -> pool, maxBodySize);
	}

	/**
	 * Create the converter.
	 * @param pool returns the pool that bodies are read into, when the first is read
	 * @param maxBodySize how many bytes of a body may be read
	 */
	public PooledBufferClientConverter(Supplier<BufferPool> pool, int maxBodySize) {
		super(MediaType.APPLICATION_OCTET_STREAM, MediaType.ALL);
		if (maxBodySize < 0) {
			throw new IllegalArgumentException("'maxBodySize' must not be negative but is " + maxBodySize);
		}
		this.pool = pool;
		this.maxBodySize = maxBodySize;
	}

	@Override
	public boolean canRead(Class<?> type, @Nullable MediaType mediaType) {
		return type == PooledBuffer.class && canRead(mediaType);
	}

	@Override
	protected boolean supports(Class<?> type) {
		return PooledBuffer.class.isAssignableFrom(type);
	}

	@Override
	protected PooledBuffer readInternal(Class<? extends PooledBuffer> type, HttpInputMessage message)
			throws IOException {
		HttpHeaders headers = message.getHeaders();
		long length = headers.getContentLength();
		PooledBuffer body = read(message, new ResponseLimit(this.pool.get(), length, this.maxBodySize));
		// What a client has decoded may be shorter
		if (body.size() < length && !headers.containsHeader(HttpHeaders.CONTENT_ENCODING)) {
			int size = body.size();
			body.close();
			throw new EOFException("The response ended after " + size + " of " + length + " bytes");
		}
		return body;
	}

	private static PooledBuffer read(HttpInputMessage message, ResponseLimit limit) throws IOException {
		limit.check();
		try (ContentReader reader = new ContentReader(limit.pool(), limit.length(), limit.maximum())) {
			return reader.read(message.getBody());
		}
		catch (SizeLimitExceededException | PoolExhaustedException ex) {
			throw limit.explain(ex);
		}
	}

	@Override
	protected void addDefaultHeaders(HttpHeaders headers, PooledBuffer buffer, @Nullable MediaType contentType)
			throws IOException {
		// Fails for a handle that was released, as long as nothing was sent
		buffer.writeTo(OutputStream.nullOutputStream(), 0, 0);
		super.addDefaultHeaders(headers, buffer, contentType);
	}

	@Override
	protected Long getContentLength(PooledBuffer buffer, @Nullable MediaType contentType) {
		return (long) buffer.size();
	}

	@Override
	protected boolean supportsRepeatableWrites(PooledBuffer buffer) {
		return true;
	}

	@Override
	protected void writeInternal(PooledBuffer buffer, HttpOutputMessage message) throws IOException {
		buffer.writeTo(message.getBody(), 0, buffer.size());
	}

	@Override
	public String toString() {
		return "PooledBufferClientConverter[maxBodySize=" + this.maxBodySize + "]";
	}

}
