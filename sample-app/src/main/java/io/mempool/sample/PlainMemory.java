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

package io.mempool.sample;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.zip.Deflater;

import io.mempool.web.RequestBodyTooLargeException;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/**
 * New arrays for every request, left to the garbage collector.
 */
@Component("plain")
class PlainMemory implements WorkingMemory {

	private final HttpServletRequest request;

	private final int maxBodySize;

	PlainMemory(HttpServletRequest request, @Value("${mempool.request.max-body-size}") DataSize maxBodySize) {
		this.request = request;
		this.maxBodySize = (int) Math.min(maxBodySize.toBytes(), Integer.MAX_VALUE - 8);
	}

	@Override
	public Chunk chunk() {
		return new Chunk(new byte[CHUNK_SIZE], 0, CHUNK_SIZE);
	}

	@Override
	public Tool<MessageDigest> digest() {
		return new Tool<>(Tools.newDigest(), () -> {
		});
	}

	@Override
	public Tool<Deflater> deflater() {
		Deflater deflater = Tools.newDeflater();
		return new Tool<>(deflater, deflater::end);
	}

	/**
	 * Read the whole body of the request, within the limit of pooled bodies.
	 */
	byte[] readBody() throws IOException {
		if (this.request.getContentLengthLong() > this.maxBodySize) {
			throw new RequestBodyTooLargeException(this.maxBodySize);
		}
		// As readAllBytes() does it, but within the limit
		byte[] body = this.request.getInputStream().readNBytes(this.maxBodySize + 1);
		if (body.length > this.maxBodySize) {
			throw new RequestBodyTooLargeException(this.maxBodySize);
		}
		return body;
	}

}
