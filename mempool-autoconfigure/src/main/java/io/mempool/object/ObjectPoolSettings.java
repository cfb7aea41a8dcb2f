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

package io.mempool.object;

import java.util.List;
import java.util.Objects;

import io.mempool.core.Caps;
import io.mempool.core.PoolChange;
import io.mempool.engine.AdmissionPolicy;
import io.mempool.engine.LeakSettings;
import io.mempool.engine.Setting;
import io.mempool.engine.SettingChanges;
import io.mempool.engine.SettingValues;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a pool of objects. Immutable: each method that sets something returns
 * changed settings, and {@link ObjectPool#update} gives them to the pool.
 * <pre class="code">
 * pool.update((settings) -&gt; settings.maxIdle(16).policy(ExhaustionPolicy.FAIL));
 * </pre> The settings of a builder or of a pool equal others if all of their values are
 * the same.
 *
 * @since 0.1.0
 * @see ObjectPool#settings()
 * @see ObjectPoolBuilder#settings()
 */
public final class ObjectPoolSettings extends ObjectPoolOptions<ObjectPoolSettings> {

	private final SettingValues values;

	ObjectPoolSettings(String name, SettingValues values) {
		super(name);
		this.values = values;
	}

	@Override
	SettingValues values() {
		return this.values;
	}

	@Override
	ObjectPoolSettings with(SettingValues values) {
		return new ObjectPoolSettings(name(), values);
	}

	/**
	 * Return the same settings in the one form that a pool has.
	 * @throws IllegalArgumentException if they do not go together
	 */
	ObjectPoolSettings resolved() {
		return with(this.values.without(Setting.MAX_IDLE, Setting.MAX_TOTAL, Setting.PREALLOCATE)
			.with(CAPS, caps())
			.with(MAX_IDLE_GROWS, maxIdleGrows())
			.withoutDefaults());
	}

	/**
	 * Check and return what an update makes of these settings.
	 * @param change the result of the update
	 * @return the same in the form that a pool has
	 * @throws IllegalArgumentException if the pool cannot have these settings while it
	 * runs
	 */
	ObjectPoolSettings updatedTo(ObjectPoolSettings change) {
		Objects.requireNonNull(change, () -> "The update of pool '" + name() + "' must not return null");
		SettingChanges.checkFixed(name(), "name", name(), change.name());
		ObjectPoolSettings next = change.resolved();
		changesTo(next);
		Caps lowered = caps().with(next.caps().maxIdle(), next.caps().maxTotal());
		SettingChanges.checkFixed(name(), "preallocate", lowered.preallocate(), next.caps().preallocate());
		return next;
	}

	/**
	 * Return the differences from other settings of the same pool.
	 * @throws IllegalArgumentException if a setting differs that cannot change
	 */
	List<PoolChange> changesTo(ObjectPoolSettings next) {
		return new SettingChanges().add("max-idle", maxIdle(), next.maxIdle())
			.add("max-total", caps().maxTotal(), next.caps().maxTotal())
			.addAll(name(), CHANGEABLE, this.values.without(CAPS, MAX_IDLE_GROWS),
					next.values.without(CAPS, MAX_IDLE_GROWS))
			.toList();
	}

	private Object maxIdle() {
		return maxIdleGrows() ? caps().maxIdle() + " and growing" : caps().maxIdle();
	}

	AdmissionPolicy admission() {
		return this.values.admission();
	}

	LeakSettings leaks() {
		return this.values.leaks();
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof ObjectPoolSettings settings && name().equals(settings.name())
				&& this.values.equals(settings.values);
	}

	@Override
	public int hashCode() {
		return 31 * name().hashCode() + this.values.hashCode();
	}

	@Override
	public String toString() {
		return "ObjectPoolSettings[name=" + name() + ", " + this.values + "]";
	}

}
