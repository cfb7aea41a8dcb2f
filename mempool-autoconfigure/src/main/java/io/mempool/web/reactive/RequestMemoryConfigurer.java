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

import io.mempool.buffer.PooledBuffer;

import org.springframework.core.Ordered;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;

/**
 * Lets handlers take {@link RequestBuffers}, scopes and bodies of requests, and return
 * {@link PooledBuffer pooled buffers}. For servers only: a client's buffers have no
 * request that owns them.
 * <p>
 * <strong>Ownership.</strong> The request owns a buffer that was read. A buffer that was
 * written is closed, whether that succeeded or not: the server has a reference of its own
 * to what it still sends.
 *
 * @since 0.1.0
 */
public final class RequestMemoryConfigurer implements WebFluxConfigurer, Ordered {

	// Before the codecs of Spring Boot's customizers, which clients share
	private static final int ORDER = -100;

	private final RequestScopes scopes;

	/**
	 * Create the configurer.
	 * @param scopes the scopes of the application's requests
	 */
	public RequestMemoryConfigurer(RequestScopes scopes) {
		this.scopes = scopes;
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

	@Override
	public void configureArgumentResolvers(ArgumentResolverConfigurer configurer) {
		configurer.addCustomResolver(new RequestBuffersArgumentResolver(this.scopes));
	}

	@Override
	public void configureHttpMessageCodecs(ServerCodecConfigurer configurer) {
		configurer.customCodecs().register(new PooledBodyReader(this.scopes));
		configurer.customCodecs().register(new PooledBodyWriter());
	}

}
