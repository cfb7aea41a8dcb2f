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

package io.mempool.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.web.RequestBodyTooLargeException;
import io.mempool.web.servlet.PooledBufferMessageConverter;
import io.mempool.web.servlet.PooledContentCachingRequest;
import io.mempool.web.servlet.PooledReplayRequest;
import io.mempool.web.servlet.PooledResponseBodyAdvice;
import io.mempool.web.servlet.RequestScopeFilter;
import io.mempool.web.servlet.RequestScopes;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.server.ResponseStatusException;

/**
 * Any ranges, bodies and forms of HTTP requests: the answer has the bytes that were asked
 * for, or the request is refused, and it holds nothing when it has ended.
 */
final class HttpContentTarget implements FuzzTarget {

	private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

	private static final int MOST = 4000;

	private static final MethodParameter NONE = new MethodParameter(HttpContentTarget.class.getDeclaredMethods()[0],
			-1);

	private final BufferPool pool = BufferPool.builder("requests")
		.tiers(64, 1024, 8192)
		.limit(1024 * 1024)
		.policy(ExhaustionPolicy.FAIL)
		.build();

	private final RequestScopes scopes = new RequestScopes(() -> this.pool, Long.MAX_VALUE, MOST);

	@Override
	public String run(FuzzInput input) throws Exception {
		MockHttpServletRequest request = new MockHttpServletRequest();
		String[] outcome = new String[1];
		new RequestScopeFilter(this.scopes).doFilter(request, new MockHttpServletResponse(), (passed, response) -> {
			outcome[0] = switch (input.below(4)) {
				case 0, 1 -> range(input, request);
				case 2 -> form(input, request);
				default -> body(input, request);
			};
		});
		Checks.same(this.pool.statistics().leased(), 0L, "What is leased afterwards");
		return outcome[0];
	}

	private String range(FuzzInput input, MockHttpServletRequest request) throws IOException {
		int size = input.size(1000);
		byte[] content = new byte[size];
		for (int i = 0; i < size; i++) {
			content[i] = (byte) (31 * i + i / 256);
		}
		request.setMethod(input.oneIn(8) ? input.pick("HEAD", "POST", "PUT") : "GET");
		String range = "bytes=" + bound(input, size) + "-" + bound(input, size);
		range = input.oneIn(8) ? input.mutate(range) : input.oneIn(16) ? input.text() : range;
		request.addHeader("Range", range);
		boolean conditional = input.oneIn(8);
		if (conditional) {
			request.addHeader("If-Range", input.flag() ? "\"tag\"" : input.text());
		}
		MockHttpServletResponse response = new MockHttpServletResponse();
		ServletServerHttpResponse answer = new ServletServerHttpResponse(response);
		PooledBuffer body = this.pool.acquire(size);
		body.copyIn(0, content);
		PooledBuffer written = new PooledResponseBodyAdvice(this.scopes, input.flag()).beforeBodyWrite(body, NONE,
				MediaType.APPLICATION_OCTET_STREAM, PooledBufferMessageConverter.class,
				new ServletServerHttpRequest(request), answer);
		if (written == null) {
			Checks.same(response.getStatus(), 304, "The status of no content");
			return "not modified";
		}
		try (written) {
			int status = response.getStatus();
			String part = answer.getHeaders().getFirst("Content-Range");
			checkPart(status, part, written.toByteArray(), content);
			Checks.same(answer.getHeaders().getContentLength(), (long) written.size(), "The announced length");
			Matcher matcher = RANGE.matcher(range);
			if (matcher.matches() && size > 0 && request.getMethod().equals("GET") && !conditional) {
				checkStatus(status, part, matcher.group(1), matcher.group(2), size);
			}
			return "answered with " + status;
		}
	}

	private static String bound(FuzzInput input, int size) {
		return input.oneIn(4) ? ""
				: input.oneIn(8) ? Long.toString(input.number()) : Integer.toString(input.size(size));
	}

	private static void checkPart(int status, @Nullable String part, byte[] written, byte[] content) {
		if (status == 206) {
			String[] numbers = String.valueOf(part).replace("bytes ", "").split("[-/]");
			int start = Integer.parseInt(numbers[0]);
			int end = Integer.parseInt(numbers[1]);
			Checks.same(Integer.parseInt(numbers[2]), content.length, "The size of the whole");
			Checks.same(written, Arrays.copyOfRange(content, start, end + 1), "The part " + part);
		}
		else if (status == 416) {
			Checks.same(part, "bytes */" + content.length, "The range of an answer without one");
			Checks.same(written.length, 0, "What is written of no range");
		}
		else {
			Checks.same(status, 200, "The status");
			Checks.same(written, content, "The whole");
		}
	}

	private static void checkStatus(int status, @Nullable String part, String first, String last, int size) {
		if (first.isEmpty()) {
			long length = last.isEmpty() ? 0 : Long.parseLong(last);
			if (length > 0) {
				Checks.same(part, "bytes " + Math.max(0, size - length) + "-" + (size - 1) + "/" + size,
						"The last " + length);
			}
			return;
		}
		long start = Long.parseLong(first);
		long end = last.isEmpty() ? Long.MAX_VALUE : Long.parseLong(last);
		if (start > end) {
			Checks.same(status, 200, "The status of a range that ends before it begins");
		}
		else if (start >= size) {
			Checks.same(status, 416, "The status of a range beyond the end");
		}
		else {
			Checks.same(part, "bytes " + start + "-" + Math.min(end, size - 1) + "/" + size, "The range");
		}
	}

	private String form(FuzzInput input, MockHttpServletRequest request) throws IOException {
		StringBuilder text = new StringBuilder();
		for (int count = input.below(8); count > 0; count--) {
			text.append(input.pick("a", "b=c", "&", "=", "%41", "+", "%", "%4", "%zz", "&&", input.text()));
		}
		byte[] content = text.toString().getBytes(StandardCharsets.ISO_8859_1);
		request.setMethod("POST");
		request.setContentType("application/x-www-form-urlencoded");
		request.setContent(content);
		Map<String, List<String>> expected = parameters(content);
		try {
			PooledReplayRequest replayed = PooledReplayRequest.of(request, this.scopes);
			Map<String, List<String>> actual = new LinkedHashMap<>();
			replayed.getParameterMap().forEach((name, values) -> actual.put(name, List.of(values)));
			Checks.same(actual, expected, "The parameters of " + text);
			return "form";
		}
		catch (RequestBodyTooLargeException ex) {
			Checks.check(content.length > MOST, "A body was refused", content.length);
			return "form is too large";
		}
		catch (ResponseStatusException ex) {
			Checks.same(ex.getStatusCode().value(), 400, "The status of a form");
			Checks.check(expected == null, "A form was refused", text);
			return "form is refused";
		}
	}

	// By way of the whole text, and not byte by byte
	private static @Nullable Map<String, List<String>> parameters(byte[] content) {
		Map<String, List<String>> parameters = new LinkedHashMap<>();
		String text = new String(content, StandardCharsets.ISO_8859_1);
		if (Pattern.compile("%(?![0-9a-fA-F]{2})").matcher(text).find()) {
			return null;
		}
		for (String pair : text.split("&")) {
			if (!pair.isEmpty()) {
				int end = pair.indexOf('=');
				String name = decoded((end >= 0) ? pair.substring(0, end) : pair);
				parameters.computeIfAbsent(name, (key) -> new ArrayList<>())
					.add((end >= 0) ? decoded(pair.substring(end + 1)) : "");
			}
		}
		return parameters;
	}

	private static String decoded(String text) {
		StringBuilder bytes = new StringBuilder();
		Matcher matcher = Pattern.compile("%(..)|([^%])", Pattern.DOTALL).matcher(text);
		while (matcher.find()) {
			bytes.append((matcher.group(1) != null) ? (char) Integer.parseInt(matcher.group(1), 16)
					: matcher.group(2).equals("+") ? ' ' : matcher.group(2).charAt(0));
		}
		return new String(bytes.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
	}

	private String body(FuzzInput input, MockHttpServletRequest request) throws IOException, ServletException {
		byte[] content = input.bytes(input.size(MOST + 100));
		request.setMethod("POST");
		request.setContentType(input.pick("application/octet-stream", "text/plain", "multipart/form-data; boundary=x"));
		request.setContent(content);
		try {
			return input.flag() ? replay(input, request, content) : cache(input, request, content);
		}
		catch (RequestBodyTooLargeException ex) {
			Checks.check(content.length > MOST, "A body was refused", content.length);
			return "body is too large";
		}
	}

	private String replay(FuzzInput input, HttpServletRequest request, byte[] content) throws IOException {
		PooledReplayRequest replayed = PooledReplayRequest.of(request, this.scopes);
		for (int times = input.below(3); times >= 0; times--) {
			readSome(input, replayed.getInputStream(), content);
			try (PooledBuffer body = replayed.content()) {
				Checks.same(body.toByteArray(), content, "The body");
			}
		}
		return "body is replayed";
	}

	private String cache(FuzzInput input, HttpServletRequest request, byte[] content) throws IOException {
		int limit = input.flag() ? MOST + 100 : input.size(content.length);
		PooledContentCachingRequest caching = PooledContentCachingRequest.of(request, this.scopes, limit);
		boolean whole = input.oneIn(4);
		int read = content.length;
		if (whole) {
			try (PooledBuffer body = this.scopes.of(caching).readBody()) {
				Checks.same(body.toByteArray(), content, "The body");
			}
		}
		else {
			read = readSome(input, caching.getInputStream(), content);
		}
		try (PooledBuffer kept = caching.content()) {
			Checks.same(kept.toByteArray(), Arrays.copyOf(content, Math.min(read, limit)), "What is kept of " + read);
			Checks.same(caching.isTruncated(), read > limit, "Whether it was cut");
		}
		return whole ? "body is shared" : "body is kept";
	}

	private static int readSome(FuzzInput input, InputStream in, byte[] content) throws IOException {
		int position = 0;
		while (!input.isAtEnd() && position < content.length) {
			byte[] part = new byte[1 + input.below(300)];
			int count = input.flag() ? in.read(part) : in.readNBytes(part, 0, part.length);
			Checks.check(count > 0, "The stream ended early", position);
			Checks.same(Arrays.copyOf(part, count), Arrays.copyOfRange(content, position, position + count),
					"What was read");
			position += count;
			if (input.oneIn(8)) {
				break;
			}
		}
		return position;
	}

	@Override
	public void close() {
		this.pool.close();
	}

}
