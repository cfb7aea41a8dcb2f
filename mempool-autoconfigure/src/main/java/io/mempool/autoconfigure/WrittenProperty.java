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

package io.mempool.autoconfigure;

import java.util.Collection;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.origin.Origin;

/**
 * A property of mempool as it is written in one source.
 *
 * @param name the name as it is written, for example the name of an environment variable
 * @param raw the value as it is written
 * @param value the value with its placeholders resolved
 * @param origin where it is written, if known
 */
record WrittenProperty(String name, Object raw, Object value, @Nullable Origin origin) {

	/**
	 * Return whether the value counts as not set, as in {@code limit: ${LIMIT:}}.
	 */
	boolean isEmpty() {
		return (this.value instanceof CharSequence text && text.toString().isBlank())
				|| (this.value instanceof Collection<?> values && values.isEmpty());
	}

	/**
	 * Return the value and its place for the report of a failure, one per line.
	 * @param property the property that is meant
	 */
	String describe(String property) {
		StringBuilder description = new StringBuilder("%n    Value: \"".formatted()).append(this.value).append('"');
		if (!this.raw.toString().equals(this.value.toString())) {
			description.append(", written as \"").append(this.raw).append('"');
		}
		if (!this.name.equals(property)) {
			description.append(" of ").append(this.name);
		}
		if (this.origin != null) {
			description.append("%n    Origin: ".formatted()).append(this.origin);
		}
		return description.toString();
	}

	/**
	 * Return the placeholder that has no value, {@code null} if all of them have one.
	 */
	@Nullable String unresolvedPlaceholder() {
		String text = this.value.toString();
		int start = text.indexOf("${");
		int end = text.indexOf('}', start + 1);
		return (this.value instanceof CharSequence && start >= 0 && end > start) ? text.substring(start, end + 1)
				: null;
	}

}
