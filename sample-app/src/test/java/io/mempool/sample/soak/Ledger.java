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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.JsonNode;

/**
 * What the figures of all pools have to say while nothing is on its way.
 */
final class Ledger {

	private final List<String> violations = new ArrayList<>();

	private Ledger() {
	}

	/**
	 * Return what is wrong.
	 * @param endpoint the answer of the endpoint
	 */
	static List<String> violations(JsonNode endpoint) {
		Ledger ledger = new Ledger();
		long used = 0;
		for (Map.Entry<String, JsonNode> pool : endpoint.get("pools").properties()) {
			JsonNode figures = pool.getValue();
			ledger.check(pool.getKey(), figures);
			ledger.zero(pool.getKey(), figures, "oversizedLeased", "oversizedLeaked", "leasedBytes", "pendingBytes");
			for (JsonNode tier : figures.get("tiers")) {
				ledger.balanced(pool.getKey() + ", tier " + tier.get("size"), tier);
			}
			used += figures.get("usedBytes").asLong();
		}
		if (endpoint.has("objects")) {
			endpoint.get("objects").properties().forEach((pool) -> ledger.check(pool.getKey(), pool.getValue()));
		}
		long budgeted = 0;
		for (JsonNode budget : endpoint.get("budget")) {
			budgeted += budget.get("usedBytes").asLong();
			ledger.zero("budget", budget, "pendingBytes");
		}
		ledger.equal("the bytes of all budgets", budgeted, used);
		return ledger.violations;
	}

	private void check(String pool, JsonNode figures) {
		zero(pool, figures, "leased", "leaked", "doubleReleases", "waiting", "exhausted");
		balanced(pool, figures);
		long discarded = 0;
		for (JsonNode reason : figures.get("discardedBy")) {
			discarded += reason.asLong();
		}
		equal("discardedBy of " + pool, discarded, of(figures, "discarded"));
	}

	private void balanced(String name, JsonNode figures) {
		equal("leased of " + name, of(figures, "leased"), of(figures, "hits") + of(figures, "misses")
				- of(figures, "returned") - of(figures, "leaked") + of(figures, "oversizedLeased"));
		equal("idle of " + name, of(figures, "idle"),
				of(figures, "returned") - of(figures, "discarded") - of(figures, "hits") + of(figures, "preallocated"));
	}

	private void zero(String name, JsonNode figures, String... keys) {
		for (String key : keys) {
			equal(key + " of " + name, of(figures, key), 0);
		}
	}

	private void equal(String name, long figure, long expected) {
		if (figure != expected) {
			this.violations.add("%s: %d instead of %d".formatted(name, figure, expected));
		}
	}

	/**
	 * Return how often a pool was asked for something.
	 */
	static long acquires(JsonNode endpoint, String pool) {
		JsonNode figures = endpoint.get("pools").has(pool) ? endpoint.get("pools").get(pool)
				: endpoint.get("objects").get(pool);
		return of(figures, "hits") + of(figures, "misses") + of(figures, "oversized") + of(figures, "exhausted");
	}

	/**
	 * Return the sum of a figure over all pools of a kind of memory.
	 */
	static long sum(JsonNode endpoint, String memory, String key) {
		long sum = 0;
		for (JsonNode pool : endpoint.get("pools")) {
			if (memory.isEmpty() || pool.get("memory").asString().equals(memory)) {
				sum += of(pool, key);
			}
		}
		return sum;
	}

	private static long of(JsonNode figures, String key) {
		JsonNode figure = figures.get(key);
		return (figure != null) ? figure.asLong() : 0;
	}

}
