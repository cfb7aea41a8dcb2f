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
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

import io.mempool.autoconfigure.MempoolProperties.Budget;
import io.mempool.autoconfigure.MempoolProperties.Health;
import io.mempool.autoconfigure.MempoolProperties.Leaks;
import io.mempool.autoconfigure.MempoolProperties.ObjectPool;
import io.mempool.autoconfigure.MempoolProperties.Pool;
import io.mempool.autoconfigure.MempoolProperties.Request;
import io.mempool.autoconfigure.MempoolProperties.Tier;
import io.mempool.autoconfigure.MempoolProperties.TierPreset;
import io.mempool.buffer.Clearing;
import io.mempool.buffer.MemoryKind;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeakDetection;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one group of properties: how the value of each is read, and where it goes.
 *
 * @param <T> the type that holds the group
 */
final class Keys<T> {

	static final String TIERS = "tiers";

	static final Keys<MempoolProperties> ROOT = new Keys<MempoolProperties>()
		.add("pooling", Values::flag, MempoolProperties::setPooling)
		.add("leak-detection", Values.choice(LeakDetection.class), MempoolProperties::setLeakDetection);

	static final Keys<Pool> POOL = new Keys<Pool>().add("memory", Values.choice(MemoryKind.class), Pool::setMemory)
		.add("page-aligned", Values::flag, Pool::setPageAligned)
		.add("preset", Values.choice(TierPreset.class), Pool::setPreset)
		.add("min-size", Values::size, Pool::setMinSize)
		.add("max-size", Values::size, Pool::setMaxSize)
		.add(TIERS, Values::tiers, Pool::setTiers)
		.add("max-idle", Values::count, Pool::setMaxIdle)
		.add("max-total", Values::count, Pool::setMaxTotal)
		.add("preallocate", Values::count, Pool::setPreallocate)
		.add("limit", Values::size, Pool::setLimit)
		.add("policy", Values.choice(ExhaustionPolicy.class), Pool::setPolicy)
		.add("max-wait", Values::shortTime, Pool::setMaxWait)
		.add("clear", Values.choice(Clearing.class), Pool::setClear)
		.add("idle-timeout", Values::longTime, Pool::setIdleTimeout)
		.add("pooling", Values::flag, Pool::setPooling)
		.add("recent-sizes", Values::count, Pool::setRecentSizes);

	/**
	 * The keys of which one says that a pool is defined, and not only changed.
	 */
	static final Set<String> SHAPE = Set.of(TIERS, "preset", "min-size", "max-size");

	static final Keys<Tier> TIER = new Keys<Tier>().add("size", Values::size, Tier::setSize)
		.add("max-idle", Values::count, Tier::setMaxIdle)
		.add("max-total", Values::count, Tier::setMaxTotal)
		.add("preallocate", Values::count, Tier::setPreallocate);

	static final Keys<ObjectPool> OBJECT_POOL = new Keys<ObjectPool>()
		.add("max-idle", Values::count, ObjectPool::setMaxIdle)
		.add("max-total", Values::count, ObjectPool::setMaxTotal)
		.add("prefill", Values::count, ObjectPool::setPrefill)
		.add("policy", Values.choice(ExhaustionPolicy.class), ObjectPool::setPolicy)
		.add("max-wait", Values::shortTime, ObjectPool::setMaxWait)
		.add("idle-timeout", Values::longTime, ObjectPool::setIdleTimeout)
		.add("pooling", Values::flag, ObjectPool::setPooling);

	static final Keys<Budget> BUDGET = new Keys<Budget>().add("heap", Values::size, Budget::setHeap)
		.add("off-heap", Values::size, Budget::setOffHeap);

	static final Keys<Leaks> LEAKS = new Keys<Leaks>().add("max-age", Values::longTime, Leaks::setMaxAge);

	static final Keys<Health> HEALTH = new Keys<Health>().add("exhausted-for", Values::longTime,
			Health::setExhaustedFor);

	static final Keys<Request> REQUEST = new Keys<Request>().add("enabled", Values::flag, Request::setEnabled)
		.add("pool", Values::name, Request::setPool)
		.add("limit", Values::size, Request::setLimit)
		.add("max-body-size", Values::size, Request::setMaxBodySize)
		.add("filter-order", Values::count, Request::setFilterOrder)
		.add("report-unreleased", Values::flag, Request::setReportUnreleased);

	/**
	 * The groups that have a fixed name.
	 */
	static final Map<String, Keys<?>> GROUPS = groups();

	private final Map<String, Key<T, ?>> keys = new LinkedHashMap<>();

	private final Map<String, String> names = new LinkedHashMap<>();

	private Keys() {
	}

	private static Map<String, Keys<?>> groups() {
		Map<String, Keys<?>> groups = new LinkedHashMap<>();
		groups.put("defaults", POOL);
		groups.put("budget", BUDGET);
		groups.put("leaks", LEAKS);
		groups.put("health", HEALTH);
		groups.put("request", REQUEST);
		return groups;
	}

	private <V> Keys<T> add(String name, Function<Object, V> reader, BiConsumer<T, V> setter) {
		this.keys.put(name, new Key<>(reader, setter));
		this.names.put(PropertyPath.uniform(name), name);
		return this;
	}

	List<String> names() {
		return List.copyOf(this.keys.keySet());
	}

	/**
	 * Return the key as metadata spells it.
	 * @param written the key in any form, for example {@code MAXIDLE}
	 */
	@Nullable String find(String written) {
		return this.names.get(PropertyPath.uniform(written));
	}

	/**
	 * Read every property of the group that is set.
	 * @param properties all properties
	 * @param prefix the name of the group, with a dot at its end
	 * @param target what holds the group
	 */
	void read(WrittenProperties properties, String prefix, T target) {
		this.keys.forEach((name, key) -> {
			WrittenProperty written = properties.get(prefix + name);
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

	}

}
