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
import io.mempool.core.LeakDetection;
import io.mempool.test.CheckLeases;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The test without Spring of the page on testing.
 */
// tag::plain[]
@CheckLeases
class CheckedEncoderTests {

	private final BufferPool pool = BufferPool.builder("encoder")
		.tiers(1024)
		.leakDetection(LeakDetection.PARANOID)
		.build();

	@Test
	void encodes() {
		try (PooledBuffer buffer = this.pool.acquire(100)) {
			assertThat(buffer.size()).isEqualTo(100);
		}
	}

}
// end::plain[]
