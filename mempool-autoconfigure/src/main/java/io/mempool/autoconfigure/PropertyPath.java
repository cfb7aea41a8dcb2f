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

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The elements of a property's name, each as it is written:
 * {@code mempool.pools[a.b].tiers[0]} has {@code mempool}, {@code pools}, {@code a.b},
 * {@code tiers} and {@code 0}.
 *
 * @param elements the elements in order
 * @param indexes which of them are numbers in brackets
 */
record PropertyPath(List<String> elements, List<Boolean> indexes) {

	static PropertyPath parse(String name) {
		List<String> elements = new ArrayList<>();
		List<Boolean> indexes = new ArrayList<>();
		int start = 0;
		while (start < name.length()) {
			boolean bracket = name.charAt(start) == '[';
			int end = bracket ? name.indexOf(']', start) : nextSeparator(name, start);
			end = (end < 0) ? name.length() : end;
			String element = name.substring(bracket ? start + 1 : start, end);
			if (!element.isEmpty()) {
				elements.add(element);
				indexes.add(bracket && element.chars().allMatch(Character::isDigit));
			}
			start = (end < name.length() && name.charAt(end) == '[') ? end : end + 1;
		}
		return new PropertyPath(elements, indexes);
	}

	private static int nextSeparator(String name, int start) {
		for (int i = start; i < name.length(); i++) {
			if (name.charAt(i) == '.' || name.charAt(i) == '[') {
				return i;
			}
		}
		return -1;
	}

	int size() {
		return this.elements.size();
	}

	String element(int index) {
		return this.elements.get(index);
	}

	boolean isIndex(int index) {
		return index < size() && this.indexes.get(index);
	}

	/**
	 * Return the form in which names are compared: {@code max-idle}, {@code maxIdle} and
	 * {@code MAX_IDLE} are one name.
	 */
	static String uniform(String element) {
		StringBuilder uniform = new StringBuilder(element.length());
		element.chars().filter(Character::isLetterOrDigit).forEach((c) -> uniform.append((char) c));
		return uniform.toString().toLowerCase(Locale.ROOT);
	}

}
