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

import io.mempool.test.CheckLeases;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The Spring test of the page on testing.
 */
// tag::spring[]
@CheckLeases
@SpringBootTest(classes = UploadApplication.class)
@AutoConfigureMockMvc
class CheckedUploadTests {

	@Autowired
	private MockMvcTester mvc;

	@Test
	void uploadIsCounted() {
		assertThat(this.mvc.post().uri("/uploads").content("hello")).hasBodyTextEqualTo("5");
	}

}
// end::spring[]
