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
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.Environment;

/**
 * All properties of mempool by the names that metadata has, each from the source of
 * highest precedence. A name that means no property is an error.
 */
final class WrittenProperties {

	/*
	 * Reading takes three steps. Sources that can spell dashes say which pools there are.
	 * Then environment variables find their pools. At last, the source of highest
	 * precedence wins for each property.
	 *
	 * A list of tiers is taken wholly from one source, the first that has sizes: that of
	 * another source would be another list. Only what sources before it set for one tier,
	 * such as tiers[0].max-idle, is kept.
	 */

	private final Map<String, WrittenProperty> properties = new LinkedHashMap<>();

	private final Set<String> closedLists = new LinkedHashSet<>();

	private final PoolNames pools;

	private final PoolNames objects = new PoolNames(MempoolProperties.PREFIX + "." + PropertyNames.OBJECTS);

	private WrittenProperties(Environment environment) {
		PropertySourcesPlaceholdersResolver placeholders = new PropertySourcesPlaceholdersResolver(environment);
		List<SourceProperties> sources = new ArrayList<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			sources.add(new SourceProperties(source, placeholders));
		}
		this.pools = new PoolNames(MempoolProperties.PREFIX + "." + PropertyNames.POOLS, existing(sources));
		namePools(sources);
		PropertyNames names = new PropertyNames(this.pools, this.objects);
		VariableNames variables = new VariableNames(this.pools, this.objects);
		sources.forEach((source) -> source.variables()
			.forEach((variable) -> variables.define(variable, source.words(variable))));
		for (SourceProperties source : sources) {
			add(source.isUnlisted() ? ask(source) : read(source, names, variables));
		}
	}

	/**
	 * Read all properties.
	 * @param environment the environment to read
	 * @return the properties
	 * @throws InvalidMempoolPropertyException if a name means no property
	 */
	static WrittenProperties of(Environment environment) {
		return new WrittenProperties(environment);
	}

	// The pools that exist whether properties name them or not
	private static String[] existing(List<SourceProperties> sources) {
		try {
			if (JettyDefinition.isEnabled((name) -> find(name, sources))) {
				return new String[] { PoolNames.DEFAULT, JettyDefinition.HEAP, JettyDefinition.DIRECT };
			}
		}
		catch (InvalidMempoolPropertyException ex) {
			// Reported when it is read, with the name that it has in its source
		}
		return new String[] { PoolNames.DEFAULT };
	}

	private static @Nullable WrittenProperty find(String name, List<SourceProperties> sources) {
		for (SourceProperties source : sources) {
			WrittenProperty written = source.find(name);
			if (written != null) {
				return written;
			}
		}
		return null;
	}

	private void namePools(List<SourceProperties> sources) {
		for (int i = 0; i < sources.size(); i++) {
			for (WrittenProperty written : sources.get(i).named()) {
				PropertyPath path = PropertyPath.parse(written.name());
				String pool = PropertyNames.poolOf(PropertyNames.POOLS, path);
				String object = PropertyNames.poolOf(PropertyNames.OBJECTS, path);
				if (pool != null) {
					this.pools.add(pool, i, written);
				}
				if (object != null) {
					this.objects.add(object, i, written);
				}
			}
		}
		this.pools.settle();
		this.objects.settle();
	}

	private static Map<String, WrittenProperty> read(SourceProperties source, PropertyNames names,
			VariableNames variables) {
		Map<String, WrittenProperty> found = new LinkedHashMap<>();
		for (WrittenProperty written : source.named()) {
			String property = names.find(written, source.isShared());
			if (property != null) {
				found.putIfAbsent(property, written);
			}
		}
		for (WrittenProperty written : source.variables()) {
			String property = variables.find(written, source.words(written));
			if (property != null) {
				found.putIfAbsent(property, written);
			}
		}
		return found;
	}

	/**
	 * Ask a source that does not list its properties for all that may be there.
	 */
	private Map<String, WrittenProperty> ask(SourceProperties source) {
		Map<String, WrittenProperty> found = new LinkedHashMap<>();
		MempoolProperties.KEYS.names().forEach((key) -> ask(source, MempoolProperties.PREFIX + "." + key, found));
		MempoolProperties.GROUPS
			.forEach((group, keys) -> ask(source, MempoolProperties.PREFIX + "." + group, keys, found));
		this.pools.all()
			.forEach((name) -> ask(source, MempoolProperties.PREFIX + "." + PropertyNames.POOLS + "." + name,
					MempoolProperties.Pool.KEYS, found));
		this.objects.all()
			.forEach((name) -> ask(source, MempoolProperties.PREFIX + "." + PropertyNames.OBJECTS + "." + name,
					MempoolProperties.ObjectPool.KEYS, found));
		return found;
	}

	private static void ask(SourceProperties source, String group, Keys<?> keys, Map<String, WrittenProperty> found) {
		keys.names().forEach((key) -> ask(source, group + "." + key, found));
		if (keys == MempoolProperties.Pool.KEYS) {
			askForTiers(source, group + "." + Keys.TIERS, found);
		}
	}

	private static void askForTiers(SourceProperties source, String list, Map<String, WrittenProperty> found) {
		int before;
		int tier = 0;
		do {
			before = found.size();
			String property = list + "[" + tier++ + "]";
			ask(source, property, found);
			ask(source, property, MempoolProperties.Tier.KEYS, found);
		}
		while (found.size() > before);
	}

	private static void ask(SourceProperties source, String property, Map<String, WrittenProperty> found) {
		WrittenProperty written = source.find(property);
		if (written != null) {
			found.put(property, written);
		}
	}

	private void add(Map<String, WrittenProperty> source) {
		Set<String> lists = new LinkedHashSet<>();
		source.forEach((property, written) -> {
			String list = listOf(property);
			if (list == null) {
				this.properties.putIfAbsent(property, written);
			}
			else if (lists.add(list) && !this.closedLists.contains(list)) {
				addList(list, source);
			}
		});
	}

	private static @Nullable String listOf(String property) {
		String list = "." + Keys.TIERS;
		if (property.endsWith(list)) {
			return property;
		}
		int end = property.indexOf(list + "[");
		return (end >= 0) ? property.substring(0, end + list.length()) : null;
	}

	private void addList(String list, Map<String, WrittenProperty> source) {
		WrittenProperty shortForm = source.get(list);
		boolean sized = false;
		for (Map.Entry<String, WrittenProperty> entry : source.entrySet()) {
			String property = entry.getKey();
			if (property.startsWith(list + "[")) {
				boolean ofSize = property.endsWith("]") || property.endsWith(".size");
				if (ofSize && shortForm != null && !shortForm.isEmpty()) {
					throw new InvalidMempoolPropertyException(property, entry.getValue(),
							"the tiers are given as one value as well, by '" + shortForm.name() + "'",
							"Remove one of the two.");
				}
				sized |= ofSize;
				this.properties.putIfAbsent(property, entry.getValue());
			}
		}
		if (shortForm != null && !sized) {
			this.properties.put(list, shortForm);
		}
		if (shortForm != null || sized) {
			this.closedLists.add(list);
		}
	}

	/**
	 * Return the names of all pools of buffers that properties name.
	 */
	Set<String> pools() {
		return named(PropertyNames.POOLS, this.pools);
	}

	/**
	 * Return the names of all pools of objects that properties name.
	 */
	Set<String> objects() {
		return named(PropertyNames.OBJECTS, this.objects);
	}

	private Set<String> named(String group, PoolNames names) {
		Set<String> named = new LinkedHashSet<>();
		for (String name : names.all()) {
			if (first(MempoolProperties.PREFIX + "." + group + "." + name) != null) {
				named.add(name);
			}
		}
		return named;
	}

	/**
	 * Return a property.
	 * @param property its name as metadata spells it
	 * @return the property, {@code null} if no source has it
	 */
	@Nullable WrittenProperty get(String property) {
		return this.properties.get(property);
	}

	/**
	 * Return what is set for single tiers.
	 * @param list the name of the property that has all of them
	 * @return the properties of each tier by their names, by the number of the tier
	 */
	SortedMap<Integer, Map<String, WrittenProperty>> tiers(String list) {
		SortedMap<Integer, Map<String, WrittenProperty>> tiers = new TreeMap<>();
		this.properties.forEach((property, written) -> {
			if (property.startsWith(list + "[") && !written.isEmpty()) {
				int index = Integer.parseInt(property, list.length() + 1, property.indexOf(']', list.length()), 10);
				tiers.computeIfAbsent(index, (key) -> new LinkedHashMap<>()).put(property, written);
			}
		});
		return tiers;
	}

	/**
	 * Return where the value of a property comes from: a size may be one of several
	 * between commas, and a pool has no value but settings.
	 * @param property the name of a property
	 * @return the property as it is written, {@code null} if no source has it
	 */
	@Nullable WrittenProperty source(String property) {
		WrittenProperty found = first(property);
		String list = listOf(property);
		if (found == null && list != null) {
			int tier = property.indexOf(']');
			found = (tier >= 0) ? first(property.substring(0, tier + 1)) : null;
			found = (found != null) ? found : first(list);
		}
		return found;
	}

	/**
	 * Return where a property is set, as an addition to a message.
	 */
	String originOf(String property) {
		WrittenProperty written = source(property);
		return (written != null && written.origin() != null) ? " (set by " + written.origin() + ")" : "";
	}

	private @Nullable WrittenProperty first(String property) {
		WrittenProperty exact = this.properties.get(property);
		if (exact != null) {
			return exact;
		}
		for (Map.Entry<String, WrittenProperty> entry : this.properties.entrySet()) {
			if (entry.getKey().startsWith(property + ".") || entry.getKey().startsWith(property + "[")) {
				return entry.getValue();
			}
		}
		return null;
	}

}
