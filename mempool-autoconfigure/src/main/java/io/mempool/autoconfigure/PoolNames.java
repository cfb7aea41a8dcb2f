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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.mempool.engine.PoolName;
import org.jspecify.annotations.Nullable;

/**
 * The names of the pools of one kind, as sources spell them that can spell dashes. Names
 * that differ only in dashes, underscores or case are one name, because other sources
 * could not tell them apart. The spelling with dashes is the name of the pool. Two
 * spellings in one source are a mistake if each of them is a good name.
 */
final class PoolNames {

	/**
	 * The name of the pool that always exists.
	 */
	static final String DEFAULT = "default";

	private final String group;

	private final Map<String, List<Spelling>> spellings = new LinkedHashMap<>();

	private final Map<String, String> names = new LinkedHashMap<>();

	/**
	 * Create names.
	 * @param group the property below which the pools are
	 * @param known names that exist without a property
	 */
	PoolNames(String group, String... known) {
		this.group = group;
		for (String name : known) {
			this.names.put(key(name), name);
		}
	}

	private static String key(String name) {
		String uniform = PropertyPath.uniform(name);
		return uniform.isEmpty() ? name : uniform;
	}

	/**
	 * Note a name.
	 * @param name the name as it is written
	 * @param source the number of the source in which it is written
	 * @param written the property with the name
	 */
	void add(String name, int source, WrittenProperty written) {
		this.spellings.computeIfAbsent(key(name), (key) -> new ArrayList<>()).add(new Spelling(name, source, written));
	}

	/**
	 * Add a name that no source spells with dashes.
	 * @param uniform a valid name
	 */
	void define(String uniform) {
		this.names.put(uniform, uniform);
	}

	/**
	 * Decide on the name of each pool.
	 */
	void settle() {
		this.spellings.forEach((key, spelled) -> this.names.putIfAbsent(key, settle(spelled)));
	}

	private String settle(List<Spelling> spelled) {
		Map<Integer, Spelling> bySource = new LinkedHashMap<>();
		Set<String> valid = new LinkedHashSet<>();
		for (Spelling spelling : spelled) {
			if (PoolName.isValid(spelling.name())) {
				valid.add(spelling.name());
				Spelling other = bySource.putIfAbsent(spelling.source(), spelling);
				if (other != null && !other.name().equals(spelling.name())) {
					throw differOnlyInDashes(spelling, other.name());
				}
			}
		}
		if (valid.isEmpty()) {
			throw otherCharacters(spelled.get(0));
		}
		List<String> dashed = valid.stream().filter((name) -> name.contains("-")).toList();
		if (dashed.size() > 1) {
			Spelling last = spelled.stream()
				.filter((spelling) -> spelling.name().equals(dashed.get(1)))
				.findFirst()
				.orElseThrow();
			throw differOnlyInDashes(last, dashed.get(0));
		}
		return dashed.isEmpty() ? valid.iterator().next() : dashed.get(0);
	}

	private InvalidMempoolPropertyException otherCharacters(Spelling spelling) {
		return new InvalidMempoolPropertyException(this.group + "[" + spelling.name() + "]", spelling.written(),
				otherCharacters(spelling.name()),
				"Rename the pool, for example to '" + suggestion(spelling.name()) + "'.");
	}

	/**
	 * Return the reason why a text is no name of a pool.
	 */
	static String otherCharacters(String name) {
		return name.isEmpty() ? "the name of the pool is empty"
				: "the name '" + name + "' has other characters than lower-case letters, digits and dashes";
	}

	/**
	 * Return a name that is near a text.
	 */
	static String suggestion(String name) {
		String suggestion = name.replaceAll("([a-z0-9])([A-Z])", "$1-$2")
			.toLowerCase(Locale.ROOT)
			.replaceAll("[^a-z0-9]+", "-")
			.replaceAll("^-|-$", "");
		return suggestion.isEmpty() ? "uploads" : suggestion;
	}

	private InvalidMempoolPropertyException differOnlyInDashes(Spelling spelling, String other) {
		return new InvalidMempoolPropertyException(this.group + "[" + spelling.name() + "]", spelling.written(),
				"the pools '" + other + "' and '" + spelling.name()
						+ "' have one name for environment variables, because they differ only in dashes",
				"Write '" + other + "' if that pool is meant, or choose another name.");
	}

	/**
	 * Return the name of the pool that is meant.
	 * @param written the name in any form, for example {@code MYPOOL}
	 * @return the name, {@code null} if there is no such pool
	 */
	@Nullable String find(String written) {
		return this.names.get(key(written));
	}

	Set<String> all() {
		return new LinkedHashSet<>(this.names.values());
	}

	private record Spelling(String name, int source, WrittenProperty written) {

	}

}
