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

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.restclient.test.autoconfigure.RestClientTest;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.client.MockRestServiceServer;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.requestTo;
import static org.springframework.test.web.client.response.MockRestResponseCreators.withSuccess;

/**
 * A test of clients only has the converter and the pools.
 */
@RestClientTest
@ContextConfiguration(classes = PooledClientSliceTests.Application.class)
class PooledClientSliceTests {

	@Autowired
	private Files files;

	@Autowired
	private MockRestServiceServer server;

	@Autowired
	private BufferPool pool;

	@Test
	void clientReadsPooledBuffers() {
		this.server.expect(requestTo("/file")).andRespond(withSuccess("content", MediaType.TEXT_PLAIN));
		try (PooledBuffer body = this.files.get()) {
			assertThat(body.toByteArray()).isEqualTo("content".getBytes());
			assertThat(this.pool.statistics().leased()).isOne();
		}
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@Import(Files.class)
	static class Application {

	}

	static class Files {

		private final RestClient client;

		Files(RestClient.Builder builder) {
			this.client = builder.build();
		}

		PooledBuffer get() {
			return this.client.get().uri("/file").retrieve().body(PooledBuffer.class);
		}

	}

}
