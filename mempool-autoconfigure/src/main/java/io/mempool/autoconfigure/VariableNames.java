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
import java.util.regex.Pattern;

import io.mempool.engine.Nearest;
import io.mempool.engine.PoolName;
import org.jspecify.annotations.Nullable;

/**
 * Finds the property that an environment variable means. A variable spells no dashes, and
 * does not say where the name of a pool ends: {@code MEMPOOL_POOLS_MYPOOL_MAXIDLE} and
 * {@code MEMPOOL_POOLS_MY_POOL_MAX_IDLE} mean the pool {@code my-pool} if other sources
 * name it.
 */
final class VariableNames {

	// What Kubernetes and Docker set for a service whose name begins with 'mempool'
	private static final Pattern OF_SERVICE = Pattern
		.compile("(?i).*_(SERVICE_HOST|SERVICE_PORT(_\\w+)?|PORT(_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)");

	private final PoolNames pools;

	private final PoolNames objects;

	VariableNames(PoolNames pools, PoolNames objects) {
		this.pools = pools;
		this.objects = objects;
	}

	/**
	 * Define a pool that only variables name. That takes its tiers: a variable that sets
	 * something else was meant to change a pool that exists. A pool of objects is defined
	 * by the application, which will know whether it was meant.
	 */
	void define(WrittenProperty variable, List<String> words) {
		boolean ofObjects = words.get(0).equals(PropertyNames.OBJECTS);
		if (variable.isEmpty() || !(ofObjects || words.get(0).equals(PropertyNames.POOLS))) {
			return;
		}
		PoolNames names = ofObjects ? this.objects : this.pools;
		List<Meaning> meanings = meanings(words,
				ofObjects ? MempoolProperties.ObjectPool.KEYS : MempoolProperties.Pool.KEYS);
		if (!meanings.isEmpty() && known(meanings, names).isEmpty()) {
			Meaning meaning = meanings.get(0);
			if (ofObjects || (meaning.words() == 1 && meaning.isShape())) {
				names.define(checkName(variable, words, meaning));
			}
		}
	}

	private static String checkName(WrittenProperty variable, List<String> words, Meaning meaning) {
		if (PoolName.isValid(meaning.pool())) {
			return meaning.pool();
		}
		List<String> renamed = new ArrayList<>(List.of(words.get(0), PoolNames.suggestion(meaning.pool())));
		renamed.addAll(words.subList(meaning.words() + 1, words.size()));
		throw PropertyNames.invalid(variable, PoolNames.otherCharacters(meaning.pool()),
				"Rename the pool, for example to '" + name(renamed) + "'.");
	}

	/**
	 * Find the property that a variable means.
	 * @param variable the variable
	 * @param words its words after the first, in lower case
	 * @return the name of the property as metadata spells it, {@code null} if the
	 * variable is none of ours
	 */
	@Nullable String find(WrittenProperty variable, List<String> words) {
		String first = words.get(0);
		String property = fixed(words);
		if (property != null) {
			return property;
		}
		if (first.equals(PropertyNames.POOLS)) {
			property = ofPool(variable, words, this.pools, MempoolProperties.Pool.KEYS);
		}
		else if (first.equals(PropertyNames.OBJECTS)) {
			property = ofPool(variable, words, this.objects, MempoolProperties.ObjectPool.KEYS);
		}
		if (property != null || variable.isEmpty() || OF_SERVICE.matcher(variable.name()).matches()) {
			return property;
		}
		Keys<?> group = MempoolProperties.GROUPS.get(first);
		if (first.equals(PropertyNames.POOLS) || first.equals(PropertyNames.OBJECTS)) {
			throw noSuchPool(variable, words);
		}
		if (group != null) {
			throw unknown(variable, words, 1, group.advised());
		}
		if (Nearest.of(String.join("", words), MempoolProperties.KEYS.names()) != null) {
			throw unknown(variable, words, 0, MempoolProperties.KEYS.names());
		}
		return null;
	}

	private static @Nullable String fixed(List<String> words) {
		String key = MempoolProperties.KEYS.find(words);
		if (key != null) {
			return MempoolProperties.PREFIX + "." + key;
		}
		Keys<?> group = MempoolProperties.GROUPS.get(words.get(0));
		key = (group != null) ? key(words.subList(1, words.size()), group) : null;
		return (key != null) ? MempoolProperties.PREFIX + "." + words.get(0) + "." + key : null;
	}

	private static @Nullable String key(List<String> words, Keys<?> keys) {
		String key = keys.find(words);
		boolean ofTier = keys == MempoolProperties.Pool.KEYS && words.size() > 1 && words.get(0).equals(Keys.TIERS)
				&& words.get(1).matches("\\d{1,9}");
		if (key != null || !ofTier) {
			return key;
		}
		String tier = Keys.TIERS + "[" + Integer.parseInt(words.get(1)) + "]";
		if (words.size() == 2) {
			return tier;
		}
		key = MempoolProperties.Tier.KEYS.find(words.subList(2, words.size()));
		return (key != null) ? tier + "." + key : null;
	}

	private static @Nullable String ofPool(WrittenProperty variable, List<String> words, PoolNames names,
			Keys<?> keys) {
		List<Meaning> known = known(meanings(words, keys), names);
		if (known.isEmpty()) {
			return null;
		}
		if (known.size() > 1) {
			List<String> properties = known.stream().map((meaning) -> meaning.property(words.get(0), names)).toList();
			throw PropertyNames.invalid(variable, "the variable may mean '" + String.join("' and '", properties) + "'",
					"Remove the variable, and set the one that you mean as an argument, for example '--"
							+ properties.get(0) + "=...', or in SPRING_APPLICATION_JSON.");
		}
		return known.get(0).property(words.get(0), names);
	}

	private static List<Meaning> known(List<Meaning> meanings, PoolNames names) {
		return meanings.stream().filter((meaning) -> names.find(meaning.pool()) != null).toList();
	}

	/**
	 * Return what a variable may mean, the longest key first.
	 */
	private static List<Meaning> meanings(List<String> words, Keys<?> keys) {
		List<Meaning> meanings = new ArrayList<>();
		for (int end = 2; end < words.size(); end++) {
			String key = key(words.subList(end, words.size()), keys);
			if (key != null) {
				meanings.add(new Meaning(String.join("", words.subList(1, end)), end - 1, key));
			}
		}
		return meanings;
	}

	private InvalidMempoolPropertyException noSuchPool(WrittenProperty variable, List<String> words) {
		boolean ofObjects = words.get(0).equals(PropertyNames.OBJECTS);
		PoolNames names = ofObjects ? this.objects : this.pools;
		Keys<?> keys = ofObjects ? MempoolProperties.ObjectPool.KEYS : MempoolProperties.Pool.KEYS;
		String group = MempoolProperties.PREFIX + "." + words.get(0);
		if (words.size() == 1) {
			return PropertyNames.invalid(variable, "'" + group + "' is a group of pools and has no value of its own",
					"Write '" + name(List.of(words.get(0), "<name>", keys.advised().get(0))) + "', for example.");
		}
		for (int end = 2; end <= words.size(); end++) {
			if (names.find(String.join("", words.subList(1, end))) != null) {
				return (end < words.size()) ? unknown(variable, words, end, keys.advised())
						: PropertyNames.invalid(variable,
								"a pool has settings such as '" + keys.advised().get(0) + "', not a value",
								"Write '" + variable.name() + "_<setting>', or remove the variable.");
			}
		}
		List<Meaning> meanings = meanings(words, keys);
		String setting = key(words.subList(1, words.size()), keys);
		if (meanings.isEmpty() && setting != null) {
			return withoutPool(variable, words, setting);
		}
		if (meanings.isEmpty()) {
			return unknown(variable, words, Math.min(2, words.size() - 1), keys.advised());
		}
		return noSuchPool(variable, words, meanings.get(0));
	}

	private static InvalidMempoolPropertyException withoutPool(WrittenProperty variable, List<String> words,
			String setting) {
		List<String> meant = new ArrayList<>(words);
		meant.add(1, "<name>");
		List<String> ofAll = new ArrayList<>(words);
		ofAll.set(0, "defaults");
		boolean ofObjects = words.get(0).equals(PropertyNames.OBJECTS);
		return PropertyNames.invalid(variable, "'" + setting + "' is a setting of a pool, and no pool is named",
				"Write '" + name(meant) + (ofObjects ? "'." : "', or '" + name(ofAll) + "' for all pools."));
	}

	private InvalidMempoolPropertyException noSuchPool(WrittenProperty variable, List<String> words, Meaning meaning) {
		String pool = String.join("-", words.subList(1, meaning.words() + 1));
		String nearest = Nearest.of(pool, this.pools.all());
		List<String> key = words.subList(meaning.words() + 1, words.size());
		String reason = "there is no pool '" + pool + "', only " + String.join(", ", this.pools.all());
		if (nearest != null) {
			List<String> meant = new ArrayList<>(List.of(words.get(0), nearest));
			meant.addAll(key);
			return PropertyNames.invalid(variable, reason,
					"Write '" + name(meant) + "', or name the pool '" + pool + "' in a configuration file.");
		}
		return PropertyNames.invalid(variable, reason,
				"Name the pool in a configuration file, for example by 'mempool.pools." + pool
						+ ".tiers: 4KB, 64KB', or define it by '" + name(List.of(words.get(0), pool, Keys.TIERS))
						+ "', or remove the variable.");
	}

	private static InvalidMempoolPropertyException unknown(WrittenProperty variable, List<String> words, int end,
			List<String> names) {
		String written = String.join("-", words.subList(end, words.size()));
		String nearest = Nearest.of(written, names);
		List<String> meant = new ArrayList<>(words.subList(0, end));
		if (written.isEmpty()) {
			return PropertyNames.invalid(variable, "it is a group of properties and has no value of its own",
					"Add one of " + String.join(", ", names) + " to the name, without dashes.");
		}
		if (nearest == null) {
			return PropertyNames.invalid(variable, "there is no setting '" + written + "'",
					"Remove the variable, or end its name with one of " + String.join(", ", names)
							+ ", without dashes.");
		}
		meant.add(nearest);
		return PropertyNames.invalid(variable, "there is no setting '" + written + "'", "Write '" + name(meant) + "'.");
	}

	/**
	 * Return the name of a variable in the form that Spring Boot documents: dashes are
	 * left out.
	 */
	private static String name(List<String> words) {
		StringBuilder name = new StringBuilder(MempoolProperties.PREFIX);
		words.forEach((word) -> name.append('_').append(word.replace("-", "")));
		return name.toString().toUpperCase(Locale.ROOT);
	}

	/**
	 * A pool and a setting that a variable may mean.
	 *
	 * @param pool the name of the pool without dashes
	 * @param words of how many words the name is
	 * @param key the setting as metadata spells it
	 */
	private record Meaning(String pool, int words, String key) {

		boolean isShape() {
			return Keys.SHAPE.contains(this.key) || this.key.endsWith(".size") || this.key.endsWith("]");
		}

		String property(String group, PoolNames names) {
			return MempoolProperties.PREFIX + "." + group + "." + names.find(this.pool) + "." + this.key;
		}

	}

}
