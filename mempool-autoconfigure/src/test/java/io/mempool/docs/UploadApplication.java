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

import java.io.IOException;
import java.io.InputStream;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The application whose test the page on testing shows.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(UploadApplication.Uploads.class)
class UploadApplication {

	@RestController
	static class Uploads {

		private final BufferPool pool;

		Uploads(BufferPool pool) {
			this.pool = pool;
		}

		@PostMapping("/uploads")
		String upload(InputStream body) throws IOException {
			try (PooledBuffer buffer = this.pool.acquire(1024)) {
				return String.valueOf(body.read(buffer.array(), buffer.arrayOffset(), buffer.size()));
			}
		}

	}

}
