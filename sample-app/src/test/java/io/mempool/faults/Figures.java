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

package io.mempool.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.mempool.faults.Expected.Range;
import tools.jackson.databind.JsonNode;

/**
 * The figures of all pools at one moment, as the endpoint gives them.
 *
 * @param mempool what the endpoint says
 * @param probe what the server sees of itself
 */
record Figures(JsonNode mempool, JsonNode probe) {

	private static final List<String> COUNTED = List.of("acquired", "leaked", "doubleReleases", "exhausted", "inDoubt");

	long of(String pool, String figure) {
		return figure(pool(pool), figure);
	}

	private JsonNode pool(String name) {
		JsonNode pool = this.mempool.get("pools").get(name);
		return (pool != null) ? pool : this.mempool.get("objects").get(name);
	}

	private static long figure(JsonNode pool, String figure) {
		return switch (figure) {
			case "acquired" -> number(pool, "hits") + number(pool, "misses") + number(pool, "oversized");
			case "leaked" -> number(pool, "leaked") + number(pool, "oversizedLeaked");
			case "inDoubt" -> number(pool.get("discardedBy"), "in-doubt");
			default -> number(pool, figure);
		};
	}

	private static long number(JsonNode node, String name) {
		JsonNode value = node.get(name);
		return (value != null) ? value.asLong() : 0;
	}

	/**
	 * Return what is still held, or empty.
	 */
	List<String> held() {
		List<String> held = new ArrayList<>();
		for (Map.Entry<String, JsonNode> pool : pools()) {
			for (String figure : List.of("leased", "leasedBytes", "oversizedLeased", "waiting", "pendingBytes")) {
				long value = number(pool.getValue(), figure);
				if (value != 0) {
					held.add(figure + " of '" + pool.getKey() + "' is " + value);
				}
			}
		}
		long scopes = number(this.probe, "openScopes");
		if (scopes != 0) {
			held.add(scopes + " requests own memory");
		}
		return held;
	}

	boolean isPending() {
		return pools().stream().anyMatch((pool) -> number(pool.getValue(), "pendingBytes") > 0);
	}

	/**
	 * Return which figures disagree with each other at rest, or empty.
	 */
	List<String> unbalanced() {
		List<String> unbalanced = new ArrayList<>();
		for (Map.Entry<String, JsonNode> pool : pools()) {
			String name = "'" + pool.getKey() + "'";
			balance(name, pool.getValue(), unbalanced);
			JsonNode tiers = pool.getValue().get("tiers");
			if (tiers != null) {
				for (JsonNode tier : tiers) {
					balance("tier " + number(tier, "size") + " of " + name, tier, unbalanced);
				}
			}
		}
		for (String memory : List.of("heap", "offHeap")) {
			long used = 0;
			for (JsonNode pool : this.mempool.get("pools")) {
				used += pool.get("memory").asString().equals(memory.equals("heap") ? "heap" : "off-heap")
						? number(pool, "usedBytes") : 0;
			}
			JsonNode budget = this.mempool.get("budget").get(memory);
			if (budget != null && number(budget, "usedBytes") != used) {
				unbalanced.add("the budget " + memory + " counts " + number(budget, "usedBytes")
						+ " bytes, and its pools take " + used);
			}
		}
		return unbalanced;
	}

	private static void balance(String what, JsonNode figures, List<String> unbalanced) {
		long hits = number(figures, "hits");
		long returned = number(figures, "returned");
		long leased = hits + number(figures, "misses") - returned - number(figures, "leaked");
		long idle = returned - number(figures, "discarded") - hits + number(figures, "preallocated");
		if (leased != number(figures, "leased") - number(figures, "oversizedLeased")) {
			unbalanced.add("hits + misses - returned - leaked of " + what + " is " + leased);
		}
		if (idle != number(figures, "idle")) {
			unbalanced.add("returned - discarded - hits + preallocated of " + what + " is " + idle + ", and idle "
					+ number(figures, "idle"));
		}
		over(number(figures, "idle"), figures.get("maxIdle"), "idle of " + what, unbalanced);
		over(number(figures, "idle"), figures.get("maxTotal"), "idle of " + what, unbalanced);
		over(number(figures, "usedBytes"), figures.get("limitBytes"), "used bytes of " + what, unbalanced);
	}

	private static void over(long value, JsonNode limit, String what, List<String> unbalanced) {
		if (limit != null && !limit.isNull() && value > limit.asLong()) {
			unbalanced.add(what + " is " + value + ", over its limit " + limit);
		}
	}

	/**
	 * Return which figures have changed in another way than expected since then, or
	 * empty.
	 */
	List<String> unexpected(Figures before, Expected expected) {
		List<String> unexpected = new ArrayList<>();
		for (Map.Entry<String, JsonNode> pool : pools()) {
			JsonNode then = before.pool(pool.getKey());
			for (String figure : COUNTED) {
				long change = figure(pool.getValue(), figure) - ((then != null) ? figure(then, figure) : 0);
				Range range = expected.of(pool.getKey(), figure);
				if (!range.has(change)) {
					unexpected.add(figure + " of '" + pool.getKey() + "' changed by " + change + ", not by " + range);
				}
			}
		}
		return unexpected;
	}

	/**
	 * Return how often the server has looked at caps and limits.
	 */
	long samples() {
		return number(this.probe, "samples");
	}

	List<String> complaints() {
		List<String> complaints = new ArrayList<>();
		this.probe.get("complaints").forEach((complaint) -> complaints.add(complaint.asString()));
		if (samples() == 0) {
			complaints.add("The server looked at no cap and no limit");
		}
		return complaints;
	}

	int arrivals(String gate) {
		return (int) number(this.probe.get("arrivals"), gate);
	}

	private List<Map.Entry<String, JsonNode>> pools() {
		List<Map.Entry<String, JsonNode>> pools = new ArrayList<>(this.mempool.get("pools").properties());
		pools.addAll(this.mempool.get("objects").properties());
		return pools;
	}

}
