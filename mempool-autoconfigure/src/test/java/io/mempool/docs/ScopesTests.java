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

package io.mempool.docs;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.scope.BufferScope;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ScopesTests {

	void send(PooledBuffer header, PooledBuffer body) {
		assertThat(header.size() + body.size()).isEqualTo(100_064);
	}

	@Test
	void scopeReleasesWhatItOwns() {
		BufferPool pool = BufferPool.builder("uploads").tiers(64, 131_072).build();
		// tag::scope[]
		try (BufferScope scope = new BufferScope(pool)) {
			PooledBuffer header = scope.acquire(64);
			PooledBuffer body = scope.acquire(100_000);
			send(header, body);
		} // both are back
			// end::scope[]
		assertThat(pool.statistics().leased()).isZero();
		assertThat(pool.statistics().idle()).isEqualTo(2);
	}

	@Test
	void poolIsBuiltWithoutSpring() {
		// tag::plain[]
		try (BufferPool pool = BufferPool.builder("codec").powersOfTwo(4096, 1 << 20).limit(64 << 20).build()) {
			try (PooledBuffer buffer = pool.acquire(10_000)) {
				buffer.byteBuffer().putInt(42);
			}
		}
		// end::plain[]
	}

}
