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

import java.util.Set;
import java.util.function.Consumer;

import io.mempool.object.ObjectPool;
import io.mempool.object.ObjectPoolBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one pool of objects, checked: every mistake names the property it was
 * made in.
 */
final class ObjectPoolDefinition {

	private static final String OBJECTS = MempoolProperties.PREFIX + "." + PropertyNames.OBJECTS + ".";

	private static final String RENAME = "Rename one of the two: buffer pools and object pools share their names.";

	private final String name;

	private final String prefix;

	private final MempoolProperties.ObjectPool settings;

	/**
	 * Check the settings, as far as they do not depend on what the application sets.
	 * @param name the name of the pool
	 * @param settings its settings
	 */
	ObjectPoolDefinition(String name, MempoolProperties.ObjectPool settings) {
		this.name = name;
		this.prefix = OBJECTS + name + ".";
		this.settings = settings;
		check();
		applyTo(ObjectPool.builder(name, Object::new));
	}

	private void check() {
		PropertyDefinition.checkMaxIdle(this.prefix + "max-idle", this.settings.getMaxIdle());
		PropertyDefinition.checkMaxTotal(this.prefix + "max-total", this.settings.getMaxTotal());
		PropertyDefinition.checkUpToMaximum(this.prefix + preallocateKey(), preallocate(),
				"Set 0 to create none, or a number in that range.");
		PropertyDefinition.checkMaxWait(this.prefix + "max-wait", this.settings.getMaxWait());
		PropertyDefinition.checkTime(this.prefix + "idle-timeout", this.settings.getIdleTimeout(),
				"Set a time such as 30s, or remove the property to keep idle objects.");
	}

	/**
	 * Check that no buffer pool has the name too.
	 * @param isBufferPool whether one has
	 */
	ObjectPoolDefinition checkName(boolean isBufferPool) {
		if (isBufferPool) {
			throw new InvalidMempoolPropertyException(OBJECTS + this.name, "there is a buffer pool '" + this.name + "'",
					RENAME);
		}
		return this;
	}

	/**
	 * Check that a pool that the application builds shares its name with no buffer pool.
	 * @param name the name of the pool
	 * @param isBufferPool whether there is a buffer pool of that name
	 * @param named whether a property names that buffer pool
	 */
	static void checkBuilt(String name, boolean isBufferPool, boolean named) {
		String reason = "the application has an object pool '" + name + "' as well";
		if (isBufferPool && named) {
			throw new InvalidMempoolPropertyException(MempoolProperties.PREFIX + ".pools." + name, reason, RENAME);
		}
		if (isBufferPool) {
			throw new PoolNameConflictException("There is a buffer pool '" + name + "', and " + reason + ".", RENAME);
		}
	}

	/**
	 * Check that one pool is meant.
	 * @param pool the name of a pool that the application builds
	 * @param others the names of those that it has built
	 */
	ObjectPoolDefinition checkMeant(String pool, Set<String> others) {
		for (String other : others) {
			if (PropertyPath.uniform(other).equals(PropertyPath.uniform(pool))) {
				throw new InvalidMempoolPropertyException(OBJECTS + this.name,
						"the application builds two object pools that may be meant, '" + other + "' and '" + pool + "'",
						"Rename one of the two: environment variables cannot spell dashes.");
			}
		}
		return this;
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
	 * Return the advice for a property that has a former name, {@code null} if there is
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
