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

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import io.mempool.core.Caps;
import org.jspecify.annotations.Nullable;

/**
 * Values of settings. Immutable: a change makes new values. A setting without a value has
 * its default.
 */
public final class SettingValues {

	/**
	 * No values.
	 */
	public static final SettingValues NONE = new SettingValues(Map.of());

	private final Map<Setting<?>, Object> values;

	private SettingValues(Map<Setting<?>, Object> values) {
		this.values = Map.copyOf(values);
	}

	/**
	 * Return the value of a setting that need not have one.
	 * @param <T> the type of the value
	 * @param setting the setting
	 * @return the value, else the default, else {@code null}
	 */
	public <T> @Nullable T find(Setting<T> setting) {
		T value = set(setting);
		return (value != null) ? value : setting.fallback();
	}

	/**
	 * Return the value of a setting that has a default.
	 * @param <T> the type of the value
	 * @param setting the setting
	 * @return the value, else the default
	 */
	public <T> T get(Setting<T> setting) {
		return Objects.requireNonNull(find(setting), () -> "'" + setting + "' has no default");
	}

	/**
	 * Return the value of a setting if it was set.
	 * @param <T> the type of the value
	 * @param setting the setting
	 * @return the value, or {@code null}
	 */
	@SuppressWarnings("unchecked")
	public <T> @Nullable T set(Setting<T> setting) {
		// Only with() puts values
		return (T) this.values.get(setting);
	}

	/**
	 * Return values of which one is another.
	 * @param <T> the type of the value
	 * @param setting the setting
	 * @param value the value
	 * @return other values
	 * @throws IllegalArgumentException if the setting cannot have that value
	 */
	public <T> SettingValues with(Setting<T> setting, @Nullable T value) {
		Map<Setting<?>, Object> values = new HashMap<>(this.values);
		values.put(setting, Objects.requireNonNull(setting.check(value)));
		return new SettingValues(values);
	}

	/**
	 * Return values without those of some settings.
	 * @param settings the settings
	 * @return other values
	 */
	public SettingValues without(Setting<?>... settings) {
		Map<Setting<?>, Object> values = new HashMap<>(this.values);
		for (Setting<?> setting : settings) {
			values.remove(setting);
		}
		return new SettingValues(values);
	}

	/**
	 * Return these values without those that are the defaults. Values that mean the same
	 * are equal then.
	 * @return the least values
	 */
	public SettingValues withoutDefaults() {
		Map<Setting<?>, Object> values = new HashMap<>(this.values);
		values.entrySet().removeIf((entry) -> entry.getValue().equals(entry.getKey().fallback()));
		return new SettingValues(values);
	}

	/**
	 * Return these values and, for settings without one here, those of others.
	 * @param others the others
	 * @return the union
	 */
	public SettingValues over(SettingValues others) {
		Map<Setting<?>, Object> values = new HashMap<>(others.values);
		values.putAll(this.values);
		return new SettingValues(values);
	}

	/**
	 * Return how many blocks a tier may hold. What was preallocated gives way to a lower
	 * cap, unless {@code preallocate} is set too.
	 * @param former what the tier may hold unless another value is set, {@code null} for
	 * the defaults
	 * @param defaultMaxIdle how many idle blocks it keeps by default; more if as many are
	 * preallocated
	 * @return the caps
	 * @throws IllegalArgumentException if more would be preallocated than may be idle or
	 * exist
	 */
	public Caps caps(@Nullable Caps former, int defaultMaxIdle) {
		int preallocate = Objects.requireNonNullElse(set(Setting.PREALLOCATE), 0);
		Caps base = (former != null) ? former : Caps.ofIdle(Math.max(defaultMaxIdle, preallocate));
		Caps caps = base.with(Objects.requireNonNullElse(set(Setting.MAX_IDLE), base.maxIdle()),
				Objects.requireNonNullElse(set(Setting.MAX_TOTAL), base.maxTotal()));
		return (set(Setting.PREALLOCATE) != null) ? new Caps(caps.maxIdle(), caps.maxTotal(), preallocate) : caps;
	}

	/**
	 * Return how an acquire is admitted.
	 * @return a policy
	 */
	public AdmissionPolicy admission() {
		return new AdmissionPolicy(get(Setting.POLICY), get(Setting.MAX_WAIT));
	}

	/**
	 * Return how leaks are looked for.
	 * @return the settings of the leak detector
	 */
	public LeakSettings leaks() {
		return new LeakSettings(get(Setting.LEAK_DETECTION), find(Setting.LEAK_LISTENER), find(Setting.LEAK_MAX_AGE));
	}

	Map<Setting<?>, Object> asMap() {
		return this.values;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof SettingValues others && this.values.equals(others.values);
	}

	@Override
	public int hashCode() {
		return this.values.hashCode();
	}

	@Override
	public String toString() {
		return this.values.entrySet()
			.stream()
			.map((entry) -> entry.getKey() + "=" + SettingChanges.format(entry.getValue()))
			.sorted()
			.collect(Collectors.joining(", "));
	}

}
