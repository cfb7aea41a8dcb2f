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
record BodySource(ServletRequest request, ServletInputStream stream, long length, boolean own, boolean drained) {

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

	// Streams are known by identity
	@SuppressWarnings("ReferenceEquality")
	static BodySource of(ServletRequest request) throws IOException {
		ServletInputStream stream = open(request);
		ServletInputStream container = containerStream(request, stream);
		return new BodySource(request, stream, request.getContentLengthLong(), stream == container,
				isFinished(stream) || (container != null && isFinished(container)));
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

	private static boolean isFinished(ServletInputStream stream) {
		try {
			return stream.isFinished();
		}
		catch (RuntimeException ex) {
			// Many wrappers are written for blocking reads only
			return false;
		}
	}

	/**
	 * Fail if some or all of the body was read elsewhere.
	 * @param size how many bytes were read here
	 */
	void checkWhole(int size) {
		boolean incomplete = this.own && this.length > size;
		boolean gone = size == 0
				&& (this.length > 0 || (this.length < 0 && hasBody() && (this.drained || isForm() || hasParts())));
		if (incomplete || gone) {
			throw new IllegalStateException(
					"Cannot read the body of the request: " + lack(size) + " read before. " + remedy());
		}
	}

	// HTTP/2 need not announce a length: then only a type shows that there is a body
	private boolean hasBody() {
		return this.request instanceof HttpServletRequest http && (http.getHeader("Transfer-Encoding") != null
				|| (!http.getProtocol().startsWith("HTTP/1") && http.getContentType() != null));
	}

	private boolean isForm() {
		return isOfType("application/x-www-form-urlencoded");
	}

	private boolean hasParts() {
		return isOfType("multipart/");
	}

	private boolean isOfType(String prefix) {
		String type = this.request.getContentType();
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
				+ "or let a filter wrap the request that keeps the body for several readers";
	}

}
