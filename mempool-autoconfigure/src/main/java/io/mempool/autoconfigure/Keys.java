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

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * The keys of one group of properties: how the value of each is read, and where it goes.
 * The groups of {@link MempoolProperties} have their keys beside their fields.
 *
 * @param <T> the type that holds the group
 */
final class Keys<T> {

	static final String TIERS = "tiers";

	/**
	 * The keys of which one says that a pool is defined, and not only changed.
	 */
	static final Set<String> SHAPE = Set.of(TIERS, "preset", "min-size", "max-size");

	private final Map<String, Key<T, ?>> keys = new LinkedHashMap<>();

	private final Map<String, String> names = new LinkedHashMap<>();

	// By all letters and digits, as variables have them
	private final Map<String, String> namesInVariables = new LinkedHashMap<>();

	private final Map<String, Keys<?>> groups = new LinkedHashMap<>();

	private final Set<String> former = new HashSet<>();

	/**
	 * Add a key.
	 * @param name the key as metadata spells it
	 * @param reader what reads its value
	 * @param setter where the value goes
	 * @return these keys
	 */
	<V> Keys<T> add(String name, Function<Object, V> reader, BiConsumer<T, V> setter) {
		this.keys.put(name, new Key<>(reader, setter));
		this.names.put(PropertyPath.uniform(name), name);
		this.namesInVariables.put(PropertyPath.uniform(name), name);
		return this;
	}

	/**
	 * Add a group of keys below this one.
	 * @param name the name of the group as metadata spells it
	 * @param group its keys
	 * @param getter returns what holds it
	 * @return these keys
	 */
	<G> Keys<T> addGroup(String name, Keys<G> group, Function<T, G> getter) {
		this.groups.put(PropertyPath.uniform(name), group);
		group.keys.forEach((key, how) -> {
			this.keys.put(name + "." + key, how.in(getter));
			this.namesInVariables.put(PropertyPath.uniform(name + key), name + "." + key);
		});
		return this;
	}

	/**
	 * Return the group that an element of a name means.
	 */
	@Nullable Keys<?> group(String written) {
		return this.groups.get(PropertyPath.uniform(written));
	}

	/**
	 * Add a former name of a key. It is still read, and no message advises it.
	 * @see #add
	 */
	<V> Keys<T> addFormer(String name, Function<Object, V> reader, BiConsumer<T, V> setter) {
		this.former.add(name);
		return add(name, reader, setter);
	}

	/**
	 * Return all keys, with former names.
	 */
	List<String> names() {
		return List.copyOf(this.keys.keySet());
	}

	/**
	 * Return the keys that messages advise.
	 */
	List<String> advised() {
		return this.keys.keySet().stream().filter((name) -> !this.former.contains(name)).toList();
	}

	/**
	 * Return the key as metadata spells it.
	 * @param written the key in any form, for example {@code MAXIDLE}
	 */
	@Nullable String find(String written) {
		return this.names.get(PropertyPath.uniform(written));
	}

	/**
	 * Return the key that the end of a variable means, with the group that it is in.
	 * @param words the words of the variable
	 */
	@Nullable String find(List<String> words) {
		return this.namesInVariables.get(PropertyPath.uniform(String.join("", words)));
	}

	/**
	 * Read every property of the group that is set.
	 * @param properties finds a property by its name
	 * @param prefix the name of the group, with a dot at its end
	 * @param target what holds the group
	 */
	void read(Function<String, @Nullable WrittenProperty> properties, String prefix, T target) {
		this.keys.forEach((name, key) -> {
			WrittenProperty written = properties.apply(prefix + name);
			if (written != null && !written.isEmpty()) {
				key.read(prefix + name, written, target);
			}
		});
	}

	/**
	 * Read a value.
	 * @param property the name of the property
	 * @param written the property as it is written
	 * @param reader what reads the value
	 * @return the value
	 */
	static <V> V read(String property, WrittenProperty written, Function<Object, V> reader) {
		String placeholder = written.unresolvedPlaceholder();
		if (placeholder != null) {
			String name = placeholder.substring(2, placeholder.length() - 1);
			throw new InvalidMempoolPropertyException(property, written,
					"the placeholder '" + placeholder + "' has no value",
					"Set '" + name + "', or write a default as in '${" + name + ":...}'.");
		}
		try {
			return reader.apply(written.value());
		}
		catch (InvalidValueException ex) {
			throw new InvalidMempoolPropertyException(property, written, ex.getReason(), ex.getAction());
		}
	}

	/**
	 * How a value is read, and where it goes.
	 */
	private record Key<T, V>(Function<Object, V> reader, BiConsumer<T, V> setter) {

		void read(String property, WrittenProperty written, T target) {
			this.setter.accept(target, Keys.read(property, written, this.reader));
		}

		<O> Key<O, V> in(Function<O, T> getter) {
			return new Key<>(this.reader, (outer, value) -> this.setter.accept(getter.apply(outer), value));
		}

	}

}
