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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.http.HttpHeaders;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Pooled buffers are answered with a tag of their content, if that is asked for.
 */
@WebMvcTest(controllers = PooledBodyApplication.ContentController.class, properties = "mempool.request.etag=true")
@ContextConfiguration(classes = PooledBodyApplication.class)
class ContentTagTests {

	// printf 0123456789 | sha256sum
	private static final String TAG = "\"84d89877f0d4041efb6bf91a16f0248f\"";

	@Autowired
	private MockMvcTester mvc;

	@Autowired
	private BufferPool pool;

	@AfterEach
	void everythingIsBack() {
		assertThat(this.pool.statistics().leased()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/content", "/content/foreign", "/content/without-ranges" })
	void answerHasAStrongTagOfItsContent(String path) {
		assertThat(this.mvc.get().uri(path)).hasStatusOk().hasHeader(HttpHeaders.ETAG, TAG);
		assertThat(this.mvc.head().uri(path)).hasStatusOk().hasHeader(HttpHeaders.ETAG, TAG);
	}

	@Test
	void answerThatTheClientHasIsNotSentAgain() {
		MvcTestResult result = this.mvc.get().uri("/content").header(HttpHeaders.IF_NONE_MATCH, TAG).exchange();
		assertThat(result).hasStatus(304).hasHeader(HttpHeaders.ETAG, TAG).body().isEmpty();
		assertThat(result).doesNotContainHeader(HttpHeaders.CONTENT_LENGTH);
	}

	@Test
	void partOfAContentThatTheClientHasIsSent() {
		assertThat(
				this.mvc.get().uri("/content").header(HttpHeaders.RANGE, "bytes=2-4").header(HttpHeaders.IF_RANGE, TAG))
			.hasStatus(206)
			.bodyText()
			.isEqualTo("234");
	}

	@Test
	void tagOfTheApplicationStays() {
		assertThat(this.mvc.get().uri("/content/tagged")).hasStatusOk().hasHeader(HttpHeaders.ETAG, "\"v1\"");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/content/created", "/content/no-store" })
	void answerThatIsNotToBeStoredHasNoTag(String path) {
		assertThat(this.mvc.get().uri(path)).doesNotContainHeader(HttpHeaders.ETAG);
	}

	@Test
	void answerToAPostHasNoTag() {
		assertThat(this.mvc.post().uri("/content")).hasStatusOk().doesNotContainHeader(HttpHeaders.ETAG);
	}

}
