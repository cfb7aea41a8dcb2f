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
import java.io.OutputStream;
import java.net.URI;
import java.security.MessageDigest;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/**
 * Stores bodies as files and sends them back.
 */
@RestController
@RequestMapping("/api/files/{name}")
class FileController {

	private final FileStore files;

	FileController(FileStore files) {
		this.files = files;
	}

	@PutMapping
	ResponseEntity<Digest> store(@PathVariable FileName name, InputStream body,
			@RequestParam(defaultValue = "pooled") WorkingMemory buffers) throws IOException {
		try (Tool<MessageDigest> digest = buffers.digest()) {
			FileStore.StoreResult result = this.files.store(name, body, buffers.chunk(), digest.value());
			ResponseEntity.BodyBuilder response = result.created()
					? ResponseEntity.created(URI.create("/api/files/" + name)) : ResponseEntity.ok();
			return response.body(result.digest());
		}
	}

	/**
	 * Send a file. The chunk is acquired here and used by the thread that writes the
	 * response; it goes back when the response is complete.
	 */
	@GetMapping
	ResponseEntity<StreamingResponseBody> send(@PathVariable FileName name,
			@RequestParam(defaultValue = "pooled") WorkingMemory buffers) throws IOException {
		Chunk chunk = buffers.chunk();
		StoredFile file = this.files.find(name)
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no file '" + name + "'."));
		return ResponseEntity.ok()
			.contentLength(file.length())
			.contentType(MediaType.APPLICATION_OCTET_STREAM)
			.body((out) -> send(file, chunk, out));
	}

	private static void send(StoredFile file, Chunk chunk, OutputStream out) throws IOException {
		try (file) {
			InputStream in = file.content();
			for (int count = chunk.fill(in); count > 0; count = chunk.fill(in)) {
				chunk.drain(out, count);
			}
		}
	}

}
