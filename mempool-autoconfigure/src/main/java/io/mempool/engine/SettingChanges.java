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

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import io.mempool.core.Caps;
import io.mempool.core.PoolChange;
import org.jspecify.annotations.Nullable;

/**
 * Collects the settings that differ, with their values as the configuration writes them.
 */
public final class SettingChanges {

	private static final String UNLIMITED = "unlimited";

	private static final String NONE = "none";

	private final List<PoolChange> changes = new ArrayList<>();

	/**
	 * Add a setting if its values differ.
	 * @param setting its name as in the configuration
	 * @param from the former value
	 * @param to the present value
	 * @return this collection
	 */
	public SettingChanges add(String setting, @Nullable Object from, @Nullable Object to) {
		if (!Objects.equals(from, to)) {
			this.changes.add(new PoolChange(setting, format(from), format(to)));
		}
		return this;
	}

	/**
	 * Add those settings that can change while a pool runs.
	 * @param pool the name of the pool
	 * @param changeable these settings, in the order in which to add them
	 * @param from the former values
	 * @param to the present values
	 * @return this collection
	 * @throws IllegalArgumentException if another setting differs
	 */
	public SettingChanges addAll(String pool, List<Setting<?>> changeable, SettingValues from, SettingValues to) {
		Set<Setting<?>> fixed = new HashSet<>(from.asMap().keySet());
		fixed.addAll(to.asMap().keySet());
		changeable.forEach(fixed::remove);
		fixed.forEach((setting) -> checkFixed(pool, setting.key(), from.find(setting), to.find(setting)));
		changeable.forEach((setting) -> add(setting.key(), from.find(setting), to.find(setting)));
		return this;
	}

	/**
	 * Check that a setting stays as it is.
	 * @param pool the name of the pool
	 * @param setting its name as in the configuration
	 * @param from the former value
	 * @param to the present value
	 * @throws IllegalArgumentException if the values differ
	 */
	public static void checkFixed(String pool, String setting, @Nullable Object from, @Nullable Object to) {
		if (!Objects.equals(from, to)) {
			throw new IllegalArgumentException("Cannot update pool '" + pool + "': '" + setting
					+ "' cannot change while the pool runs, and would change from " + format(from) + " to " + format(to)
					+ ". Keep it, or build another pool");
		}
	}

	/**
	 * Return what was added.
	 * @return the changes, in the order in which they were added
	 */
	public List<PoolChange> toList() {
		return List.copyOf(this.changes);
	}

	static String format(@Nullable Object value) {
		if (value == null) {
			return NONE;
		}
		if (value.equals(Caps.UNLIMITED) || value.equals(Long.MAX_VALUE)) {
			return UNLIMITED;
		}
		if (value instanceof Enum<?> constant) {
			return KebabCase.of(constant);
		}
		if (value instanceof Collection<?> values) {
			return values.stream().map(SettingChanges::format).collect(Collectors.joining(","));
		}
		return value.toString();
	}

}
