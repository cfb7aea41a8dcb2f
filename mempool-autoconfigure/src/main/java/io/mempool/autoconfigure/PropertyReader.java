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
import java.util.List;
import java.util.Map;

import io.mempool.autoconfigure.MempoolProperties.ObjectPool;
import io.mempool.autoconfigure.MempoolProperties.Pool;
import io.mempool.autoconfigure.MempoolProperties.Tier;
import org.jspecify.annotations.Nullable;

/**
 * Reads properties into {@link MempoolProperties}.
 */
final class PropertyReader {

	private final WrittenProperties written;

	PropertyReader(WrittenProperties written) {
		this.written = written;
	}

	/**
	 * Read all properties.
	 * @param properties what holds them
	 * @throws InvalidMempoolPropertyException if a value is not what its property holds
	 */
	void read(MempoolProperties properties) {
		String prefix = MempoolProperties.PREFIX + ".";
		MempoolProperties.KEYS.read(this.written::get, prefix, properties);
		MempoolProperties.Budget.KEYS.read(this.written::get, prefix + "budget.", properties.getBudget());
		MempoolProperties.Pressure.KEYS.read(this.written::get, prefix + "pressure.", properties.getPressure());
		MempoolProperties.Leaks.KEYS.read(this.written::get, prefix + "leaks.", properties.getLeaks());
		MempoolProperties.Health.KEYS.read(this.written::get, prefix + "health.", properties.getHealth());
		MempoolProperties.Request.KEYS.read(this.written::get, prefix + "request.", properties.getRequest());
		MempoolProperties.Clients.KEYS.read(this.written::get, prefix + "clients.", properties.getClients());
		MempoolProperties.Jetty.KEYS.read(this.written::get, prefix + "jetty.", properties.getJetty());
		MempoolProperties.Propagation.KEYS.read(this.written::get, prefix + "propagation.",
				properties.getPropagation());
		read(prefix + "defaults.", properties.getDefaults());
		for (String name : this.written.pools()) {
			Pool pool = new Pool();
			read(prefix + PropertyNames.POOLS + "." + name + ".", pool);
			properties.getPools().put(name, pool);
		}
		for (String name : this.written.objects()) {
			ObjectPool pool = new ObjectPool();
			MempoolProperties.ObjectPool.KEYS.read(this.written::get, prefix + PropertyNames.OBJECTS + "." + name + ".",
					pool);
			properties.getObjects().put(name, pool);
		}
	}

	private void read(String prefix, Pool pool) {
		MempoolProperties.Pool.KEYS.read(this.written::get, prefix, pool);
		Map<Integer, Map<String, WrittenProperty>> tiers = this.written.tiers(prefix + Keys.TIERS);
		if (!tiers.isEmpty()) {
			pool.setTiers(read(prefix + Keys.TIERS, tiers, pool.getTiers()));
		}
	}

	private List<Tier> read(String list, Map<Integer, Map<String, WrittenProperty>> changes,
			@Nullable List<Tier> sizes) {
		List<Tier> tiers = (sizes != null) ? new ArrayList<>(sizes) : new ArrayList<>();
		changes.forEach((index, properties) -> {
			if (index > tiers.size() || (index == tiers.size() && sizes != null)) {
				Map.Entry<String, WrittenProperty> first = properties.entrySet().iterator().next();
				throw new InvalidMempoolPropertyException(first.getKey(), first.getValue(),
						"there is no tier " + index + ": the list has " + tiers.size()
								+ ", counted from 0, and is taken from one source",
						"List all tiers in that source, or write a smaller number.");
			}
			if (index == tiers.size()) {
				tiers.add(new Tier());
			}
			String property = list + "[" + index + "]";
			WrittenProperty size = properties.get(property);
			if (size != null) {
				tiers.get(index).setSize(Keys.read(property, size, Values::size));
			}
			MempoolProperties.Tier.KEYS.read(this.written::get, property + ".", tiers.get(index));
		});
		return tiers;
	}

}
