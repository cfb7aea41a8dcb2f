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

import java.net.URI;
import java.util.Map;

import io.mempool.web.MemoryExceptionHandler;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;

/**
 * Turns errors of memory of functional endpoints and of filters into the same problem
 * documents as those of controllers.
 *
 * @since 0.1.0
 */
public final class MemoryWebExceptionHandler implements WebExceptionHandler, Ordered {

	// Before Spring Boot's handler of all errors, which is -1
	private static final int ORDER = -2;

	private static final ResolvableType TYPE = ResolvableType.forClass(ProblemDetail.class);

	private final MemoryExceptionHandler handler;

	private final ServerCodecConfigurer codecs;

	/**
	 * Create the handler.
	 * @param handler makes the documents
	 * @param codecs writes them
	 */
	public MemoryWebExceptionHandler(MemoryExceptionHandler handler, ServerCodecConfigurer codecs) {
		this.handler = handler;
		this.codecs = codecs;
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
		ServerHttpResponse response = exchange.getResponse();
		ResponseEntity<ProblemDetail> answer = response.isCommitted() ? null : this.handler.respondTo(failure);
		if (answer == null) {
			return Mono.error(failure);
		}
		response.setStatusCode(answer.getStatusCode());
		// Those of the body that was not written
		response.getHeaders().clearContentHeaders();
		response.getHeaders().putAll(answer.getHeaders());
		ProblemDetail problem = answer.getBody();
		return (problem != null) ? write(problem, exchange) : response.setComplete();
	}

	private Mono<Void> write(ProblemDetail problem, ServerWebExchange exchange) {
		problem.setInstance(URI.create(exchange.getRequest().getURI().getRawPath()));
		exchange.getResponse().getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		for (HttpMessageWriter<?> writer : this.codecs.getWriters()) {
			if (writer.canWrite(TYPE, MediaType.APPLICATION_PROBLEM_JSON)) {
				return write(problem, writer, exchange.getResponse());
			}
		}
		return exchange.getResponse().setComplete();
	}

	// It can write the type
	@SuppressWarnings("unchecked")
	private static Mono<Void> write(ProblemDetail problem, HttpMessageWriter<?> writer, ServerHttpResponse response) {
		return ((HttpMessageWriter<ProblemDetail>) writer).write(Mono.just(problem), TYPE,
				MediaType.APPLICATION_PROBLEM_JSON, response, Map.of());
	}

}
