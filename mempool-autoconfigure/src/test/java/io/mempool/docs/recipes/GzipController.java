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

package io.mempool.docs.recipes;

// tag::recipe[]
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.PooledOutputStream;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.web.servlet.RequestBuffers;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

@RestController
class GzipController {

	private static final int MAXIMUM = 1024 * 1024;

	private final BufferPool pool;

	GzipController(BufferPool pool) {
		this.pool = pool;
	}

	@PostMapping("/gzip")
	ResponseEntity<PooledBuffer> gzip(@RequestBody PooledBuffer body, RequestBuffers buffers) throws IOException {
		PooledOutputStream compressed = buffers.outputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
			body.writeTo(gzip);
		}
		return ResponseEntity.ok().header(HttpHeaders.CONTENT_ENCODING, "gzip").body(compressed.toBuffer());
	}

	@PostMapping("/gunzip")
	PooledBuffer gunzip(@RequestBody PooledBuffer body, RequestBuffers buffers) throws IOException {
		// A small body may expand to any size
		PooledOutputStream expanded = buffers.scope().outputStream(this.pool, 4 * body.size(), MAXIMUM);
		try {
			expanded.transferFrom(new GZIPInputStream(body.inputStream()));
		}
		catch (SizeLimitExceededException ex) {
			throw new ResponseStatusException(HttpStatus.CONTENT_TOO_LARGE, ex.getMessage(), ex);
		}
		return expanded.toBuffer();
	}

}
// end::recipe[]
