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
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.mempool.buffer.BufferPoolSettings;
import io.mempool.core.Caps;
import io.mempool.engine.KebabCase;
import io.mempool.object.ObjectPoolSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.context.ApplicationListener;

/**
 * Logs once, when the application is ready, which pools it has and where they are shown.
 * Builds no pool.
 */
final class StartReport implements ApplicationListener<ApplicationReadyEvent>, ApplicationContextAware {

	private static final Log logger = LogFactory.getLog(StartReport.class);

	private static final List<String> UNITS = List.of("B", "KB", "MB", "GB");

	private final Supplier<ApplicationPools> pools;

	private final Supplier<@Nullable String> path;

	private @Nullable ApplicationContext context;

	/**
	 * Create a report.
	 * @param pools the pools
	 * @param path the path at which they are shown, {@code null} if they are not
	 */
	StartReport(Supplier<ApplicationPools> pools, Supplier<@Nullable String> path) {
		this.pools = pools;
		this.path = path;
	}

	@Override
	public void setApplicationContext(ApplicationContext context) {
		this.context = context;
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		// The event of a child reaches its parents as well
		if (event.getApplicationContext().equals(this.context) && logger.isInfoEnabled()) {
			lines().forEach(logger::info);
		}
	}

	private List<String> lines() {
		ApplicationPools pools = this.pools.get();
		List<String> lines = new ArrayList<>();
		pools.buffers().forEach((name, pool) -> lines.add(line(name, pool.settings())));
		pools.objects().forEach((name, pool) -> lines.add(line(name, pool.settings())));
		String budgets = pools.budgets()
			.entrySet()
			.stream()
			.filter((budget) -> budget.getValue().limit() != Long.MAX_VALUE)
			.map((budget) -> KebabCase.of(budget.getKey()) + " " + size(budget.getValue().limit()))
			.collect(Collectors.joining(", "));
		if (!budgets.isEmpty()) {
			lines.add("Budget of all pools: " + budgets);
		}
		String path = this.path.get();
		if (path != null) {
			lines.add("Pools are shown at " + path);
		}
		return lines;
	}

	private static String line(String name, BufferPoolSettings settings) {
		String tiers = settings.tiers().stream().map((tier) -> size(tier.size())).collect(Collectors.joining(", "));
		String limit = (settings.limit() != Long.MAX_VALUE) ? ", limit " + size(settings.limit()) : "";
		return "Pool '" + name + "': " + KebabCase.of(settings.memory()) + (settings.pooling() ? "" : ", unpooled")
				+ ", tiers " + tiers + limit;
	}

	private static String line(String name, ObjectPoolSettings settings) {
		Caps caps = settings.caps();
		String maxTotal = (caps.maxTotal() != Caps.UNLIMITED) ? ", max-total " + caps.maxTotal() : "";
		return "Pool '" + name + "': objects" + (settings.pooling() ? "" : ", unpooled") + ", max-idle "
				+ caps.maxIdle() + maxTotal;
	}

	/**
	 * Write a size as properties do, in its largest unit without a rest.
	 */
	private static String size(long bytes) {
		long number = bytes;
		int unit = 0;
		while (number >= 1024 && number % 1024 == 0 && unit < UNITS.size() - 1) {
			number /= 1024;
			unit++;
		}
		return number + UNITS.get(unit);
	}

}
