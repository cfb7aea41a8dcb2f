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

package io.mempool.scope;

import io.mempool.buffer.BufferPool;
import io.mempool.testing.Garbage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a {@link ScopeQuota} whose scopes are collected before their end.
 */
@Tag("garbage")
class LostScopesOfQuotaTests {

	private final BufferPool pool = BufferPool.builder("uploads").tiers(1024).build();

	private final ScopeQuota quota = new ScopeQuota("mempool.request.quota", 1000);

	@Test
	void whatALostScopeHeldComesBackAndIsFoundToBeLeaked() throws InterruptedException {
		open().acquire(1000);
		Garbage.collectUntil(() -> this.quota.size() == 0);
		assertThat(this.quota.size()).isZero();
		try (BufferScope scope = open()) {
			assertThat(scope.acquire(1000).isAlive()).isTrue();
		}
		Garbage.collectUntil(() -> this.pool.statistics().leaked() == 1);
		assertThat(this.pool.statistics().leaked()).isOne();
	}

	private BufferScope open() {
		return BufferScopes.open(this.pool, Long.MAX_VALUE, null, false, this.quota, () -> "one");
	}

}
