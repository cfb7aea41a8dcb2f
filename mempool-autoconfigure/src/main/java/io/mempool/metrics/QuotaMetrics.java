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

package io.mempool.metrics;

import java.util.List;

import io.mempool.scope.ScopeQuota;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * The meter of a quota: how many acquires it refused. No meter has a key of the quota, of
 * which there may be any number. It stays until it is {@linkplain #close removed}.
 *
 * @since 0.1.0
 */
public final class QuotaMetrics implements MeterBinder, AutoCloseable {

	private final ScopeQuota quota;

	private final Tags tags;

	private final MeterBindings bindings = new MeterBindings();

	/**
	 * Create the meter of a quota.
	 * @param quota the quota
	 */
	public QuotaMetrics(ScopeQuota quota) {
		this(quota, List.of());
	}

	/**
	 * Create the meter of a quota.
	 * @param quota the quota
	 * @param tags further tags
	 */
	public QuotaMetrics(ScopeQuota quota, Iterable<Tag> tags) {
		this.quota = quota;
		this.tags = Tags.of(tags);
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.bindings.add(registry)
			.replace((registration) -> registration.add(MeterSpec.counter(this.quota, "mempool.quota.refusals",
					this.tags, "Acquires that were refused because the scopes of a key hold their quota",
					this.quota::refusals)));
	}

	/**
	 * Remove the meter from all registries.
	 */
	@Override
	public void close() {
		this.bindings.close();
	}

}
