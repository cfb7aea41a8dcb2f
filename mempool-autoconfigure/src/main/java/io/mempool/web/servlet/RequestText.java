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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

import jakarta.servlet.ServletRequest;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * The characters of a body, in the encoding that its request names.
 */
final class RequestText {

	private RequestText() {
	}

	// With the name of the encoding, an unknown one is the error that getReader()
	// declares
	@SuppressWarnings("JdkObsolete")
	static BufferedReader reader(ServletRequest request, InputStream body) throws IOException {
		String encoding = request.getCharacterEncoding();
		return new BufferedReader((encoding != null) ? new InputStreamReader(body, encoding)
				: new InputStreamReader(body, StandardCharsets.ISO_8859_1));
	}

	static Charset charsetOfForm(ServletRequest request) {
		String encoding = request.getCharacterEncoding();
		try {
			return (encoding != null) ? Charset.forName(encoding) : StandardCharsets.UTF_8;
		}
		catch (IllegalArgumentException ex) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST,
					"The form has an unknown character encoding '" + encoding + "'", ex);
		}
	}

}
