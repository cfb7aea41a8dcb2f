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

import io.mempool.buffer.BufferPool;
import io.mempool.core.ExhaustionPolicy;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * What the page is tested with: a strict policy, and a pool for trouble.
 */
@TestConfiguration(proxyBeanMethods = false)
class PageConfiguration {

	@Bean
	Filter strictPolicy() {
		return (request, response, chain) -> {
			((HttpServletResponse) response).setHeader("Content-Security-Policy", "default-src 'self'");
			chain.doFilter(request, response);
		};
	}

	/**
	 * A pool that is exhausted as soon as one buffer is leased.
	 */
	@Bean
	BufferPool thumbnails() {
		return BufferPool.builder("thumbnails").blocks(64 * 1024, 1, 1).policy(ExhaustionPolicy.FAIL).build();
	}

}
