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

import java.util.List;
import java.util.Set;

/**
 * The pools that properties named when beans were registered. An application that was
 * processed ahead of time registers these, whatever properties name when it starts.
 */
final class RegisteredPools {

	private final Set<String> built;

	private final Set<String> replaced;

	/**
	 * Create the names.
	 * @param built the pools that are built from properties
	 * @param replaced the pools whose place a bean of the application takes
	 */
	RegisteredPools(List<String> built, List<String> replaced) {
		this.built = Set.copyOf(built);
		this.replaced = Set.copyOf(replaced);
	}

	/**
	 * Return whether properties describe the pool of a name, and not a bean.
	 */
	boolean isBuilt(String name) {
		return this.built.contains(name);
	}

	/**
	 * Return whether there is a bean of the name.
	 */
	boolean contains(String name) {
		return this.built.contains(name) || this.replaced.contains(name);
	}

}
