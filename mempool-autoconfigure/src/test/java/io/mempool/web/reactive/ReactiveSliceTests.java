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

package io.mempool.web.reactive;

import io.mempool.buffer.BufferPool;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webflux.test.autoconfigure.WebFluxTest;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A test of controllers only has the filter, the arguments and the codecs.
 */
@WebFluxTest(controllers = ReactiveApplication.EchoController.class,
		properties = { "spring.main.web-application-type=reactive", "mempool.pools.waiting.max-idle=1" })
@ContextConfiguration(classes = ReactiveApplication.class)
class ReactiveSliceTests {

	@Autowired
	private ApplicationContext context;

	@Autowired
	private BufferPool pool;

	@Test
	void controllerTakesAndReturnsPooledBuffers() {
		WebTestClient client = WebTestClient.bindToApplicationContext(this.context).build();
		for (String path : new String[] { "/body", "/buffers" }) {
			client.post().uri(path).bodyValue("body").exchange().expectBody(String.class).isEqualTo("body");
			client.post().uri(path).exchange().expectBody().isEmpty();
		}
		assertThat(this.pool.statistics().leased()).isZero();
	}

}
