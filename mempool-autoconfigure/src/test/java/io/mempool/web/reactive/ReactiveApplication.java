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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.scope.BufferScope;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jetty.reactive.JettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.tomcat.reactive.TomcatReactiveWebServerFactory;
import org.springframework.boot.web.server.reactive.ReactiveWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpEntity;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.WebFilter;

/**
 * Takes and returns pooled buffers in every way that WebFlux has, on Reactor Netty.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class ReactiveApplication {

	@Bean
	ReactiveWebServerFactory webServerFactory(@Value("${server:netty}") String server) {
		return switch (server) {
			case "tomcat" -> new TomcatReactiveWebServerFactory();
			case "jetty" -> new JettyReactiveWebServerFactory();
			default -> new NettyReactiveWebServerFactory();
		};
	}

	@Bean
	RouterFunction<ServerResponse> functions(RequestScopes scopes) {
		return RouterFunctions.route()
			.POST("/function", ReactiveApplication::echo)
			.POST("/function/read",
					(request) -> ServerResponse.ok().body(scopes.of(request).readBody(), PooledBuffer.class))
			.GET("/function/exhausted", ReactiveApplication::exhausted)
			.build();
	}

	// tag::function[]
	private static Mono<ServerResponse> echo(ServerRequest request) {
		return request.bodyToMono(PooledBuffer.class).flatMap((body) -> ServerResponse.ok().bodyValue(body));
	}
	// end::function[]

	private static Mono<ServerResponse> exhausted(ServerRequest request) {
		return RequestBuffers.current().flatMap((buffers) -> ServerResponse.ok().bodyValue(buffers.acquire(1 << 20)));
	}

	@Bean
	@Order(0)
	WebFilter readingFilter(RequestScopes scopes) {
		return (exchange, chain) -> exchange.getRequest().getPath().value().equals("/filter")
				? scopes.of(exchange).readBody().then(Mono.defer(exchange.getResponse()::setComplete))
				: chain.filter(exchange);
	}

	/**
	 * Sends back what it gets.
	 */
	@RestController
	static class EchoController {

		// tag::body[]
		@PostMapping("/body")
		PooledBuffer body(@RequestBody PooledBuffer body) {
			return body;
		}
		// end::body[]

		// tag::mono[]
		@PostMapping("/mono")
		Mono<PooledBuffer> mono(@RequestBody Mono<PooledBuffer> body) {
			return body.map((buffer) -> buffer.slice(0, buffer.size()));
		}
		// end::mono[]

		// tag::entity[]
		@PostMapping("/entity")
		ResponseEntity<Mono<PooledBuffer>> entity(HttpEntity<PooledBuffer> request) {
			return ResponseEntity.ok().contentType(MediaType.TEXT_PLAIN).body(Mono.justOrEmpty(request.getBody()));
		}
		// end::entity[]

		@PostMapping("/argument")
		Mono<ResponseEntity<PooledBuffer>> argument(PooledBuffer body) {
			return Mono.just(ResponseEntity.ok(body));
		}

		@PostMapping("/later")
		Mono<PooledBuffer> later(Mono<PooledBuffer> body) {
			return body;
		}

		@PostMapping("/part")
		PooledBuffer part(@RequestPart PooledBuffer file) {
			return file;
		}

		// tag::buffers[]
		@PostMapping("/buffers")
		Mono<PooledBuffer> copy(RequestBuffers buffers) {
			return buffers.readBody().map((body) -> {
				PooledBuffer copy = buffers.acquire(body.size());
				copy.copyIn(0, body);
				return copy;
			});
		}
		// end::buffers[]

		@PostMapping("/scope")
		Mono<PooledBuffer> scope(BufferScope argument, @RequestBody PooledBuffer body) {
			return signature().filter((signature) -> signature.isAlive() && argument.size() == 2)
				.then(Mono.deferContextual((context) -> Mono.just(context.get(BufferScope.class))))
				.map((scope) -> (scope == argument) ? body : scope.acquire(0));
		}

		// tag::current[]
		private static Mono<PooledBuffer> signature() {
			return RequestBuffers.current().map((buffers) -> buffers.acquire(64));
		}
		// end::current[]

		@PostMapping("/twice")
		Mono<PooledBuffer> twice(RequestBuffers buffers) {
			return buffers.readBody().then(buffers.readBody());
		}

		@PostMapping("/ignored")
		String ignored(@RequestBody Mono<PooledBuffer> body) {
			return "ignored";
		}

		@PostMapping("/cut")
		Mono<String> cut(@RequestBody Mono<PooledBuffer> body) {
			return body.map(PooledBuffer::toString).timeout(Duration.ofMillis(10)).onErrorReturn("cut");
		}

		@PostMapping("/failing")
		PooledBuffer failing(@RequestBody PooledBuffer body) {
			throw new IllegalArgumentException("as it happens");
		}

		@GetMapping("/stream")
		Flux<PooledBuffer> stream(RequestBuffers buffers) {
			return Flux.just("a", "", "b", "c").map((text) -> {
				PooledBuffer buffer = buffers.acquire(text.length());
				buffer.copyIn(0, text.getBytes(StandardCharsets.US_ASCII));
				return buffer;
			});
		}

		@GetMapping("/parts")
		Flux<PooledBuffer> parts(RequestBuffers buffers) {
			return Flux.range(0, 200).map((part) -> buffers.acquire(8192));
		}

		@GetMapping("/plain")
		String plain() {
			return "plain";
		}

		@GetMapping("/tagged")
		ResponseEntity<PooledBuffer> tagged(RequestBuffers buffers) {
			return ResponseEntity.ok().eTag("\"1\"").body(buffers.acquire(10));
		}

		@GetMapping(path = "/text", produces = MediaType.TEXT_PLAIN_VALUE)
		PooledBuffer text(RequestBuffers buffers) {
			return buffers.acquire(10);
		}

		@GetMapping("/large")
		PooledBuffer large(RequestBuffers buffers, @RequestParam int size) {
			PooledBuffer buffer = buffers.acquire(size);
			byte[] content = new byte[size];
			Arrays.fill(content, (byte) 'x');
			buffer.copyIn(0, content);
			return buffer;
		}

	}

	/**
	 * Acquires from a pool that lends one buffer, and waits for more.
	 */
	@RestController
	@RequestMapping("/waiting")
	static class WaitingController {

		private final BufferPool waiting;

		WaitingController(@Qualifier("waiting") BufferPool waiting) {
			this.waiting = waiting;
		}

		@GetMapping("/now")
		Mono<PooledBuffer> now(RequestBuffers buffers) {
			return Mono.fromSupplier(() -> buffers.acquire(this.waiting, 10));
		}

		// tag::acquire-later[]
		@GetMapping("/later")
		Mono<PooledBuffer> later(RequestBuffers buffers) {
			return buffers.acquireLater(this.waiting, 10);
		}
		// end::acquire-later[]

		@PostMapping("/body")
		Mono<PooledBuffer> body(RequestBuffers buffers) {
			return buffers.readBody(this.waiting);
		}

	}

	/**
	 * Works until the test lets it go on.
	 */
	@RestController
	static class SlowController {

		final Map<String, CountDownLatch> arrived = new ConcurrentHashMap<>();

		final Map<String, CountDownLatch> released = new ConcurrentHashMap<>();

		final Map<String, Boolean> aliveAfterwards = new ConcurrentHashMap<>();

		CountDownLatch arrived(String id) {
			return this.arrived.computeIfAbsent(id, (key) -> new CountDownLatch(1));
		}

		CountDownLatch released(String id) {
			return this.released.computeIfAbsent(id, (key) -> new CountDownLatch(1));
		}

		@PostMapping("/slow")
		Mono<PooledBuffer> slow(@RequestBody PooledBuffer body, @RequestParam String id) {
			return Mono.fromCallable(() -> {
				arrived(id).countDown();
				boolean interrupted = false;
				while (true) {
					try {
						released(id).await();
						break;
					}
					catch (InterruptedException ex) {
						interrupted = true;
					}
				}
				this.aliveAfterwards.put(id, body.isAlive());
				if (interrupted) {
					Thread.currentThread().interrupt();
				}
				return body;
			}).subscribeOn(Schedulers.boundedElastic());
		}

	}

}
