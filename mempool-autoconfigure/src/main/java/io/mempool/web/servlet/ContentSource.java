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

/**
 * Content that arrives with a request, and what is known of it.
 */
interface ContentSource {

	/**
	 * Return the stream of the content.
	 */
	InputStream stream();

	/**
	 * Return the announced length in bytes, negative if unknown.
	 */
	long length();

	/**
	 * Fail if some or all of the content was read elsewhere.
	 * @param size how many bytes were read here
	 */
	void checkWhole(int size);

	/**
	 * Opens a source.
	 */
	interface Opening {

		ContentSource open() throws IOException;

	}

}
