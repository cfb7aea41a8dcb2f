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

package io.mempool.spring;

import io.mempool.core.DiscardReason;
import io.mempool.core.Leak;
import io.mempool.core.PoolListener;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes what happens to pools as application events. The housekeeping thread of the
 * pools publishes them: a listener that takes long should be {@code @Async}.
 *
 * @since 0.1.0
 */
public final class PoolEventPublisher implements PoolListener {

	private final ApplicationEventPublisher events;

	/**
	 * Create a publisher.
	 * @param events where to publish
	 */
	public PoolEventPublisher(ApplicationEventPublisher events) {
		this.events = events;
	}

	@Override
	public void exhausted(String pool, long refusals, long size) {
		this.events.publishEvent(new PoolExhaustedEvent(pool, refusals, size));
	}

	@Override
	public void leaked(Leak leak) {
		this.events.publishEvent(new PoolLeakEvent(leak));
	}

	@Override
	public void trimmed(String pool, DiscardReason reason, long bytes) {
		this.events.publishEvent(new PoolTrimmedEvent(pool, reason, bytes));
	}

	@Override
	public String toString() {
		return "PoolEventPublisher[]";
	}

}
