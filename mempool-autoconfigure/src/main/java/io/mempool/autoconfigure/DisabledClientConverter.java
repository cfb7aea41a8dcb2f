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

package io.mempool.autoconfigure;

import io.mempool.buffer.PooledBuffer;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;

/**
 * Says why an HTTP client reads and writes no pooled buffers, where Spring would say that
 * a type is not supported.
 */
final class DisabledClientConverter extends AbstractHttpMessageConverter<PooledBuffer> {

	private final SwitchedOff off;

	DisabledClientConverter(SwitchedOff off) {
		super(MediaType.ALL);
		this.off = off;
	}

	@Override
	protected boolean supports(Class<?> type) {
		return PooledBuffer.class.isAssignableFrom(type);
	}

	@Override
	protected PooledBuffer readInternal(Class<? extends PooledBuffer> type, HttpInputMessage message) {
		throw this.off.error("read a response into a PooledBuffer");
	}

	@Override
	protected void addDefaultHeaders(HttpHeaders headers, PooledBuffer buffer, @Nullable MediaType contentType) {
		// Before anything is sent
		throw this.off.error("send a PooledBuffer");
	}

	@Override
	protected void writeInternal(PooledBuffer buffer, HttpOutputMessage message) {
		throw this.off.error("send a PooledBuffer");
	}

}
