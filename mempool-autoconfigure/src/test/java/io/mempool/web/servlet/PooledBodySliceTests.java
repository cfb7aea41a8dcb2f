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

import io.mempool.buffer.BufferPool;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A test of controllers only has the converters and the advice.
 */
@WebMvcTest(PooledBodyApplication.EchoController.class)
@ContextConfiguration(classes = PooledBodyApplication.class)
class PooledBodySliceTests {

	@Autowired
	private MockMvcTester mvc;

	@Autowired
	private BufferPool pool;

	@Test
	void controllerTakesAndReturnsPooledBuffers() {
		assertThat(this.mvc.post().uri("/echo/body").content("body")).hasStatusOk().bodyText().isEqualTo("body");
		assertThat(this.mvc.post().uri("/echo/body")).hasStatusOk().bodyText().isEmpty();
		assertThat(this.mvc.get().uri("/content").header("Range", "bytes=2-4")).hasStatus(206)
			.bodyText()
			.isEqualTo("234");
		assertThat(this.pool.statistics().leased()).isZero();
	}

}
