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
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.LockSupport;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.LeaseException;
import io.mempool.web.servlet.RequestBuffers;
import io.mempool.web.servlet.RequestScopes;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/**
 * What faults are driven at in a servlet container, beside the sample.
 */
@Configuration(proxyBeanMethods = false)
@Import({ FaultServer.Shared.class, ServletFaults.Bodies.class, ServletFaults.Throwing.class,
		ServletFaults.Late.class })
class ServletFaults {

	/**
	 * How much a request takes that has no body.
	 */
	static final int SIZE = 5000;

	// See the request tests: Jetty loses a time-out that is over before the thread which
	// sets it goes on
	private static final Duration TIME_OUT = Duration.ofMillis(500);

	@Bean
	Probe.OpenScopes openScopes(RequestScopes scopes) {
		return () -> scopes.statistics().open();
	}

	@Bean
	FilterRegistrationBean<Filter> throwingFilter(RequestScopes scopes, Watch watch) {
		Filter filter = (request, response, chain) -> {
			HttpServletRequest http = (HttpServletRequest) request;
			String stage = http.getServletPath();
			boolean before = stage.equals("/faults/throw/filter-before");
			if (before || stage.equals("/faults/throw/filter-after")) {
				watch.stamp(scopes.of(request).acquire(SIZE), 1);
				if (!before) {
					chain.doFilter(request, response);
				}
				Failure.valueOf(http.getParameter("failure")).raise();
			}
			chain.doFilter(request, response);
		};
		FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(filter);
		registration.setOrder(Ordered.LOWEST_PRECEDENCE);
		return registration;
	}

	@Bean
	ServerHttpMessageConvertersCustomizer bombs(RequestBuffers buffers, Watch watch) {
		return (converters) -> converters.addCustomConverter(new BombConverter(buffers, watch));
	}

	/**
	 * Takes and returns bodies.
	 */
	@RestController
	@RequestMapping("/faults")
	static class Bodies {

		private final Watch watch;

		private final Experiments experiments;

		private final Map<String, BufferPool> pools;

		Bodies(Watch watch, Experiments experiments, Map<String, BufferPool> pools) {
			this.watch = watch;
			this.experiments = experiments;
			this.pools = pools;
		}

		@PostMapping("/echo")
		PooledBuffer echo(@RequestBody PooledBuffer body, @RequestParam long owner) {
			return this.watch.check(body, owner);
		}

		@PostMapping("/held")
		PooledBuffer held(@RequestBody PooledBuffer body, @RequestParam long owner, @RequestParam String gate) {
			this.watch.check(body, owner);
			this.watch.gates().get(gate).pass();
			return this.watch.check(body, owner);
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
		StreamingResponseBody stream(RequestBuffers buffers, @RequestParam long owner, @RequestParam int parts) {
			PooledBuffer buffer = this.watch.stamp(buffers.acquire(8000), owner);
			return (out) -> {
				for (int i = 0; i < parts; i++) {
					this.watch.check(buffer, owner).writeTo(out);
				}
			};
		}

		@GetMapping("/stamp")
		String stamp(RequestBuffers buffers, @RequestParam long owner, @RequestParam String pool,
				@RequestParam int size, @RequestParam String gate) {
			PooledBuffer buffer = this.watch.stamp(buffers.acquire(this.pools.get(pool), size), owner);
			this.watch.gates().get(gate).pass();
			this.watch.check(buffer, owner);
			return "stamped";
		}

		@GetMapping("/greedy")
		String greedy(RequestBuffers buffers) {
			for (int i = 0; i < 20; i++) {
				buffers.acquire(1_000_000);
			}
			return "not reached";
		}

		// Broken on purpose
		@GetMapping("/flaw-stay")
		String stay(RequestBuffers buffers) throws InterruptedException {
			this.watch.stamp(buffers.acquire(SIZE), 1);
			this.experiments.stay();
			return "stayed";
		}

		@PostMapping("/full")
		String full(@RequestBody PooledBuffer body) throws IOException {
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
		String controller(RequestBuffers buffers, @RequestParam Failure failure) {
			take(buffers);
			return failure.raise();
		}

		@GetMapping("/advice")
		String advice(RequestBuffers buffers, @RequestParam Failure failure) {
			take(buffers);
			throw new AdviceException(failure);
		}

		@ExceptionHandler
		String handle(AdviceException ex, RequestBuffers buffers) {
			take(buffers);
			return ex.failure.raise();
		}

		@PostMapping("/reader")
		String reader(@RequestBody Bomb bomb) {
			return "not reached";
		}

		@GetMapping("/writer")
		Bomb writer(@RequestParam Failure failure) {
			return new Bomb(failure, false);
		}

		@GetMapping("/writer-late")
		Bomb writerLate(@RequestParam Failure failure) {
			return new Bomb(failure, true);
		}

		@GetMapping("/callable")
		Callable<String> callable(RequestBuffers buffers, @RequestParam Failure failure) {
			take(buffers);
			return () -> {
				take(buffers);
				return failure.raise();
			};
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

		@GetMapping("/deferred")
		DeferredResult<String> deferred(RequestBuffers buffers, @RequestParam Failure failure) {
			DeferredResult<String> result = new DeferredResult<>();
			take(buffers);
			this.producers.execute(() -> {
				take(buffers);
				result.setErrorResult(failure.caught());
			});
			return result;
		}

		@GetMapping("/stream")
		StreamingResponseBody stream(RequestBuffers buffers, @RequestParam Failure failure) {
			PooledBuffer buffer = take(buffers);
			return (out) -> {
				buffer.writeTo(out);
				failure.raise();
			};
		}

		@GetMapping("/events")
		SseEmitter events(RequestBuffers buffers, @RequestParam Failure failure) {
			SseEmitter emitter = new SseEmitter(10_000L);
			take(buffers);
			this.producers.execute(() -> {
				take(buffers);
				try {
					emitter.send("event");
				}
				catch (IOException ex) {
					// As with a client that has gone
				}
				emitter.completeWithError(failure.caught());
			});
			return emitter;
		}

		@GetMapping("/close")
		String close(RequestBuffers buffers, @RequestParam Failure failure) {
			take(buffers);
			buffers.scope().onClose(failure::raise);
			return "closes";
		}

	}

	/**
	 * Requests that time out, or end in another thread.
	 */
	@RestController
	@RequestMapping("/faults/late")
	static class Late {

		private final Watch watch;

		private final ExecutorService producers;

		Late(Watch watch, ExecutorService producers) {
			this.watch = watch;
			this.producers = producers;
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

		@GetMapping("/callable")
		WebAsyncTask<String> callable(RequestBuffers buffers, @RequestParam long owner, @RequestParam String gate) {
			PooledBuffer buffer = this.watch.stamp(buffers.acquire(SIZE), owner);
			return new WebAsyncTask<>(TIME_OUT.toMillis(), () -> writeOn(buffer, owner, gate));
		}

		@GetMapping("/deferred")
		DeferredResult<String> deferred(RequestBuffers buffers, @RequestParam long owner, @RequestParam String gate) {
			PooledBuffer buffer = this.watch.stamp(buffers.acquire(SIZE), owner);
			this.producers.execute(() -> writeOn(buffer, owner, gate));
			return new DeferredResult<>(TIME_OUT.toMillis());
		}

		@GetMapping("/forgotten")
		DeferredResult<String> forgotten(RequestBuffers buffers, @RequestParam long owner, @RequestParam String gate) {
			this.watch.stamp(buffers.acquire(SIZE), owner);
			return new DeferredResult<>(TIME_OUT.toMillis());
		}

		@GetMapping("/result")
		DeferredResult<String> result(RequestBuffers buffers, @RequestParam long owner) {
			DeferredResult<String> result = new DeferredResult<>();
			PooledBuffer buffer = this.watch.stamp(buffers.acquire(SIZE), owner);
			this.producers.execute(() -> {
				this.watch.check(buffer, owner);
				result.setResult("stamped");
			});
			return result;
		}

		@GetMapping("/events")
		SseEmitter events(RequestBuffers buffers, @RequestParam long owner, @RequestParam int count) {
			SseEmitter emitter = new SseEmitter(20_000L);
			PooledBuffer buffer = this.watch.stamp(buffers.acquire(SIZE), owner);
			this.producers.execute(() -> {
				try {
					for (int i = 0; i < count; i++) {
						this.watch.check(buffer, owner);
						emitter.send("x".repeat(1000), MediaType.TEXT_PLAIN);
					}
					emitter.complete();
				}
				catch (IOException | IllegalStateException ex) {
					emitter.completeWithError(ex);
				}
			});
			return emitter;
		}

	}

	/**
	 * What cannot be read or written.
	 */
	record Bomb(Failure failure, boolean late) {

	}

	private static final class AdviceException extends RuntimeException {

		private final Failure failure;

		private AdviceException(Failure failure) {
			this.failure = failure;
		}

	}

	private static final class BombConverter extends AbstractHttpMessageConverter<Bomb> {

		private final RequestBuffers buffers;

		private final Watch watch;

		private BombConverter(RequestBuffers buffers, Watch watch) {
			super(MediaType.ALL);
			this.buffers = buffers;
			this.watch = watch;
		}

		@Override
		protected boolean supports(Class<?> type) {
			return type == Bomb.class;
		}

		@Override
		protected Bomb readInternal(Class<? extends Bomb> type, HttpInputMessage message) throws IOException {
			PooledBuffer buffer = this.buffers.acquire(SIZE);
			buffer.readFrom(message.getBody());
			return Failure.valueOf(message.getHeaders().getFirst("Failure")).raise();
		}

		@Override
		protected void writeInternal(Bomb bomb, HttpOutputMessage message) throws IOException {
			PooledBuffer buffer = this.watch.stamp(this.buffers.acquire(SIZE), 1);
			if (bomb.late()) {
				for (int i = 0; i < 40; i++) {
					buffer.writeTo(message.getBody());
				}
				message.getBody().flush();
			}
			bomb.failure().raise();
		}

	}

}
