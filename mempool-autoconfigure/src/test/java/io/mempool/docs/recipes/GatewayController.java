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
import io.mempool.buffer.PooledBuffer;
import io.mempool.web.reactive.RequestBuffers;
import reactor.core.publisher.Mono;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.client.WebClient;

@RestController
class GatewayController {

	private final WebClient client;

	GatewayController(WebClient client) {
		this.client = client;
	}

	@PostMapping("/gateway/{*path}")
	Mono<ResponseEntity<PooledBuffer>> pass(@PathVariable String path, @RequestBody PooledBuffer body,
			RequestBuffers buffers) {
		return this.client.post()
			.uri(path)
			.bodyValue(body)
			.exchangeToMono((response) -> response.bodyToMono(PooledBuffer.class)
				.map((answer) -> ResponseEntity.status(response.statusCode()).body(owned(answer, buffers)))
				.switchIfEmpty(Mono.fromSupplier(() -> ResponseEntity.status(response.statusCode()).build())));
	}

	// From here on the request owns it, also if it is cancelled
	private static PooledBuffer owned(PooledBuffer answer, RequestBuffers buffers) {
		try {
			return buffers.adopt(answer);
		}
		catch (RuntimeException ex) {
			answer.close();
			throw ex;
		}
	}

}
// end::recipe[]
