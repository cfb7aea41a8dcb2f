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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.PooledOutputStream;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.RequestEntity;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/**
 * An application whose controllers take and return pooled buffers in every way.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ PooledBodyApplication.EchoController.class, PooledBodyApplication.ContentController.class,
		PooledBodyApplication.FaultController.class, PooledBodyApplication.FailingAdvice.class,
		PooledBodyApplication.ShorteningAdvice.class })
class PooledBodyApplication {

	static final String CONTENT = "0123456789";

	static final Instant MODIFIED = Instant.parse("2026-11-30T00:00:00Z");

	@Bean
	RouterFunction<ServerResponse> functional() {
		return RouterFunctions.route()
			.POST("/functional", (request) -> ServerResponse.ok().body(request.body(PooledBuffer.class)))
			.POST("/functional-async",
					(request) -> ServerResponse.async(CompletableFuture.supplyAsync(() -> uncheckedBody(request))
						.thenApply((body) -> ServerResponse.ok().body(body))))
			.build();
	}

	private static PooledBuffer uncheckedBody(ServerRequest request) {
		try {
			return request.body(PooledBuffer.class);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@RestController
	@RequestMapping("/echo")
	static class EchoController {

		// tag::echo[]
		@PostMapping("/body")
		PooledBuffer echo(@RequestBody PooledBuffer body) {
			return body;
		}
		// end::echo[]

		// tag::entity[]
		@PostMapping("/entity")
		ResponseEntity<PooledBuffer> entity(HttpEntity<PooledBuffer> request) {
			return ResponseEntity.ok().contentType(MediaType.TEXT_PLAIN).body(request.getBody());
		}
		// end::entity[]

		@PostMapping("/request-entity")
		@Nullable PooledBuffer requestEntity(RequestEntity<PooledBuffer> request) {
			return request.getBody();
		}

		// tag::argument[]
		@PostMapping("/argument")
		PooledBuffer argument(PooledBuffer body) {
			return body;
		}
		// end::argument[]

		@PostMapping("/optional")
		@Nullable PooledBuffer optional(@RequestBody(required = false) PooledBuffer body) {
			return body;
		}

		@PostMapping("/callable")
		Callable<PooledBuffer> callable(@RequestBody PooledBuffer body) {
			return () -> body;
		}

		// tag::future[]
		@PostMapping("/future")
		CompletableFuture<PooledBuffer> future(@RequestBody PooledBuffer body) {
			return CompletableFuture.supplyAsync(() -> body);
		}
		// end::future[]

		@PostMapping("/future-entity")
		CompletableFuture<ResponseEntity<PooledBuffer>> futureEntity(@RequestBody PooledBuffer body) {
			return CompletableFuture.supplyAsync(() -> ResponseEntity.ok(body));
		}

		@PostMapping("/object")
		Object object(@RequestBody PooledBuffer body) {
			return body;
		}

		@PostMapping("/wrong-length")
		ResponseEntity<PooledBuffer> wrongLength(@RequestBody PooledBuffer body) {
			return ResponseEntity.ok().contentLength(1).body(body);
		}

		// tag::part[]
		@PostMapping("/part")
		PooledBuffer part(@RequestPart PooledBuffer file) {
			return file;
		}
		// end::part[]

		// tag::file[]
		@PostMapping("/file")
		PooledBuffer file(@RequestParam MultipartFile file, RequestBuffers buffers) throws IOException {
			return buffers.read(file);
		}
		// end::file[]

		@PostMapping("/files")
		String files(@RequestParam List<MultipartFile> file, RequestBuffers buffers) throws IOException {
			StringBuilder sizes = new StringBuilder();
			for (MultipartFile next : file) {
				sizes.append(buffers.read(next).size()).append(' ');
			}
			return sizes.toString();
		}

		@PostMapping("/parts")
		String parts(@RequestPart PooledBuffer file, @RequestPart("text") PooledBuffer text) {
			return file.size() + " and " + text.size();
		}

	}

	@RestController
	@RequestMapping("/content")
	static class ContentController {

		private final RequestBuffers buffers;

		ContentController(RequestBuffers buffers) {
			this.buffers = buffers;
		}

		private PooledBuffer content(String content) {
			byte[] bytes = content.getBytes(StandardCharsets.US_ASCII);
			PooledBuffer buffer = this.buffers.acquire(bytes.length);
			buffer.copyIn(0, bytes, 0, bytes.length);
			return buffer;
		}

		// tag::answer[]
		@GetMapping
		PooledBuffer generated(RequestBuffers buffers) throws IOException {
			PooledOutputStream out = buffers.outputStream();
			out.write(CONTENT.getBytes(StandardCharsets.US_ASCII));
			return out.toBuffer();
		}
		// end::answer[]

		@GetMapping("/empty")
		PooledBuffer empty() {
			return content("");
		}

		@GetMapping("/tagged")
		ResponseEntity<PooledBuffer> tagged() {
			return ResponseEntity.ok().eTag("\"v1\"").lastModified(MODIFIED).contentLength(10).body(content(CONTENT));
		}

		@GetMapping("/weak")
		ResponseEntity<PooledBuffer> weak() {
			return ResponseEntity.ok().eTag("W/\"v1\"").body(content(CONTENT));
		}

		@GetMapping("/created")
		ResponseEntity<PooledBuffer> created() {
			return ResponseEntity.status(201).body(content(CONTENT));
		}

		@GetMapping("/without-ranges")
		ResponseEntity<PooledBuffer> withoutRanges() {
			return ResponseEntity.ok().header(HttpHeaders.ACCEPT_RANGES, "none").body(content(CONTENT));
		}

		@GetMapping("/no-store")
		ResponseEntity<PooledBuffer> noStore() {
			return ResponseEntity.ok().header(HttpHeaders.CACHE_CONTROL, "no-store").body(content(CONTENT));
		}

		@PostMapping
		PooledBuffer posted() {
			return content(CONTENT);
		}

		@GetMapping(path = "/text", produces = MediaType.TEXT_PLAIN_VALUE)
		PooledBuffer text() {
			return content(CONTENT);
		}

		/**
		 * A buffer of another implementation, whose slices are of it too.
		 */
		@GetMapping("/foreign")
		PooledBuffer foreign() {
			return foreign(content(CONTENT));
		}

		private static PooledBuffer foreign(PooledBuffer buffer) {
			return (PooledBuffer) Proxy.newProxyInstance(PooledBuffer.class.getClassLoader(),
					new Class<?>[] { PooledBuffer.class }, (proxy, method, args) -> {
						try {
							Object result = method.invoke(buffer, args);
							return (result instanceof PooledBuffer part) ? foreign(part) : result;
						}
						catch (InvocationTargetException ex) {
							throw ex.getCause();
						}
					});
		}

		@GetMapping("/large/{size}")
		PooledBuffer large(@PathVariable int size) {
			PooledBuffer buffer = this.buffers.acquire(size);
			byte[] chunk = "x".repeat(8192).getBytes(StandardCharsets.US_ASCII);
			for (int index = 0; index < size; index += chunk.length) {
				buffer.copyIn(index, chunk, 0, Math.min(chunk.length, size - index));
			}
			return buffer;
		}

	}

	@RestController
	@RequestMapping("/fault")
	static class FaultController {

		static final AtomicReference<CountDownLatch> entered = new AtomicReference<>(new CountDownLatch(1));

		static final AtomicReference<CountDownLatch> proceed = new AtomicReference<>(new CountDownLatch(1));

		@PostMapping("/slow")
		PooledBuffer slow(@RequestBody PooledBuffer body) throws InterruptedException {
			entered.get().countDown();
			proceed.get().await(20, TimeUnit.SECONDS);
			return body;
		}

		@PostMapping("/slow-part")
		PooledBuffer slowPart(@RequestPart PooledBuffer file) throws InterruptedException {
			return slow(file);
		}

		@PostMapping("/file-over-limit")
		PooledBuffer fileOverLimit(@RequestParam MultipartFile file, RequestBuffers buffers) throws IOException {
			buffers.acquire(8_500_000);
			return buffers.read(file);
		}

		@PostMapping("/released")
		PooledBuffer released(@RequestBody PooledBuffer body) {
			body.release();
			return body;
		}

		@PostMapping("/throws")
		PooledBuffer fail(@RequestBody PooledBuffer body) {
			throw new UnsupportedOperationException("as asked");
		}

		@PostMapping("/lost")
		DeferredResult<PooledBuffer> lost(@RequestBody PooledBuffer body) {
			DeferredResult<PooledBuffer> result = new DeferredResult<>(Duration.ofMillis(500).toMillis());
			result.onCompletion(() -> result.setResult(body));
			return result;
		}

		@PostMapping("/nearly-over-limit")
		Callable<PooledBuffer> nearlyOverLimit(@RequestBody PooledBuffer body, RequestBuffers buffers) {
			buffers.acquire(8_100_000);
			return () -> body;
		}

		@PostMapping("/attribute")
		String attribute(@RequestAttribute(required = false) PooledBuffer attribute, InputStream body)
				throws IOException {
			return String.valueOf(body.readAllBytes().length);
		}

		@PostMapping("/over-limit")
		PooledBuffer overLimit(@RequestBody PooledBuffer body, RequestBuffers buffers) {
			return buffers.acquire(9_000_000);
		}

		@PostMapping("/read-after")
		PooledBuffer readAfter(@RequestBody PooledBuffer body, RequestBuffers buffers) throws IOException {
			return buffers.readBody();
		}

	}

	/**
	 * Fails when asked to, after what mempool's advice did: its order is the same, its
	 * name is later.
	 */
	@ControllerAdvice
	static class FailingAdvice implements ResponseBodyAdvice<Object> {

		@Override
		public boolean supports(MethodParameter returnType, Class<? extends HttpMessageConverter<?>> converterType) {
			return true;
		}

		@Override
		public @Nullable Object beforeBodyWrite(@Nullable Object body, MethodParameter returnType,
				MediaType contentType, Class<? extends HttpMessageConverter<?>> converterType,
				ServerHttpRequest request, ServerHttpResponse response) {
			if (request.getHeaders().containsHeader("Fail")) {
				throw new UnsupportedOperationException("as asked");
			}
			return body;
		}

	}

	/**
	 * Changes the content of a body, and with it its length.
	 */
	@ControllerAdvice
	static class ShorteningAdvice extends RequestBodyAdviceAdapter {

		@Override
		public boolean supports(MethodParameter parameter, Type targetType,
				Class<? extends HttpMessageConverter<?>> converterType) {
			return targetType == PooledBuffer.class;
		}

		@Override
		public HttpInputMessage beforeBodyRead(HttpInputMessage message, MethodParameter parameter, Type targetType,
				Class<? extends HttpMessageConverter<?>> converterType) throws IOException {
			if (!message.getHeaders().containsHeader("Shorten")) {
				return message;
			}
			byte[] shortened = message.getBody().readNBytes(3);
			return new HttpInputMessage() {

				@Override
				public InputStream getBody() {
					return new ByteArrayInputStream(shortened);
				}

				@Override
				public HttpHeaders getHeaders() {
					return message.getHeaders();
				}

			};
		}

	}

}
