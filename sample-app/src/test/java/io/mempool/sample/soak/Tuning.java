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

package io.mempool.sample.soak;

import java.io.IOException;
import java.util.List;

/**
 * Changes the pools of an application through its endpoint, one thing after the other.
 */
final class Tuning {

	private final SoakClient client;

	private final List<Change> changes;

	private int next;

	Tuning(SoakClient client, List<Change> changes) {
		this.client = client;
		this.changes = changes;
	}

	void next() throws IOException, InterruptedException {
		this.changes.get(this.next).apply(this.client);
		this.next = (this.next + 1) % this.changes.size();
	}

	/**
	 * A change of a pool.
	 *
	 * @param pool the pool
	 * @param settings JSON, or empty to have it give idle memory back
	 */
	record Change(String pool, String settings) {

		static Change set(String pool, String key, Object value) {
			return new Change(pool, "{\"%s\": \"%s\"}".formatted(key, value));
		}

		static Change trim(String pool) {
			return new Change(pool, "");
		}

		private void apply(SoakClient client) throws IOException, InterruptedException {
			if (this.settings.isEmpty()) {
				client.trim(this.pool);
			}
			else {
				client.change(this.pool, this.settings);
			}
		}

	}

}
