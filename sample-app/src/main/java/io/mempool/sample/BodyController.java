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
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.zip.Deflater;

import io.mempool.buffer.PooledBuffer;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Works on a body and answers at once.
 */
@RestController
@RequestMapping("/api")
class BodyController {

	private final PlainMemory plain;

	BodyController(PlainMemory plain) {
		this.plain = plain;
	}

	@PostMapping("/digest")
	Digest digest(InputStream body, @RequestParam(defaultValue = "pooled") WorkingMemory buffers) throws IOException {
		try (Tool<MessageDigest> digest = buffers.digest()) {
			return Digest.of(body, buffers.chunk(), digest.value());
		}
	}

	/**
	 * Compress a body. The response begins before the body has ended: a client has to
	 * read while it sends, as curl does.
	 */
	@PostMapping("/gzip")
	void gzip(InputStream body, @RequestParam(defaultValue = "pooled") WorkingMemory buffers,
			HttpServletResponse response) throws IOException {
		Chunk input = buffers.chunk();
		Chunk output = buffers.chunk();
		response.setContentType("application/gzip");
		try (Tool<Deflater> deflater = buffers.deflater()) {
			Gzip.compress(body, input, response.getOutputStream(), output, deflater.value());
		}
	}

	/**
	 * Send a body back: Spring reads it into a buffer that the request owns, and writes
	 * the buffer.
	 */
	@PostMapping("/echo")
	ResponseEntity<PooledBuffer> echo(@RequestBody PooledBuffer body,
			@RequestParam(defaultValue = "pooled") WorkingMemory buffers,
			@RequestHeader(name = HttpHeaders.CONTENT_TYPE,
					defaultValue = MediaType.APPLICATION_OCTET_STREAM_VALUE) MediaType contentType) {
		return ResponseEntity.ok().contentType(contentType).body(body);
	}

	@PostMapping(path = "/echo", params = "buffers=plain")
	ResponseEntity<byte[]> echoPlain(@RequestHeader(name = HttpHeaders.CONTENT_TYPE,
			defaultValue = MediaType.APPLICATION_OCTET_STREAM_VALUE) MediaType contentType) throws IOException {
		return ResponseEntity.ok().contentType(contentType).body(this.plain.readBody());
	}

}
