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

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Stream;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * Parameters in the format {@code application/x-www-form-urlencoded}.
 */
final class FormContent {

	// Containers take 1,000 unless they are configured. A parameter takes a hundred bytes
	private static final int MAXIMUM = 10_000;

	private final InputStream in;

	private final Charset charset;

	private final Map<String, List<String>> parameters = new LinkedHashMap<>();

	private final ByteArrayOutputStream word = new ByteArrayOutputStream();

	private int count;

	private FormContent(InputStream in, Charset charset) {
		this.in = in;
		this.charset = charset;
	}

	/**
	 * Read parameters.
	 * @param in the encoded parameters
	 * @param charset the encoding of their characters
	 * @return the values of each parameter, in their order
	 * @throws ResponseStatusException with status 400 if the content is malformed
	 */
	static Map<String, List<String>> parse(InputStream in, Charset charset) {
		FormContent content = new FormContent(new BufferedInputStream(in), charset);
		try {
			content.read();
			return content.parameters;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void read() throws IOException {
		String name = null;
		int next;
		do {
			next = this.in.read();
			if (next == '=' && name == null) {
				name = takeWord();
			}
			else if (next == '&' || next < 0) {
				if (name != null || this.word.size() > 0) {
					add((name != null) ? name : takeWord(), takeWord());
				}
				name = null;
			}
			else {
				this.word.write((next == '%') ? readEscaped() : (next == '+') ? ' ' : next);
			}
		}
		while (next >= 0);
	}

	private String takeWord() {
		String taken = this.word.toString(this.charset);
		this.word.reset();
		return taken;
	}

	private void add(String name, String value) {
		if (this.count == MAXIMUM) {
			throw malformed("has more than " + MAXIMUM + " parameters");
		}
		this.count++;
		this.parameters.computeIfAbsent(name, (key) -> new ArrayList<>(1)).add(value);
	}

	private int readEscaped() throws IOException {
		int high = Character.digit(this.in.read(), 16);
		int low = Character.digit(this.in.read(), 16);
		if (high < 0 || low < 0) {
			throw malformed("has a '%' without two hexadecimal digits after it");
		}
		return high << 4 | low;
	}

	private static ResponseStatusException malformed(String reason) {
		return new ResponseStatusException(HttpStatus.BAD_REQUEST, "The form " + reason);
	}

	/**
	 * Add the parameters of a body to those of a query, which come first.
	 */
	static Map<String, String[]> merge(Map<String, String[]> query, Map<String, List<String>> body) {
		Map<String, String[]> merged = new LinkedHashMap<>(query);
		body.forEach((name, values) -> merged.merge(name, values.toArray(String[]::new),
				(first, second) -> Stream.of(first, second).flatMap(Arrays::stream).toArray(String[]::new)));
		return merged;
	}

	/**
	 * Write the parameters of a body, which come after those of the query.
	 * @param all all parameters
	 * @param query the parameters of the query
	 * @param charset the encoding of their characters
	 */
	static String write(Map<String, String[]> all, Map<String, List<String>> query, Charset charset) {
		StringJoiner content = new StringJoiner("&");
		all.forEach((name, values) -> {
			for (int i = query.getOrDefault(name, List.of()).size(); i < values.length; i++) {
				content.add(URLEncoder.encode(name, charset) + "=" + URLEncoder.encode(values[i], charset));
			}
		});
		return content.toString();
	}

}
