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

package io.mempool.actuate.endpoint;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PoolStatistics;
import io.mempool.object.ObjectPool;
import io.mempool.object.ObjectPoolStatistics;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * {@link HealthIndicator} that is down while some pool has been exhausted for too long.
 * The details name what else may be wrong with a pool, such as leaks.
 *
 * @since 0.1.0
 */
public class MempoolHealthIndicator extends AbstractHealthIndicator {

	private final Supplier<Map<String, BufferPool>> pools;

	private final Supplier<Map<String, ObjectPool<?>>> objects;

	private final Duration exhaustedFor;

	/**
	 * Create an indicator.
	 * @param pools supplies the pools of buffers by name
	 * @param objects supplies the pools of objects by name
	 * @param exhaustedFor for how long a pool may be exhausted
	 */
	public MempoolHealthIndicator(Supplier<Map<String, BufferPool>> pools, Supplier<Map<String, ObjectPool<?>>> objects,
			Duration exhaustedFor) {
		super("The state of memory pools is not known");
		this.pools = pools;
		this.objects = objects;
		this.exhaustedFor = exhaustedFor;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		Map<String, Object> buffers = new LinkedHashMap<>();
		Map<String, Object> objects = new LinkedHashMap<>();
		builder.up();
		this.pools.get().forEach((name, pool) -> {
			PoolStatistics statistics = pool.statistics();
			if (Values.isKnown(statistics)) {
				buffers.put(name, details(statistics));
				check(builder, statistics.exhaustedFor());
			}
		});
		this.objects.get().forEach((name, pool) -> {
			ObjectPoolStatistics statistics = pool.statistics();
			if (Values.isKnown(statistics)) {
				objects.put(name, details(statistics));
				check(builder, statistics.exhaustedFor());
			}
		});
		builder.withDetail("pools", buffers);
		if (!objects.isEmpty()) {
			builder.withDetail("objects", objects);
		}
		builder.withDetail("threshold", this.exhaustedFor.toString());
	}

	private void check(Health.Builder builder, Duration exhausted) {
		if (exhausted.compareTo(this.exhaustedFor) > 0) {
			builder.status(Status.DOWN);
		}
	}

	private static Map<String, Object> details(PoolStatistics statistics) {
		Map<String, Object> details = details(statistics.exhaustedFor(), statistics.leased(), statistics.leaked());
		details.put("usedBytes", statistics.usedBytes());
		Long limit = Values.unlessUnlimited(statistics.settings().limit());
		if (limit != null) {
			details.put("limitBytes", limit);
		}
		return details;
	}

	private static Map<String, Object> details(ObjectPoolStatistics statistics) {
		return details(statistics.exhaustedFor(), statistics.leased(), statistics.leaked());
	}

	private static Map<String, Object> details(Duration exhaustedFor, long leased, long leaked) {
		Map<String, Object> details = new LinkedHashMap<>();
		if (!exhaustedFor.isZero()) {
			details.put("exhaustedFor", exhaustedFor.toString());
		}
		details.put("leased", leased);
		details.put("leaked", leaked);
		return details;
	}

}
