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

package io.mempool.web.servlet;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.scope.BufferScope;
import io.mempool.scope.BufferScopes;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.context.annotation.Import;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Service;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/**
 * An application with requests that end in every possible way.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ RequestTestApplication.SyncController.class, RequestTestApplication.AsyncController.class,
		RequestTestApplication.ErrorPage.class, RequestTestApplication.Stamper.class,
		RequestTestApplication.MappedController.class })
class RequestTestApplication {

	static final int SIZE = 1000;

	// Jetty (seen with 12.1.12) loses a time-out that is over before the thread which
	// sets it goes on: AsyncContextEvent.run finds no task yet. So it is longer than a
	// thread of a busy machine waits for a processor
	private static final long TIME_OUT = 500;

	/**
	 * Fill a buffer with the owner's stamp, linger, and see that no other owner wrote.
	 */
	static String stamp(PooledBuffer buffer, int stamp) {
		byte[] bytes = buffer.array();
		int start = buffer.arrayOffset();
		int end = start + buffer.size();
		for (int i = start; i < end; i++) {
			if (bytes[i] != 0) {
				throw new IllegalStateException("Byte of another request: " + bytes[i]);
			}
		}
		Arrays.fill(bytes, start, end, (byte) stamp);
		Thread.yield();
		for (int i = start; i < end; i++) {
			if (bytes[i] != (byte) stamp) {
				throw new IllegalStateException("Shared with another request: " + bytes[i]);
			}
		}
		return "stamped " + stamp;
	}

	@Service
	static class Stamper {

		private final RequestBuffers buffers;

		Stamper(RequestBuffers buffers) {
			this.buffers = buffers;
		}

		String stamp(int stamp) {
			return RequestTestApplication.stamp(this.buffers.acquire(SIZE), stamp);
		}

		RequestBuffers buffers() {
			return this.buffers;
		}

	}

	@RestController
	@RequestMapping("/sync")
	static class SyncController {

		private final Stamper stamper;

		private final BufferPool other;

		SyncController(Stamper stamper, @Qualifier("other") BufferPool other) {
			this.stamper = stamper;
			this.other = other;
		}

		@GetMapping("/nothing")
		String nothing() {
			return "nothing";
		}

		@GetMapping("/singleton")
		String singleton(@RequestParam(defaultValue = "1") int stamp) {
			return this.stamper.stamp(stamp);
		}

		@GetMapping("/argument")
		String argument(RequestBuffers buffers, BufferScope scope, @RequestParam(defaultValue = "1") int stamp) {
			if (buffers.scope() != scope || this.stamper.buffers().scope() != scope) {
				throw new IllegalStateException("Several scopes in one request");
			}
			return stamp(buffers.acquire(SIZE), stamp);
		}

		@GetMapping("/other-pool")
		String otherPool(RequestBuffers buffers) {
			return stamp(buffers.acquire(this.other, SIZE), 3);
		}

		@GetMapping("/throw")
		String fail(RequestBuffers buffers, @RequestParam(defaultValue = "1") int stamp) {
			stamp(buffers.acquire(SIZE), stamp);
			throw new UnsupportedOperationException("as asked");
		}

		@GetMapping("/send-error")
		void sendError(RequestBuffers buffers, HttpServletResponse response) throws IOException {
			stamp(buffers.acquire(SIZE), 5);
			response.sendError(418);
		}

		@GetMapping("/released-early")
		String releasedEarly(RequestBuffers buffers) {
			for (int i = 0; i < 1000; i++) {
				buffers.acquire(SIZE).release();
			}
			return String.valueOf(buffers.scope().size());
		}

		@PostMapping("/echo")
		ResponseEntity<byte[]> echo(RequestBuffers buffers) throws IOException {
			PooledBuffer body = buffers.readBody();
			return ResponseEntity.ok(body.toByteArray());
		}

		@PostMapping("/read-twice")
		String readTwice(RequestBuffers buffers) throws IOException {
			buffers.readBody();
			return String.valueOf(buffers.readBody().size());
		}

		@PostMapping("/form-first")
		String formFirst(@RequestParam String field, RequestBuffers buffers) throws IOException {
			return field + buffers.readBody().size();
		}

		@GetMapping("/over-limit")
		String overLimit(RequestBuffers buffers) {
			buffers.acquire(900_000);
			buffers.acquire(900_000);
			return "not reached";
		}

		@GetMapping("/exhausted")
		String exhausted() {
			throw new PoolExhaustedException("secret detail", "uploads", 4096, 7);
		}

	}

	@RestController
	static class MappedController {

		@GetMapping("/mapped")
		String exhausted() {
			throw new PoolExhaustedException("mine", "uploads", 4096, 7);
		}

		@ExceptionHandler
		ResponseEntity<String> mine(PoolExhaustedException ex) {
			return ResponseEntity.status(429).body("mapped by the application");
		}

	}

	@RestController
	@RequestMapping("/async")
	static class AsyncController {

		private static final ExecutorService producers = Executors.newCachedThreadPool((task) -> {
			Thread thread = new Thread(task, "producer");
			thread.setDaemon(true);
			return thread;
		});

		/** What a producer that outlived its request saw. */
		static final AtomicReference<CompletableFuture<String>> straggler = new AtomicReference<>();

		static final AtomicReference<CountDownLatch> requestEnded = new AtomicReference<>(new CountDownLatch(1));

		@GetMapping("/callable")
		Callable<String> callable(RequestBuffers buffers, @RequestParam(defaultValue = "1") int stamp) {
			PooledBuffer before = buffers.acquire(SIZE);
			return () -> {
				stamp(before, stamp);
				return stamp(buffers.acquire(SIZE), stamp);
			};
		}

		@GetMapping("/callable-acquires-first")
		Callable<String> callableAcquiresFirst(RequestBuffers buffers) {
			return () -> stamp(buffers.acquire(SIZE), 7);
		}

		@GetMapping("/callable-throws")
		Callable<String> callableThrows(RequestBuffers buffers) {
			return () -> {
				stamp(buffers.acquire(SIZE), 8);
				throw new UnsupportedOperationException("as asked");
			};
		}

		@GetMapping("/callable-times-out")
		WebAsyncTask<String> callableTimesOut(RequestBuffers buffers) {
			return new WebAsyncTask<>(TIME_OUT, () -> straggle(buffers));
		}

		@GetMapping("/deferred")
		DeferredResult<String> deferred(RequestBuffers buffers, @RequestParam(defaultValue = "1") int stamp) {
			DeferredResult<String> result = new DeferredResult<>();
			producers.execute(() -> result.setResult(stamp(buffers.acquire(SIZE), stamp)));
			return result;
		}

		/** Lets the task of a request end. */
		static final AtomicReference<CountDownLatch> taskMayEnd = new AtomicReference<>(new CountDownLatch(1));

		/** What a task that outlived its request saw. */
		static final AtomicReference<CompletableFuture<String>> task = new AtomicReference<>();

		@GetMapping("/hands-over")
		String handsOver(RequestBuffers buffers) {
			PooledBuffer before = buffers.acquire(SIZE);
			CompletableFuture<String> seen = task.get();
			buffers.submit(producers, () -> {
				awaitUninterruptibly(taskMayEnd.get());
				try {
					stamp(before, 5);
					stamp(buffers.acquire(SIZE), 6);
					seen.complete((BufferScopes.current() == buffers.scope()) ? "kept" : "another scope");
				}
				catch (RuntimeException ex) {
					seen.complete(ex.toString());
				}
			});
			return "handed over";
		}

		@GetMapping("/deferred-fails")
		DeferredResult<String> deferredFails(RequestBuffers buffers) {
			DeferredResult<String> result = new DeferredResult<>();
			producers.execute(() -> {
				stamp(buffers.acquire(SIZE), 9);
				result.setErrorResult(new UnsupportedOperationException("as asked"));
			});
			return result;
		}

		@GetMapping("/deferred-times-out")
		DeferredResult<String> deferredTimesOut(RequestBuffers buffers) {
			producers.execute(() -> straggle(buffers));
			return new DeferredResult<>(TIME_OUT);
		}

		@GetMapping("/deferred-keeps-writing")
		DeferredResult<String> deferredKeepsWriting(RequestBuffers buffers) {
			PooledBuffer buffer = buffers.acquire(SIZE);
			byte[] raw = buffer.array();
			int start = buffer.arrayOffset();
			producers.execute(() -> {
				long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * TIME_OUT);
				while (System.nanoTime() < end) {
					Arrays.fill(raw, start, start + SIZE, (byte) 77);
					LockSupport.parkNanos(100_000);
				}
			});
			return new DeferredResult<>(TIME_OUT);
		}

		private static String straggle(RequestBuffers buffers) {
			CompletableFuture<String> seen = straggler.get();
			PooledBuffer buffer = buffers.acquire(SIZE);
			byte[] raw = buffer.array();
			int start = buffer.arrayOffset();
			awaitUninterruptibly(requestEnded.get());
			// Memory that no other request may have now
			Arrays.fill(raw, start, start + SIZE, (byte) 66);
			try {
				buffer.copyIn(0, new byte[] { 66 }, 0, 1);
				seen.complete("wrote through the lease");
			}
			catch (LeaseException ex) {
				seen.complete("refused");
			}
			return "late";
		}

		private static void awaitUninterruptibly(CountDownLatch latch) {
			long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
			while (System.nanoTime() < end) {
				try {
					if (latch.await(1, TimeUnit.SECONDS)) {
						return;
					}
				}
				catch (InterruptedException ex) {
					// A stubborn producer
				}
			}
		}

		@GetMapping("/stream/{count}")
		StreamingResponseBody stream(RequestBuffers buffers, @PathVariable int count) {
			PooledBuffer buffer = buffers.acquire(SIZE);
			return (out) -> {
				stamp(buffer, 'x');
				letGoOfTheContainersThread();
				for (int i = 0; i < count; i++) {
					buffer.inputStream().transferTo(out);
				}
			};
		}

		// See RequestScopeFilter about writes that fail before
		private static void letGoOfTheContainersThread() {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
		}

		// Without a time-out, only the application notices that the client has gone:
		// Jetty does not
		@GetMapping("/sse-until-gone")
		SseEmitter sseUntilGone(RequestBuffers buffers) {
			SseEmitter emitter = new SseEmitter(0L);
			PooledBuffer buffer = buffers.acquire(SIZE);
			producers.execute(() -> {
				letGoOfTheContainersThread();
				try {
					for (;;) {
						emitter.send("x".repeat(buffer.size()));
						LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
					}
				}
				catch (IOException ex) {
					emitter.completeWithError(ex);
				}
			});
			return emitter;
		}

		@GetMapping("/sse")
		SseEmitter sse(RequestBuffers buffers) {
			SseEmitter emitter = new SseEmitter();
			producers.execute(() -> {
				try {
					for (int i = 0; i < 3; i++) {
						emitter.send(stamp(buffers.acquire(SIZE), i + 1));
					}
					emitter.complete();
				}
				catch (IOException ex) {
					emitter.completeWithError(ex);
				}
			});
			return emitter;
		}

	}

	/**
	 * An error page that needs memory too.
	 */
	@RestController
	static class ErrorPage implements ErrorController {

		private final Stamper stamper;

		ErrorPage(Stamper stamper) {
			this.stamper = stamper;
		}

		@RequestMapping("/error")
		ResponseEntity<String> error(HttpServletRequest request) {
			this.stamper.stamp(99);
			Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
			return ResponseEntity.status((Integer) status).body("error page holds " + held());
		}

		private int held() {
			return this.stamper.buffers().scope().size();
		}

	}

}
