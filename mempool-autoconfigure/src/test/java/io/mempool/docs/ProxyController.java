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

package io.mempool.docs;

import io.mempool.buffer.PooledBuffer;
import io.mempool.web.servlet.RequestBuffers;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

/**
 * Passes files of another service on.
 */
// tag::controller[]
@RestController
class ProxyController {

	private final RestClient client;

	ProxyController(RestClient client) {
		this.client = client;
	}

	@GetMapping("/proxy/{id}")
	ResponseEntity<PooledBuffer> proxy(@PathVariable int id, RequestBuffers buffers) {
		PooledBuffer file = this.client.get().uri("/files/{id}", id).retrieve().body(PooledBuffer.class);
		if (file == null) {
			return ResponseEntity.noContent().build();
		}
		try {
			// From here on the request owns it
			return ResponseEntity.ok(buffers.adopt(file));
		}
		catch (RuntimeException ex) {
			// The request may not hold as much
			file.close();
			throw ex;
		}
	}

}
// end::controller[]
