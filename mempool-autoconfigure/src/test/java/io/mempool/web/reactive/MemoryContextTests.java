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

package io.mempool.web.reactive;

import io.mempool.buffer.BufferPool;
import io.mempool.scope.BufferScope;
import io.mempool.web.RequestSettings;
import io.mempool.web.ScopeCounters;
import org.junit.jupiter.api.Test;
import reactor.util.context.Context;

import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MemoryContext}.
 */
class MemoryContextTests {

	private final BufferPool pool = BufferPool.builder("uploads").build();

	private final MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/"));

	private final ExchangeMemory memory = new ExchangeMemory(this.exchange,
			new RequestSettings(() -> this.pool, Long.MAX_VALUE, 1000), RequestQuotaKey.remoteAddress(),
			new ScopeCounters());

	private final Context context = new MemoryContext(Context.of("key", "value"), this.memory,
			this.exchange.getRequest());

	@Test
	void scopeIsOpenedWhenItIsTaken() {
		assertThat(this.context.hasKey(BufferScope.class)).isTrue();
		assertThat(this.memory.present()).isNull();
		BufferScope scope = this.context.get(BufferScope.class);
		assertThat(this.memory.present()).isSameAs(scope);
		assertThat(this.context.put("another", 1).delete("key").<BufferScope>get(BufferScope.class)).isSameAs(scope);
	}

	@Test
	void copyOfAllEntriesOpensNoScopeAndHasTheBuffersOfTheRequest() {
		Context copy = Context.empty().putAll(this.context.readOnly());
		assertThat(this.memory.present()).isNull();
		assertThat(copy.<String>get("key")).isEqualTo("value");
		assertThat(copy.get(RequestBuffers.class).scope()).isSameAs(this.memory.present());
	}

	@Test
	void nestedUnitOfWorkHasItsOwnScopeAndTheBuffersOfTheRequest() {
		try (BufferScope nested = new BufferScope(this.pool)) {
			Context inner = this.context.put(BufferScope.class, nested);
			assertThat(inner.<BufferScope>get(BufferScope.class)).isSameAs(nested);
			assertThat(inner.hasKey(RequestBuffers.class)).isTrue();
			assertThat(inner.delete(BufferScope.class).hasKey(BufferScope.class)).isFalse();
		}
		assertThat(this.memory.present()).isNull();
	}

}
