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

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.mempool.buffer.PooledBuffer;
import io.mempool.spring.PooledScope;
import io.mempool.web.servlet.RequestBuffers;

import org.springframework.boot.SpringApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * The application, with methods that have scopes. It is no component, or other tests
 * would find it when they start the application.
 */
@Import({ SampleApplication.class, AheadOfTimeApplication.Jobs.class })
public class AheadOfTimeApplication {

	public static void main(String[] args) {
		SpringApplication.run(AheadOfTimeApplication.class, args);
	}

	// In threads that serve no request, whose memory the jobs would use
	@Bean
	RouterFunction<ServerResponse> routes(Jobs jobs) {
		return RouterFunctions.route()
			.GET("/jobs/value", (request) -> ServerResponse.ok().body(CompletableFuture.supplyAsync(jobs::value)))
			.GET("/jobs/stage",
					(request) -> ServerResponse.ok()
						.body(CompletableFuture.supplyAsync(jobs::stage).thenCompose((stage) -> stage)))
			.build();
	}

	static class Jobs {

		private final RequestBuffers buffers;

		Jobs(RequestBuffers buffers) {
			this.buffers = buffers;
		}

		@PooledScope
		String value() {
			return content(this.buffers.acquire(100));
		}

		@PooledScope("uploads")
		CompletionStage<String> stage() {
			PooledBuffer buffer = this.buffers.acquire(100);
			return CompletableFuture.supplyAsync(() -> content(buffer));
		}

		private static String content(PooledBuffer buffer) {
			byte[] content = "buffer of the scope".getBytes(StandardCharsets.US_ASCII);
			buffer.copyIn(0, content, 0, content.length);
			return new String(buffer.toByteArray(), 0, content.length, StandardCharsets.US_ASCII);
		}

	}

}
