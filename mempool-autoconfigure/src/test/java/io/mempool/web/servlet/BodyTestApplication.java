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
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.mempool.buffer.PooledBuffer;
import jakarta.servlet.Filter;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpEntity;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;
import org.springframework.web.util.ContentCachingRequestWrapper;

/**
 * An application that gets bodies from sources of all kinds and reads them in all ways.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(BodyTestApplication.BodyController.class)
class BodyTestApplication {

	// After the scope's own filter, and after one that opens the scope
	@Bean
	FilterRegistrationBean<Filter> openingFilter(RequestScopes scopes) {
		FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>((request, response, chain) -> {
			scopes.of(request).acquire(10);
			chain.doFilter(request, response);
		});
		registration.setOrder(0);
		return registration;
	}

	@Bean
	FilterRegistrationBean<Filter> sourceFilter() {
		FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(
				(request, response, chain) -> chain.doFilter(source((HttpServletRequest) request), response));
		registration.setOrder(1);
		return registration;
	}

	@Bean
	RouterFunction<ServerResponse> functional() {
		return RouterFunctions.route()
			.POST("/functional", (request) -> ServerResponse.ok().body(request.body(PooledBuffer.class)))
			.onError(IllegalStateException.class,
					(error, request) -> ServerResponse.status(500).body(error.getMessage()))
			.build();
	}

	private static ServletRequest source(HttpServletRequest request) throws IOException {
		String source = String.valueOf(request.getHeader("Source"));
		switch (source) {
			case "upper-case" -> {
				return new UpperCaseRequest(request);
			}
			case "replaying" -> {
				ReplayingRequest replaying = new ReplayingRequest(request);
				replaying.getInputStream().readAllBytes();
				return replaying;
			}
			case "emptied" -> {
				return new ReplayingRequest(request, new byte[0]);
			}
			case "consumed" -> request.getInputStream().readAllBytes();
			case "partly-consumed" -> request.getInputStream().readNBytes(2);
			case "consumed-behind-a-wrapper" -> {
				ServletRequest wrapper = new UpperCaseRequest(request);
				wrapper.getInputStream().readAllBytes();
				return wrapper;
			}
			case "consumed-by-a-recorder" -> {
				ServletRequest wrapper = new ContentCachingRequestWrapper(request, 1000);
				wrapper.getInputStream().readAllBytes();
				return wrapper;
			}
			case "read-as-characters" -> request.getReader().readLine();
			case "parameters" -> request.getParameter("any");
			default -> {
				return request;
			}
		}
		return request;
	}

	@RestController
	static class BodyController {

		private final RequestBuffers buffers;

		BodyController(RequestBuffers buffers) {
			this.buffers = buffers;
		}

		@PostMapping("/argument")
		byte[] argument(RequestBuffers buffers) throws IOException {
			return buffers.readBody().toByteArray();
		}

		@PostMapping("/bean")
		byte[] bean() throws IOException {
			return this.buffers.readBody().toByteArray();
		}

		@PostMapping("/callable")
		Callable<byte[]> callable(RequestBuffers buffers) {
			return () -> buffers.readBody().toByteArray();
		}

		@PostMapping("/callable-bean")
		Callable<byte[]> callableBean() {
			return () -> this.buffers.readBody().toByteArray();
		}

		@PostMapping("/thread")
		byte[] thread(RequestBuffers buffers) {
			return CompletableFuture.supplyAsync(() -> read(buffers)).join();
		}

		@PostMapping("/thread-bean")
		byte[] threadBean() {
			RequestAttributes attributes = RequestContextHolder.currentRequestAttributes();
			return CompletableFuture.supplyAsync(() -> {
				RequestContextHolder.setRequestAttributes(attributes);
				try {
					return read(this.buffers);
				}
				finally {
					RequestContextHolder.resetRequestAttributes();
				}
			}).join();
		}

		@PostMapping("/buffer-argument")
		PooledBuffer bufferArgument(PooledBuffer body) {
			return body;
		}

		@PostMapping("/request-body")
		PooledBuffer requestBody(@RequestBody PooledBuffer body) {
			return body;
		}

		@PostMapping("/entity")
		@Nullable PooledBuffer entity(HttpEntity<PooledBuffer> entity) {
			return entity.getBody();
		}

		@PostMapping("/after-request-body")
		byte[] afterRequestBody(@RequestBody byte[] body, RequestBuffers buffers) throws IOException {
			return buffers.readBody().toByteArray();
		}

		private static byte[] read(RequestBuffers buffers) {
			try {
				PooledBuffer body = buffers.readBody();
				return body.toByteArray();
			}
			catch (IOException ex) {
				throw new CompletionException(ex);
			}
		}

		@ExceptionHandler
		ResponseEntity<String> handle(IllegalStateException ex) {
			return ResponseEntity.status(500).body(ex.getMessage());
		}

		@ExceptionHandler
		ResponseEntity<String> handle(CompletionException ex) {
			return ResponseEntity.status(500).body(String.valueOf(ex.getCause()));
		}

	}

	/**
	 * Passes the body through.
	 */
	private static final class UpperCaseRequest extends HttpServletRequestWrapper {

		UpperCaseRequest(HttpServletRequest request) {
			super(request);
		}

		@Override
		public ServletInputStream getInputStream() throws IOException {
			ServletInputStream in = super.getInputStream();
			return new Stream(in) {

				@Override
				public int read() throws IOException {
					return Character.toUpperCase(in.read());
				}

				// As many have it
				@Override
				public boolean isFinished() {
					throw new UnsupportedOperationException();
				}

			};
		}

	}

	/**
	 * Keeps the body for several readers.
	 */
	private static final class ReplayingRequest extends HttpServletRequestWrapper {

		private final byte @Nullable [] replacement;

		private byte @Nullable [] body;

		ReplayingRequest(HttpServletRequest request) {
			this(request, null);
		}

		ReplayingRequest(HttpServletRequest request, byte @Nullable [] replacement) {
			super(request);
			this.replacement = replacement;
		}

		@Override
		public int getContentLength() {
			return (this.replacement != null) ? this.replacement.length : super.getContentLength();
		}

		@Override
		public long getContentLengthLong() {
			return getContentLength();
		}

		@Override
		public ServletInputStream getInputStream() throws IOException {
			byte[] body = this.body;
			if (body == null) {
				body = super.getInputStream().readAllBytes();
				body = (this.replacement != null) ? this.replacement : body;
				this.body = body;
			}
			return new Stream(new ByteArrayInputStream(body));
		}

	}

	private static class Stream extends ServletInputStream {

		private final InputStream in;

		Stream(InputStream in) {
			this.in = in;
		}

		@Override
		public int read() throws IOException {
			return this.in.read();
		}

		@Override
		public boolean isFinished() {
			return false;
		}

		@Override
		public boolean isReady() {
			return true;
		}

		@Override
		public void setReadListener(ReadListener listener) {
			throw new UnsupportedOperationException();
		}

	}

}
