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
import java.io.OutputStream;

import io.mempool.buffer.PooledBuffer;
import jakarta.servlet.ServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import org.springframework.http.server.ServletServerHttpRequest;

/**
 * Reads the bodies of requests into pooled buffers, and writes pooled buffers as bodies
 * of responses. For servers only: a client's buffers have no request that owns them.
 * <p>
 * <strong>Ownership.</strong> The request owns a buffer that was read, as that of
 * {@link RequestBuffers#readBody()}, with its limits and its errors. A buffer that was
 * written is closed, whether that succeeded or not.
 *
 * @since 0.1.0
 */
public final class PooledBufferMessageConverter extends AbstractHttpMessageConverter<PooledBuffer> {

	private final RequestScopes scopes;

	/**
	 * Create the converter.
	 * @param scopes the scopes of the application's requests
	 */
	public PooledBufferMessageConverter(RequestScopes scopes) {
		super(MediaType.APPLICATION_OCTET_STREAM, MediaType.ALL);
		this.scopes = scopes;
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
		if (message instanceof ContentMessage content) {
			ServletRequest request = CurrentRequestBuffers.request();
			RequestMemory memory = this.scopes.open(request);
			return content.whole() ? memory.readBody(request, content::source) : memory.readPart(content.source());
		}
		if (message instanceof ServletServerHttpRequest http) {
			// Of a functional endpoint, which any thread may read
			ServletRequest request = http.getServletRequest();
			return this.scopes.open(request).readBody(request);
		}
		RequestMemory memory = this.scopes.open(CurrentRequestBuffers.request());
		return memory.readPart(new PartSource(message.getBody(), message.getHeaders().getContentLength()));
	}

	@Override
	protected Long getContentLength(PooledBuffer buffer, @Nullable MediaType contentType) {
		return (long) buffer.size();
	}

	@Override
	protected void writeInternal(PooledBuffer buffer, HttpOutputMessage message) throws IOException {
		try (buffer) {
			// Fails for a handle that was released, as long as nothing was sent
			buffer.writeTo(OutputStream.nullOutputStream(), 0, 0);
			buffer.writeTo(message.getBody(), 0, buffer.size());
		}
	}

}
