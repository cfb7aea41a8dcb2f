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

package io.mempool.sample.soak;

import io.mempool.buffer.PooledBuffer;
import io.mempool.web.reactive.RequestScopes;
import reactor.core.publisher.Mono;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * An application on WebFlux and Reactor Netty. It is no component, or other tests would
 * find it when they start the sample.
 */
@EnableAutoConfiguration
public class SoakReactiveApplication {

	public static void main(String[] args) {
		SpringApplication application = new SpringApplication(SoakReactiveApplication.class);
		application.setWebApplicationType(WebApplicationType.REACTIVE);
		application.run(args);
	}

	@EventListener
	void started(WebServerInitializedEvent event) {
		SoakProcess.tellPort(event.getWebServer().getPort());
	}

	// Other servers are on the class path of the tests
	@Bean
	NettyReactiveWebServerFactory webServerFactory() {
		return new NettyReactiveWebServerFactory();
	}

	@Bean
	RouterFunction<ServerResponse> routes(RequestScopes scopes) {
		return RouterFunctions.route()
			.POST("/api/echo", SoakReactiveApplication::echo)
			.POST("/api/copy", (request) -> copy(request, scopes))
			.build();
	}

	private static Mono<ServerResponse> echo(ServerRequest request) {
		return request.bodyToMono(PooledBuffer.class).flatMap((body) -> ServerResponse.ok().bodyValue(body));
	}

	private static Mono<ServerResponse> copy(ServerRequest request, RequestScopes scopes) {
		return scopes.of(request).readBody().flatMap((body) -> {
			PooledBuffer copy = scopes.of(request).acquire(body.size());
			copy.copyIn(0, body);
			return ServerResponse.ok().bodyValue(copy);
		});
	}

}
