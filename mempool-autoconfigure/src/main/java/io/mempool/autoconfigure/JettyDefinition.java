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
import java.util.function.Function;
import java.util.stream.Stream;

import io.mempool.autoconfigure.MempoolProperties.Pool;
import io.mempool.autoconfigure.MempoolProperties.Tier;
import io.mempool.buffer.MemoryKind;
import io.mempool.core.ExhaustionPolicy;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/**
 * The pools of Jetty's connectors: whether there are any, and what they are like unless
 * properties say otherwise, checked.
 */
final class JettyDefinition {

	static final String PROPERTY = MempoolProperties.PREFIX + ".jetty.enabled";

	/**
	 * The pool of buffers on the heap.
	 */
	static final String HEAP = "jetty-heap";

	/**
	 * The pool of buffers outside of the heap.
	 */
	static final String DIRECT = "jetty-direct";

	static final Set<String> POOLS = Set.of(HEAP, DIRECT);

	private static final Log logger = LogFactory.getLog(JettyDefinition.class);

	// Headers, bodies, records of TLS with what encryption adds, and aggregated answers
	private static final List<Integer> TIERS_IN_KILOBYTES = List.of(1, 2, 4, 8, 17, 32, 64);

	private JettyDefinition() {
	}

	/**
	 * Return whether Jetty's memory is pooled.
	 * @param properties finds a property by its name
	 */
	static boolean isEnabled(Function<String, @Nullable WrittenProperty> properties) {
		WrittenProperty written = properties.apply(PROPERTY);
		return written != null && !written.isEmpty() && Keys.read(PROPERTY, written, Values::flag) && isPresent();
	}

	private static boolean isPresent() {
		return ClassUtils.isPresent("org.springframework.boot.jetty.ConfigurableJettyWebServerFactory", null);
	}

	/**
	 * Return all pools that properties describe, and those of Jetty if there are any.
	 * @param properties the properties
	 */
	static Map<String, Pool> pools(MempoolProperties properties) {
		if (!properties.getJetty().isEnabled()) {
			return properties.getPools();
		}
		if (!isPresent()) {
			logger.warn("'" + PROPERTY + "' has no effect: the class path has no 'spring-boot-jetty'. Remove the "
					+ "property, or use Jetty as the web server");
			return properties.getPools();
		}
		Map<String, Pool> pools = new LinkedHashMap<>(properties.getPools());
		add(HEAP, MemoryKind.HEAP, pools);
		add(DIRECT, MemoryKind.OFF_HEAP, pools);
		return pools;
	}

	private static void add(String name, MemoryKind memory, Map<String, Pool> pools) {
		Pool pool = pools.computeIfAbsent(name, (key) -> new Pool());
		String prefix = MempoolProperties.PREFIX + "." + PropertyNames.POOLS + "." + name + ".";
		if (pool.getMemory() != null && pool.getMemory() != memory) {
			throw new InvalidMempoolPropertyException(prefix + "memory",
					"Jetty takes from this pool what it wants to have "
							+ ((memory == MemoryKind.HEAP) ? "on the heap" : "outside of the heap"),
					"Remove the property. The other pool of Jetty is '" + (name.equals(HEAP) ? DIRECT : HEAP) + "'.");
		}
		if (pool.getPolicy() != null && pool.getPolicy() != ExhaustionPolicy.ALLOCATE) {
			throw new InvalidMempoolPropertyException(prefix + "policy",
					"a thread of Jetty serves many connections, and neither waits nor fails for a buffer: what a cap, "
							+ "the limit or the budget refuses comes from memory that is not pooled",
					"Remove the property, or set 'allocate'. 'limit' and 'max-idle' bound what the pool keeps.");
		}
		pool.setMemory(memory);
		pool.setPolicy(ExhaustionPolicy.ALLOCATE);
		if (Stream.of(pool.getTiers(), pool.getPreset(), pool.getMinSize(), pool.getMaxSize())
			.allMatch((shape) -> shape == null)) {
			pool.setTiers(TIERS_IN_KILOBYTES.stream().map(JettyDefinition::tier).toList());
		}
	}

	private static Tier tier(int kilobytes) {
		Tier tier = new Tier();
		tier.setSize(DataSize.ofKilobytes(kilobytes));
		return tier;
	}

}
