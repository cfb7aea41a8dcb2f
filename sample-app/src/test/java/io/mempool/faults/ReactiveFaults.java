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

package io.mempool.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.LockSupport;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.LeaseException;
import io.mempool.web.reactive.RequestBuffers;
import io.mempool.web.reactive.RequestScopes;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.http.codec.CodecCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.core.codec.AbstractEncoder;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.WebFilter;

/**
 * What faults are driven at on Reactor Netty.
 */
@Configuration(proxyBeanMethods = false)
@Import({ FaultServer.Shared.class, ReactiveFaults.Bodies.class, ReactiveFaults.Throwing.class,
		ReactiveFaults.Late.class })
class ReactiveFaults {

	private static final int SIZE = ServletFaults.SIZE;

	private static final Duration TIME_OUT = Duration.ofMillis(200);

	@Bean
	Probe.OpenScopes openScopes(RequestScopes scopes) {
		return () -> scopes.statistics().open();
	}

	@Bean
	@Order(0)
	WebFilter throwingFilter(RequestScopes scopes, Watch watch) {
		return (exchange, chain) -> {
			String stage = exchange.getRequest().getPath().value();
			boolean before = stage.equals("/faults/throw/filter-before");
			if (!before && !stage.equals("/faults/throw/filter-after")) {
				return chain.filter(exchange);
			}
			watch.stamp(scopes.of(exchange).acquire(SIZE), 1);
			Mono<Void> handled = before ? Mono.empty() : chain.filter(exchange);
			Failure failure = Failure.valueOf(exchange.getRequest().getQueryParams().getFirst("failure"));
			return handled.then(Mono.defer(failure::raise));
		};
	}

	@Bean
	CodecCustomizer bombs() {
		return (codecs) -> codecs.customCodecs().register(new BombEncoder());
	}

	/**
	 * Takes and returns bodies.
	 */
	@RestController
	@RequestMapping("/faults")
	static class Bodies {

		private final Watch watch;

		private final Map<String, BufferPool> pools;

		Bodies(Watch watch, Map<String, BufferPool> pools) {
			this.watch = watch;
			this.pools = pools;
		}

		@PostMapping("/echo")
		PooledBuffer echo(@RequestBody PooledBuffer body) {
			return body;
		}

		@PostMapping("/held")
		Mono<PooledBuffer> held(@RequestBody PooledBuffer body, @RequestParam long owner, @RequestParam String gate) {
			this.watch.check(body, owner);
			return Mono.fromFuture(this.watch.gates().get(gate).arrive())
				.then(Mono.fromSupplier(() -> this.watch.check(body, owner)));
		}

		@PostMapping("/part")
		PooledBuffer part(@RequestPart PooledBuffer file, @RequestParam long owner) {
			return this.watch.check(file, owner);
		}

		@GetMapping("/large")
		PooledBuffer large(RequestBuffers buffers, @RequestParam long owner, @RequestParam int size) {
			return this.watch.stamp(buffers.acquire(size), owner);
		}

		@GetMapping("/stream")
		Flux<PooledBuffer> stream(RequestBuffers buffers, @RequestParam long owner, @RequestParam int parts) {
			return Flux.range(0, parts).map((part) -> this.watch.stamp(buffers.acquire(8000), owner));
		}

		@GetMapping("/stamp")
		Mono<String> stamp(RequestBuffers buffers, @RequestParam long owner, @RequestParam String pool,
				@RequestParam int size, @RequestParam String gate) {
			return buffers.acquireLater(this.pools.get(pool), size)
				.map((buffer) -> this.watch.stamp(buffer, owner))
				.delayUntil((buffer) -> Mono.fromFuture(this.watch.gates().get(gate).arrive()))
				.map((buffer) -> this.watch.check(buffer, owner))
				.thenReturn("stamped");
		}

		@GetMapping("/greedy")
		Mono<String> greedy(RequestBuffers buffers) {
			for (int i = 0; i < 20; i++) {
				buffers.acquire(1_000_000);
			}
			return Mono.just("not reached");
		}

		@PostMapping("/full")
		Mono<String> full(@RequestBody PooledBuffer body) {
			return Mono.fromCallable(() -> writeToFullDisk(body)).subscribeOn(Schedulers.boundedElastic());
		}

		private static String writeToFullDisk(PooledBuffer body) throws IOException {
			try (OutputStream out = Files.newOutputStream(Path.of("/dev/full"), StandardOpenOption.WRITE)) {
				body.writeTo(out);
			}
			return "not reached";
		}

	}

	/**
	 * Throws at each stage of a request.
	 */
	@RestController
	@RequestMapping("/faults/throw")
	static class Throwing {

		private final Watch watch;

		private final ExecutorService producers;

		Throwing(Watch watch, ExecutorService producers) {
			this.watch = watch;
			this.producers = producers;
		}

		private PooledBuffer take(RequestBuffers buffers) {
			return this.watch.stamp(buffers.acquire(SIZE), 1);
		}

		@GetMapping("/filter-after")
		String filterAfter(RequestBuffers buffers) {
			take(buffers);
			return "not the last word";
		}

		@GetMapping("/controller")
		Mono<String> controller(RequestBuffers buffers, @RequestParam Failure failure) {
			take(buffers);
			return failure.raise();
		}

		@GetMapping("/operator")
		Mono<String> operator(RequestBuffers buffers, @RequestParam Failure failure) {
			return Mono.fromSupplier(() -> take(buffers)).map((buffer) -> failure.raise());
		}

		@GetMapping("/callable")
		Mono<String> callable(RequestBuffers buffers, @RequestParam Failure failure) {
			take(buffers);
			return Mono.<String>fromCallable(() -> {
				take(buffers);
				return failure.raise();
			}).subscribeOn(Schedulers.boundedElastic());
		}

		@GetMapping("/advice")
		Mono<String> advice(RequestBuffers buffers, @RequestParam Failure failure) {
			take(buffers);
			return Mono.error(new AdviceException(failure));
		}

		@ExceptionHandler
		Mono<String> handle(AdviceException ex, RequestBuffers buffers) {
			take(buffers);
			return ex.failure.raise();
		}

		@PostMapping("/reader")
		Mono<String> reader(RequestBuffers buffers, @RequestBody Flux<DataBuffer> body, @RequestParam Failure failure) {
			take(buffers);
			return body.doOnNext((data) -> {
				DataBufferUtils.release(data);
				failure.raise();
			}).then(Mono.just("not reached"));
		}

		@GetMapping("/writer")
		Mono<Bomb> writer(RequestBuffers buffers, @RequestParam Failure failure) {
			take(buffers);
			return Mono.just(new Bomb(failure));
		}

		@GetMapping("/task")
		String task(RequestBuffers buffers, @RequestParam Failure failure) {
			take(buffers);
			buffers.submit(this.producers, () -> {
				take(buffers);
				return failure.raise();
			});
			return "handed over";
		}

		@GetMapping("/thread")
		String thread(RequestBuffers buffers, @RequestParam Failure failure) {
			take(buffers);
			Runnable task = buffers.wrap((Runnable) () -> {
				take(buffers);
				failure.raise();
			});
			// Kills its thread, as the executor does not catch what it runs
			this.producers.execute(task);
			return "handed over";
		}

		@GetMapping("/stream")
		Flux<PooledBuffer> stream(RequestBuffers buffers, @RequestParam Failure failure) {
			return Flux.concat(Mono.fromSupplier(() -> take(buffers)), Mono.error(failure.caught()));
		}

		@GetMapping("/close")
		String close(RequestBuffers buffers, @RequestParam Failure failure) {
			take(buffers);
			buffers.scope().onClose(failure::raise);
			return "closes";
		}

	}

	/**
	 * Requests that time out, or are cancelled.
	 */
	@RestController
	@RequestMapping("/faults/late")
	static class Late {

		private final Watch watch;

		Late(Watch watch) {
			this.watch = watch;
		}

		@GetMapping("/callable")
		Mono<String> callable(RequestBuffers buffers, @RequestParam long owner, @RequestParam String gate) {
			PooledBuffer buffer = this.watch.stamp(buffers.acquire(SIZE), owner);
			return Mono.fromCallable(() -> writeOn(buffer, owner, gate))
				.subscribeOn(Schedulers.boundedElastic())
				.timeout(TIME_OUT);
		}

		@GetMapping("/forgotten")
		Mono<String> forgotten(RequestBuffers buffers, @RequestParam long owner, @RequestParam String gate) {
			this.watch.stamp(buffers.acquire(SIZE), owner);
			return Mono.<String>never().timeout(TIME_OUT);
		}

		@GetMapping("/result")
		Mono<String> result(RequestBuffers buffers, @RequestParam long owner) {
			PooledBuffer buffer = this.watch.stamp(buffers.acquire(SIZE), owner);
			return Mono.fromCallable(() -> {
				this.watch.check(buffer, owner);
				return "stamped";
			}).subscribeOn(Schedulers.boundedElastic());
		}

		@GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Flux<String> events(RequestBuffers buffers, @RequestParam long owner, @RequestParam int count) {
			PooledBuffer buffer = this.watch.stamp(buffers.acquire(SIZE), owner);
			return Flux.range(0, count).map((event) -> {
				this.watch.check(buffer, owner);
				return "x".repeat(1000);
			});
		}

		/**
		 * Write to memory until a gate opens, whatever has become of the request.
		 */
		private String writeOn(PooledBuffer buffer, long owner, String gate) {
			byte[] memory = buffer.array();
			int start = buffer.arrayOffset();
			Gates.Gate until = this.watch.gates().get(gate);
			long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
			until.arrive();
			while (!until.isOpen() && System.nanoTime() < end) {
				Arrays.fill(memory, start, start + SIZE, (byte) owner);
				LockSupport.parkNanos(100_000);
			}
			try {
				buffer.put(0, (byte) owner);
				this.watch.complain("A lease of a request that timed out was alive");
			}
			catch (LeaseException ex) {
				// As promised
			}
			return "late";
		}

	}

	/**
	 * What cannot be written.
	 */
	record Bomb(Failure failure) {

	}

	private static final class AdviceException extends RuntimeException {

		private final transient Failure failure;

		private AdviceException(Failure failure) {
			this.failure = failure;
		}

	}

	private static final class BombEncoder extends AbstractEncoder<Bomb> {

		private BombEncoder() {
			super(MimeTypeUtils.ALL);
		}

		@Override
		public boolean canEncode(ResolvableType type, MimeType mimeType) {
			return type.toClass() == Bomb.class;
		}

		@Override
		public Flux<DataBuffer> encode(Publisher<? extends Bomb> bombs, DataBufferFactory factory, ResolvableType type,
				MimeType mimeType, Map<String, Object> hints) {
			return Flux.from(bombs).map((bomb) -> bomb.failure().raise());
		}

		@Override
		public DataBuffer encodeValue(Bomb bomb, DataBufferFactory factory, ResolvableType type, MimeType mimeType,
				Map<String, Object> hints) {
			return bomb.failure().raise();
		}

		@Override
		public List<MimeType> getEncodableMimeTypes() {
			return List.of(MimeTypeUtils.ALL);
		}

	}

}
