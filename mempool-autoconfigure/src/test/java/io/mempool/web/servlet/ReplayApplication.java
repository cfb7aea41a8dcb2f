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
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.GZIPInputStream;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * An application with a filter that verifies signatures of bodies, and one that keeps
 * what controllers read.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ ReplayApplication.SignatureFilter.class, ReplayApplication.LogFilter.class,
		ReplayApplication.GzipFilter.class, ReplayApplication.BodyController.class })
class ReplayApplication {

	static final byte[] KEY = "secret".getBytes(StandardCharsets.US_ASCII);

	static final BlockingQueue<Kept> kept = new LinkedBlockingQueue<>();

	static volatile @Nullable HttpServletRequest late;

	static boolean isSigned(PooledBuffer body, @Nullable String signature) {
		return signature != null && MessageDigest.isEqual(HexFormat.of().parseHex(signature), sign(body));
	}

	static byte[] sign(PooledBuffer body) {
		try {
			Mac mac = Mac.getInstance("HmacSHA256");
			mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
			mac.update(body.byteBuffer());
			return mac.doFinal();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	record Kept(byte[] content, boolean truncated) {

	}

	// tag::replay[]
	static class SignatureFilter extends OncePerRequestFilter {

		private final RequestScopes scopes;

		private final HandlerExceptionResolver errors;

		SignatureFilter(RequestScopes scopes, @Qualifier("handlerExceptionResolver") HandlerExceptionResolver errors) {
			this.scopes = scopes;
			this.errors = errors;
		}

		@Override
		protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws ServletException, IOException {
			PooledReplayRequest replayed;
			try {
				replayed = PooledReplayRequest.of(request, this.scopes);
			}
			catch (RuntimeException ex) {
				// A problem document: 413 if it is too large, 503 if the pool is
				// exhausted
				if (this.errors.resolveException(request, response, null, ex) == null) {
					throw ex;
				}
				return;
			}
			try (PooledBuffer body = replayed.content()) {
				if (!isSigned(body, request.getHeader("Signature"))) {
					response.sendError(HttpServletResponse.SC_UNAUTHORIZED);
					return;
				}
			}
			chain.doFilter(replayed, response);
		}
		// end::replay[]

		@Override
		protected boolean shouldNotFilter(HttpServletRequest request) {
			return !request.getRequestURI().startsWith("/signed");
		}

	}

	static class LogFilter extends OncePerRequestFilter {

		private final RequestScopes scopes;

		LogFilter(RequestScopes scopes) {
			this.scopes = scopes;
		}

		// tag::keep[]
		@Override
		protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws ServletException, IOException {
			PooledContentCachingRequest caching = PooledContentCachingRequest.of(request, this.scopes, limit(request));
			try {
				chain.doFilter(caching, response);
			}
			finally {
				try (PooledBuffer content = caching.content()) {
					log(content, caching.isTruncated());
				}
			}
		}
		// end::keep[]

		private static int limit(HttpServletRequest request) {
			return Math.max(request.getIntHeader("Limit"), 0) + ((request.getIntHeader("Limit") < 0) ? 1 << 20 : 0);
		}

		private static void log(PooledBuffer content, boolean truncated) {
			kept.add(new Kept(content.toByteArray(), truncated));
		}

		@Override
		protected boolean shouldNotFilter(HttpServletRequest request) {
			return !request.getRequestURI().startsWith("/logged") && request.getHeader("Log") == null;
		}

	}

	/**
	 * Changes the body within the other filters.
	 */
	@Order(Ordered.LOWEST_PRECEDENCE)
	static class GzipFilter extends OncePerRequestFilter {

		@Override
		protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws ServletException, IOException {
			chain.doFilter(new HttpServletRequestWrapper(request) {

				@Override
				public ServletInputStream getInputStream() throws IOException {
					InputStream in = new GZIPInputStream(super.getInputStream());
					return new ServletInputStream() {

						@Override
						public int read() throws IOException {
							return in.read();
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
						}

					};
				}

				@Override
				public int getContentLength() {
					return -1;
				}

				@Override
				public long getContentLengthLong() {
					return -1;
				}

			}, response);
		}

		@Override
		protected boolean shouldNotFilter(HttpServletRequest request) {
			return request.getHeader("Zipped") == null;
		}

	}

	@RestController
	@RequestMapping({ "/signed", "/logged" })
	static class BodyController {

		private final BufferPool other;

		BodyController(@Qualifier("other") BufferPool other) {
			this.other = other;
		}

		@PostMapping("/buffer")
		PooledBuffer buffer(@RequestBody PooledBuffer body) {
			return body;
		}

		@PostMapping("/argument")
		PooledBuffer argument(PooledBuffer body) {
			return body;
		}

		@PostMapping("/read-body")
		PooledBuffer readBody(RequestBuffers buffers) throws IOException {
			return buffers.readBody();
		}

		@PostMapping("/other-pool")
		PooledBuffer otherPool(RequestBuffers buffers) throws IOException {
			return buffers.readBody(this.other);
		}

		@PostMapping("/bytes")
		byte[] bytes(@RequestBody(required = false) byte @Nullable [] body) {
			return (body != null) ? body : new byte[0];
		}

		@PostMapping("/text")
		String text(@RequestBody(required = false) @Nullable String body) {
			return (body != null) ? body : "";
		}

		@PostMapping("/stream")
		byte[] stream(InputStream body) throws IOException {
			return body.readAllBytes();
		}

		@PostMapping("/reader")
		String reader(HttpServletRequest request) throws IOException {
			StringBuilder text = new StringBuilder();
			for (int next = request.getReader().read(); next >= 0; next = request.getReader().read()) {
				text.append((char) next);
				if (text.length() > 5) {
					return "again: " + text;
				}
			}
			return text.toString();
		}

		@PostMapping("/callable")
		Callable<byte[]> callable(HttpServletRequest request) {
			return () -> request.getInputStream().readAllBytes();
		}

		@PostMapping("/json")
		Map<String, Object> json(@RequestBody Map<String, Object> body) {
			return body;
		}

		@PostMapping("/form")
		String form(@RequestParam Map<String, String> first, @RequestParam List<String> name) {
			return first + " " + name;
		}

		@PostMapping("/ten")
		byte[] ten(InputStream body) throws IOException {
			return body.readNBytes(10);
		}

		@PostMapping("/nothing")
		String nothing() {
			return "nothing";
		}

		@PostMapping("/several")
		String several(HttpServletRequest request, RequestBuffers buffers, @RequestBody byte[] body)
				throws IOException {
			int first = request.getInputStream().readAllBytes().length;
			long second = request.getReader().transferTo(java.io.Writer.nullWriter());
			return body.length + " " + first + " " + second + " " + buffers.readBody().size() + " "
					+ buffers.readBody().size();
		}

		@PostMapping("/fails")
		byte[] fail(@RequestBody byte[] body) {
			throw new UnsupportedOperationException("as asked");
		}

		@PostMapping("/late")
		byte[] keep(HttpServletRequest request) {
			late = request;
			return new byte[0];
		}

		@PostMapping("/part")
		byte[] part(@RequestParam MultipartFile file) throws IOException {
			return file.getBytes();
		}

	}

}
