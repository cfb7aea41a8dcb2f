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
import java.util.Locale;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * The source of a body, and whether it gave all of the body.
 *
 * @param request the request as the caller has it
 * @param stream its stream
 * @param length the announced length, negative if unknown
 * @param own whether the stream is the container's, which has exactly the announced bytes
 * @param drained whether the stream was at its end before anything was read here
 */
record BodySource(ServletRequest request, InputStream stream, long length, boolean own,
		boolean drained) implements ContentSource {

	/*
	 * Why it is correct. A body that other code has read looks like an empty body. The
	 * announced length and the former position of the stream show the difference.
	 *
	 * A container's own stream has exactly the announced bytes. The stream of a wrapper
	 * may have more or fewer, for example if it decompresses. It has none only if the
	 * body is empty or was read: a wrapper that removes all of it announces that.
	 *
	 * A body in chunks has no announced length. A container knows whether it has seen the
	 * end of the body, unless it has parsed the body itself. Forms and parts are never
	 * empty.
	 */

	private static final String FORM = "application/x-www-form-urlencoded";

	static BodySource of(ServletRequest request) throws IOException {
		ServletInputStream stream = open(request);
		return new BodySource(request, stream, request.getContentLengthLong(), isOwn(request, stream),
				isFinished(request, stream));
	}

	/**
	 * Return the source of a body whose first byte Spring has read.
	 * @param request the request as its controller has it
	 * @param stream what gives the first byte again, or an empty stream
	 * @param drained whether the body was at its end before that
	 */
	static BodySource of(ServletRequest request, InputStream stream, boolean drained) throws IOException {
		// Spring makes the body of a form from its parameters
		boolean own = !isOfType(request, FORM) && isOwn(request, open(request));
		return new BodySource(request, stream, request.getContentLengthLong(), own, drained);
	}

	/**
	 * Return whether a request has a body of unknown length that was read to its end.
	 */
	static boolean isDrained(ServletRequest request) throws IOException {
		return request.getContentLengthLong() < 0 && hasBody(request) && isFinished(request, open(request));
	}

	private static ServletInputStream open(ServletRequest request) throws IOException {
		try {
			return request.getInputStream();
		}
		catch (IllegalStateException ex) {
			throw new IllegalStateException("Cannot read the body of the request: it is read as characters already, "
					+ "through getReader(). Read it in one place", ex);
		}
	}

	// Streams are known by identity
	@SuppressWarnings("ReferenceEquality")
	private static boolean isOwn(ServletRequest request, ServletInputStream stream) throws IOException {
		return stream == containerStream(request, stream);
	}

	@SuppressWarnings("ReferenceEquality")
	private static @Nullable ServletInputStream containerStream(ServletRequest request, ServletInputStream stream)
			throws IOException {
		ServletRequest innermost = WatchedRequests.innermost(request);
		try {
			return (innermost != request) ? innermost.getInputStream() : stream;
		}
		catch (IllegalStateException ex) {
			// The wrapper reads it as characters
			return null;
		}
	}

	private static boolean isFinished(ServletRequest request, ServletInputStream stream) throws IOException {
		ServletInputStream container = containerStream(request, stream);
		return isFinished(stream) || (container != null && isFinished(container));
	}

	private static boolean isFinished(ServletInputStream stream) {
		try {
			return stream.isFinished();
		}
		catch (RuntimeException ex) {
			// Many wrappers are written for blocking reads only
			return false;
		}
	}

	@Override
	public void checkWhole(int size) {
		boolean incomplete = this.own && this.length > size;
		boolean gone = size == 0 && (this.length > 0
				|| (this.length < 0 && hasBody(this.request) && (this.drained || isForm() || hasParts())));
		if (incomplete || gone) {
			throw new IllegalStateException(
					"Cannot read the body of the request: " + lack(size) + " read before. " + remedy());
		}
	}

	// HTTP/2 need not announce a length: then only a type shows that there is a body
	private static boolean hasBody(ServletRequest request) {
		return request instanceof HttpServletRequest http && (http.getHeader("Transfer-Encoding") != null
				|| (!http.getProtocol().startsWith("HTTP/1") && http.getContentType() != null));
	}

	private boolean isForm() {
		return isOfType(this.request, FORM);
	}

	private boolean hasParts() {
		return isOfType(this.request, "multipart/");
	}

	private static boolean isOfType(ServletRequest request, String prefix) {
		String type = request.getContentType();
		return type != null && type.toLowerCase(Locale.ROOT).startsWith(prefix);
	}

	private String lack(int size) {
		return (this.length > 0) ? (this.length - size) + " of its " + this.length + " bytes were" : "all of it was";
	}

	private String remedy() {
		String type = this.request.getContentType();
		if (isForm()) {
			return "A parameter of a form was asked for: send another content type than '" + type
					+ "', or read the body before any parameter";
		}
		if (hasParts()) {
			return "It was taken apart as '" + type + "': take its parts as MultipartFile, or set "
					+ "'spring.servlet.multipart.enabled' to 'false'";
		}
		return "Read it in one place: take it from the filter, the @RequestBody argument or the code that has read it, "
				+ "or let a filter wrap the request in a PooledReplayRequest, which several readers can read";
	}

}
