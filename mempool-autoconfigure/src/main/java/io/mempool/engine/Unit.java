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

/**
 * The unit of a pool, and its name in messages.
 */
enum Unit {

	/**
	 * Memory, counted in bytes.
	 */
	BYTES("buffers") {

		@Override
		String amount(int size) {
			return size + " bytes";
		}

		@Override
		String tier(int capacity) {
			return " of the tier of " + capacity + " bytes";
		}

	},

	/**
	 * Objects, each of which counts as one. Their pools have a single tier.
	 */
	OBJECTS("objects") {

		@Override
		String amount(int size) {
			return "an object";
		}

		@Override
		String tier(int capacity) {
			return "";
		}

	};

	private final String things;

	Unit(String things) {
		this.things = things;
	}

	/**
	 * Return the plural name of the leased things.
	 */
	String things() {
		return this.things;
	}

	/**
	 * Describe what was requested.
	 */
	abstract String amount(int size);

	/**
	 * Describe a tier, as it follows {@link #things()}.
	 */
	abstract String tier(int capacity);

}
