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

package io.mempool.sample;

import java.util.regex.Pattern;

/**
 * The name of a stored file: one that cannot lead out of its folder. Spring converts path
 * variables to it, and answers 400 where it fails.
 *
 * @param value the name
 */
public record FileName(String value) {

	private static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");

	public FileName {
		if (!PATTERN.matcher(value).matches()) {
			throw new IllegalArgumentException(
					"'name' must have up to 100 letters, digits, dots, dashes and underscores, and no dot in front");
		}
	}

	@Override
	public String toString() {
		return this.value;
	}

}
