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

package io.mempool.engine;

import java.util.regex.Pattern;

/**
 * The rules for names of pools.
 */
public final class PoolName {

	private static final Pattern NAME = Pattern.compile("[a-z0-9-]+");

	private PoolName() {
	}

	/**
	 * Return whether a pool may have this name.
	 * @param name a name
	 * @return whether it has nothing but lower-case letters, digits and dashes
	 */
	public static boolean isValid(String name) {
		return NAME.matcher(name).matches();
	}

	/**
	 * Check a name.
	 * @param name a name
	 * @return the same name
	 * @throws IllegalArgumentException if no pool may have it
	 */
	public static String check(String name) {
		if (!isValid(name)) {
			throw new IllegalArgumentException(
					"'name' must consist of lower-case letters, digits and dashes but is '" + name + "'");
		}
		return name;
	}

}
