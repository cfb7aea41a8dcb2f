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

import java.util.function.Consumer;

import io.mempool.core.Caps;
import io.mempool.object.ObjectPool;
import io.mempool.object.ObjectPoolBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one pool of objects, checked: every mistake names the property it was
 * made in.
 */
final class ObjectPoolDefinition {

	private final String prefix;

	private final MempoolProperties.ObjectPool settings;

	/**
	 * Check the settings, as far as they do not depend on what the application sets.
	 * @param name the name of the pool
	 * @param settings its settings
	 */
	ObjectPoolDefinition(String name, MempoolProperties.ObjectPool settings) {
		this.prefix = MempoolProperties.PREFIX + ".objects." + name + ".";
		this.settings = settings;
		check();
		applyTo(ObjectPool.builder(name, Object::new));
	}

	private void check() {
		Integer maxIdle = this.settings.getMaxIdle();
		if (maxIdle != null && (maxIdle < 0 || maxIdle > Caps.MAXIMUM_IDLE)) {
			throw invalid("max-idle", "the number must be from 0 to " + Caps.MAXIMUM_IDLE,
					"Set 0 to keep nothing, or a larger number.");
		}
		if (this.settings.getMaxTotal() != null && this.settings.getMaxTotal() < 1) {
			throw invalid("max-total", "the number must be positive",
					"Set at least 1, or remove the property for no limit.");
		}
		Integer preallocate = preallocate();
		if (preallocate != null && (preallocate < 0 || preallocate > Caps.MAXIMUM_IDLE)) {
			throw invalid(preallocateKey(), "the number must be from 0 to " + Caps.MAXIMUM_IDLE,
					"Set 0 to create none, or a number in that range.");
		}
		if (this.settings.getMaxWait() != null
				&& (this.settings.getMaxWait().isZero() || this.settings.getMaxWait().isNegative())) {
			throw invalid("max-wait", "the time must be positive",
					"Set a time such as 500ms, or choose the policy 'fail' not to wait.");
		}
		if (this.settings.getIdleTimeout() != null
				&& (this.settings.getIdleTimeout().isZero() || this.settings.getIdleTimeout().isNegative())) {
			throw invalid("idle-timeout", "the time must be positive",
					"Set a time such as 30s, or remove the property to keep idle objects.");
		}
	}

	/**
	 * Set on a builder what the properties set.
	 */
	void applyTo(ObjectPoolBuilder<?> builder) {
		set(this.settings.getMaxIdle(), builder::maxIdle);
		set(this.settings.getMaxTotal(), builder::maxTotal);
		set(preallocate(), builder::preallocate);
		set(this.settings.getPolicy(), builder::policy);
		set(this.settings.getMaxWait(), builder::maxWait);
		set(this.settings.getIdleTimeout(), builder::idleTimeout);
		set(this.settings.getPooling(), builder::pooling);
		checkCaps(builder);
	}

	private static <V> void set(@Nullable V value, Consumer<V> setter) {
		if (value != null) {
			setter.accept(value);
		}
	}

	// Some of the caps may be the application's
	private void checkCaps(ObjectPoolBuilder<?> builder) {
		try {
			builder.caps();
		}
		catch (IllegalArgumentException ex) {
			String key = keyOfCaps();
			if (key == null) {
				throw ex;
			}
			throw invalid(key,
					"more objects would be created with the pool than it may keep or have: " + ex.getMessage(),
					"Lower '" + preallocateKey() + "', or raise 'max-idle' and 'max-total'.");
		}
	}

	private @Nullable String keyOfCaps() {
		if (preallocate() != null) {
			return preallocateKey();
		}
		if (this.settings.getMaxIdle() != null) {
			return "max-idle";
		}
		return (this.settings.getMaxTotal() != null) ? "max-total" : null;
	}

	@SuppressWarnings("deprecation")
	private @Nullable Integer preallocate() {
		return (this.settings.getPreallocate() != null) ? this.settings.getPreallocate() : this.settings.getPrefill();
	}

	private String preallocateKey() {
		return (this.settings.getPreallocate() == null && preallocate() != null) ? "prefill" : "preallocate";
	}

	/**
	 * Return what to tell of a property that has a former name, {@code null} if there is
	 * none.
	 */
	@SuppressWarnings("deprecation")
	@Nullable String deprecation() {
		if (this.settings.getPrefill() == null) {
			return null;
		}
		String former = "'" + this.prefix + "prefill' is the former name of '" + this.prefix + "preallocate'";
		return (this.settings.getPreallocate() != null) ? former + ", and has no effect because both are set. Remove it"
				: former + ", and will no longer be read in version 0.2. Write the new name";
	}

	private InvalidMempoolPropertyException invalid(String key, String reason, String action) {
		return new InvalidMempoolPropertyException(this.prefix + key, reason, action);
	}

}
