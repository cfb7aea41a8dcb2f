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

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MigrationTests {

	private final BufferPool pool = BufferPool.builder("copies").tiers(8192).build();

	// tag::threadlocal[]
	void copy(InputStream in, OutputStream out) throws IOException {
		try (PooledBuffer buffer = this.pool.acquire(8192)) {
			byte[] bytes = buffer.array();
			int start = buffer.arrayOffset();
			for (int count; (count = in.read(bytes, start, buffer.size())) >= 0;) {
				out.write(bytes, start, count);
			}
		}
	}
	// end::threadlocal[]

	@Test
	void copiesAllBytes() throws IOException {
		byte[] content = new byte[20_000];
		content[19_999] = 1;
		ByteArrayOutputStream target = new ByteArrayOutputStream();
		copy(new ByteArrayInputStream(content), target);
		assertThat(target.toByteArray()).isEqualTo(content);
		assertThat(this.pool.statistics().leased()).isZero();
	}

}
