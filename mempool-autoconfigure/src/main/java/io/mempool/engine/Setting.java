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

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;

import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeakDetection;
import io.mempool.core.LeakListener;
import org.jspecify.annotations.Nullable;

/**
 * A setting of a pool: its names, its default and its rule. The settings that pools of
 * every kind have are declared here, so that they have the same names everywhere.
 *
 * @param <T> the type of its values
 * @see SettingValues
 */
public final class Setting<T> {

	/**
	 * How many idle blocks are kept.
	 */
	public static final Setting<Integer> MAX_IDLE = new Setting<>("maxIdle", null, Caps::ofIdle);

	/**
	 * How many pooled blocks may exist.
	 */
	public static final Setting<Integer> MAX_TOTAL = new Setting<>("maxTotal", null,
			(number) -> new Caps(0, number, 0));

	/**
	 * How many idle blocks are created with the pool.
	 */
	public static final Setting<Integer> PREALLOCATE = new Setting<>("preallocate", null,
			(number) -> new Caps(Caps.MAXIMUM_IDLE, Caps.UNLIMITED, number));

	/**
	 * What an acquire does when {@code max-total} is reached.
	 */
	public static final Setting<ExhaustionPolicy> POLICY = of("policy", ExhaustionPolicy.ALLOCATE);

	/**
	 * How long an acquire waits.
	 */
	public static final Setting<Duration> MAX_WAIT = ofTime("maxWait", AdmissionPolicy.DEFAULT_MAX_WAIT);

	/**
	 * The time after which unused idle blocks are discarded; none if not set.
	 */
	public static final Setting<Duration> IDLE_TIMEOUT = ofTime("idleTimeout", null);

	/**
	 * Whether the pool is no unpooled twin.
	 */
	public static final Setting<Boolean> POOLING = of("pooling", true);

	/**
	 * How much is noted about leases.
	 */
	public static final Setting<LeakDetection> LEAK_DETECTION = of("leakDetection", LeakDetection.DISABLED);

	/**
	 * The listener for leaks; none if not set.
	 */
	public static final Setting<LeakListener> LEAK_LISTENER = of("leakListener", null);

	/**
	 * How long a noted lease may be open; any time if not set.
	 */
	public static final Setting<Duration> LEAK_MAX_AGE = new Setting<>("maxAge", "leak-max-age", null,
			positive("maxAge"));

	private final String name;

	private final String key;

	private final @Nullable T fallback;

	private final Consumer<T> rule;

	private Setting(String name, @Nullable T fallback, Consumer<T> rule) {
		this(name, name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT), fallback, rule);
	}

	/**
	 * Create a setting.
	 * @param name its name in Java
	 * @param key its name in the configuration
	 * @param fallback its value if not set, {@code null} for none
	 * @param rule throws an {@link IllegalArgumentException} if the setting cannot have a
	 * value
	 */
	public Setting(String name, String key, @Nullable T fallback, Consumer<T> rule) {
		this.name = name;
		this.key = key;
		this.fallback = fallback;
		this.rule = rule;
	}

	/**
	 * Create a setting that can have any value.
	 * @param <T> the type of its values
	 * @param name its name in Java; that in the configuration has dashes
	 * @param fallback its value if not set, {@code null} for none
	 * @return a new setting
	 */
	public static <T> Setting<T> of(String name, @Nullable T fallback) {
		return new Setting<>(name, fallback, (any) -> {
		});
	}

	private static Setting<Duration> ofTime(String name, @Nullable Duration fallback) {
		return new Setting<>(name, fallback, positive(name));
	}

	private static Consumer<Duration> positive(String name) {
		return (time) -> {
			if (time.isNegative() || time.isZero()) {
				throw new IllegalArgumentException("'" + name + "' must be positive but is " + time);
			}
		};
	}

	/**
	 * Check a value.
	 * @param value the value
	 * @return the value
	 * @throws NullPointerException if there is none
	 * @throws IllegalArgumentException if the setting cannot have that value
	 */
	public T check(@Nullable T value) {
		T present = present(value);
		this.rule.accept(present);
		return present;
	}

	/**
	 * Check that there is a value.
	 * @param <V> the type of the value
	 * @param value the value
	 * @return the value
	 * @throws NullPointerException if there is none
	 */
	public <V> V present(@Nullable V value) {
		return Objects.requireNonNull(value, () -> "'" + this.name + "' must not be null");
	}

	/**
	 * Return the name in the configuration.
	 * @return words with dashes
	 */
	public String key() {
		return this.key;
	}

	@Nullable T fallback() {
		return this.fallback;
	}

	@Override
	public String toString() {
		return this.key;
	}

}
