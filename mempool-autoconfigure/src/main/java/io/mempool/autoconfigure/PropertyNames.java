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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.mempool.engine.Nearest;
import org.jspecify.annotations.Nullable;

/**
 * Finds the property that a name with dots means. A name that means none is an error that
 * says which one was probably meant.
 */
final class PropertyNames {

	static final String POOLS = "pools";

	static final String OBJECTS = "objects";

	// Of a number that surely is an int
	private static final int MAXIMUM_DIGITS = 9;

	private final PoolNames pools;

	private final PoolNames objects;

	PropertyNames(PoolNames pools, PoolNames objects) {
		this.pools = pools;
		this.objects = objects;
	}

	/**
	 * Return the name of the pool that a property with dots mentions, {@code null} if it
	 * mentions none.
	 */
	static @Nullable String poolOf(String group, PropertyPath path) {
		return (path.size() > 2 && !path.isIndex(2) && PropertyPath.uniform(path.element(1)).equals(group))
				? path.element(2) : null;
	}

	/**
	 * Find the property that a name with dots means.
	 * @param written the property as it is written
	 * @param shared whether other programs may use similar names
	 * @return its name as metadata spells it, {@code null} if it is none of ours
	 */
	@Nullable String find(WrittenProperty written, boolean shared) {
		PropertyPath path = PropertyPath.parse(written.name());
		if (path.size() == 1) {
			return group(MempoolProperties.PREFIX, written, rootNames());
		}
		String first = PropertyPath.uniform(path.element(1));
		if (first.equals(POOLS)) {
			return ofPool(written, path, POOLS, this.pools, MempoolProperties.Pool.KEYS);
		}
		if (first.equals(OBJECTS)) {
			return ofPool(written, path, OBJECTS, this.objects, MempoolProperties.ObjectPool.KEYS);
		}
		Keys<?> group = MempoolProperties.GROUPS.get(first);
		if (group != null) {
			String prefix = MempoolProperties.PREFIX + "." + first;
			return (path.size() == 2) ? group(prefix, written, group.advised())
					: inGroup(written, path, 2, prefix, group);
		}
		String key = MempoolProperties.KEYS.find(first);
		if (key != null) {
			return single(written, path, 2, MempoolProperties.PREFIX + "." + key);
		}
		if (shared && Nearest.of(first, rootNames()) == null) {
			return null;
		}
		throw unknownInRoot(written, path);
	}

	private String ofPool(WrittenProperty written, PropertyPath path, String group, PoolNames names, Keys<?> keys) {
		String prefix = MempoolProperties.PREFIX + "." + group;
		if (path.size() == 2) {
			return group(prefix, written, List.of("<name>"));
		}
		if (path.isIndex(2)) {
			throw invalid(written, "the pools are a list, but each is known by its name",
					"Write '" + prefix + ".<name>' with the settings of the pool below it.");
		}
		String name = names.find(path.element(2));
		prefix = prefix + "." + name;
		if (path.size() > 3) {
			return inGroup(written, path, 3, prefix, keys);
		}
		if (!written.isEmpty()) {
			throw invalid(written,
					(group.equals(POOLS) ? "a pool has settings such as 'tiers', not a value"
							: "an object pool has settings such as 'max-idle', not a value"),
					"Write '" + prefix + "." + (group.equals(POOLS) ? "tiers: 4KB, 64KB" : "max-idle: 16") + "', or "
							+ "remove the value.");
		}
		return prefix;
	}

	private static String group(String group, WrittenProperty written, List<String> names) {
		if (!written.isEmpty()) {
			throw invalid(written, "'" + group + "' is a group of properties and has no value of its own",
					"Write " + oneOf(group, names) + ".");
		}
		return group;
	}

	private static String inGroup(WrittenProperty written, PropertyPath path, int index, String prefix, Keys<?> keys) {
		Keys<?> group = keys.group(path.element(index));
		if (group != null) {
			String name = prefix + "." + path.element(index);
			return (path.size() == index + 1) ? group(name, written, group.advised())
					: inGroup(written, path, index + 1, name, group);
		}
		String key = keys.find(path.element(index));
		if (key == null || path.isIndex(index)) {
			throw unknown(written, path, index, prefix, keys);
		}
		if (key.equals(Keys.TIERS)) {
			return ofTiers(written, path, index + 1, prefix + "." + key);
		}
		return single(written, path, index + 1, prefix + "." + key);
	}

	private static String single(WrittenProperty written, PropertyPath path, int end, String property) {
		if (path.size() > end) {
			throw invalid(written,
					"'" + property + "' is one value, and no " + (path.isIndex(end) ? "list" : "group of properties"),
					"Write the value as that of '" + property + "'.");
		}
		return property;
	}

	private static String ofTiers(WrittenProperty written, PropertyPath path, int index, String tiers) {
		if (path.size() == index) {
			return tiers;
		}
		if (!path.isIndex(index)) {
			throw invalid(written, "'tiers' is a list of sizes or of tiers, and has no names",
					"Write '" + tiers + ": 4KB, 64KB', or '- size: 4KB' for each tier.");
		}
		if (path.element(index).length() > MAXIMUM_DIGITS) {
			throw invalid(written, "a list has fewer tiers", "Write the number of a tier, counted from 0.");
		}
		String tier = tiers + "[" + Integer.parseInt(path.element(index)) + "]";
		return (path.size() == index + 1) ? tier : inGroup(written, path, index + 1, tier, MempoolProperties.Tier.KEYS);
	}

	private static InvalidMempoolPropertyException unknown(WrittenProperty written, PropertyPath path, int index,
			String prefix, Keys<?> keys) {
		String element = path.element(index);
		String nearest = Nearest.of(element, keys.advised());
		String reason = "there is no setting '" + element + "' in '" + prefix + "'";
		String elsewhere = elsewhere(element);
		if (elsewhere != null) {
			return invalid(written, reason,
					"Move it to '" + elsewhere + "', or write " + oneOf(prefix, keys.advised()) + ".");
		}
		return invalid(written, reason, (nearest != null) ? "Write '" + prefix + "." + nearest + "'."
				: "Remove it, or write " + oneOf(prefix, keys.advised()) + ".");
	}

	private static @Nullable String elsewhere(String element) {
		Map<String, Keys<?>> groups = new LinkedHashMap<>();
		groups.put(POOLS + ".<name>", MempoolProperties.Pool.KEYS);
		groups.put(OBJECTS + ".<name>", MempoolProperties.ObjectPool.KEYS);
		groups.putAll(MempoolProperties.GROUPS);
		for (Map.Entry<String, Keys<?>> group : groups.entrySet()) {
			String key = group.getValue().find(element);
			if (key != null) {
				return MempoolProperties.PREFIX + "." + group.getKey() + "." + key;
			}
		}
		String key = MempoolProperties.KEYS.find(element);
		return (key != null) ? MempoolProperties.PREFIX + "." + key : null;
	}

	private static InvalidMempoolPropertyException unknownInRoot(WrittenProperty written, PropertyPath path) {
		String element = path.element(1);
		String reason = "there is no property '" + MempoolProperties.PREFIX + "." + element + "'";
		String nearest = Nearest.of(element, rootNames());
		if (nearest != null) {
			return invalid(written, reason, "Write '" + MempoolProperties.PREFIX + "." + nearest + "'.");
		}
		String elsewhere = elsewhere(element);
		if (elsewhere != null) {
			return invalid(written, reason, "Write '" + elsewhere + "'.");
		}
		if (path.size() > 2 && MempoolProperties.Pool.KEYS.find(path.element(2)) != null) {
			return invalid(written, reason, "Write '" + MempoolProperties.PREFIX + "." + POOLS + "." + element + "."
					+ MempoolProperties.Pool.KEYS.find(path.element(2)) + "' if a pool is meant.");
		}
		return invalid(written, reason, "Remove it, or write " + oneOf(MempoolProperties.PREFIX, rootNames()) + ".");
	}

	static List<String> rootNames() {
		return Stream.of(MempoolProperties.KEYS.names(), List.of(POOLS, OBJECTS), MempoolProperties.GROUPS.keySet())
			.flatMap((names) -> names.stream())
			.toList();
	}

	static String oneOf(String group, List<String> names) {
		List<String> properties = names.stream().map((name) -> "'" + group + "." + name + "'").toList();
		int last = properties.size() - 1;
		return (last == 0) ? properties.get(0)
				: String.join(", ", properties.subList(0, last)) + " or " + properties.get(last);
	}

	static InvalidMempoolPropertyException invalid(WrittenProperty written, String reason, String action) {
		return new InvalidMempoolPropertyException(written.name(), written, reason, action);
	}

}
