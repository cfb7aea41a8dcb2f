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
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.PooledBuffer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OffHeapCopyTests {

	private final BufferPool channel = BufferPool.builder("channel").memory(MemoryKind.OFF_HEAP).tiers(65_536).build();

	// tag::copy[]
	void copy(ReadableByteChannel source, WritableByteChannel target) throws IOException {
		try (PooledBuffer buffer = this.channel.acquire(64 * 1024)) {
			ByteBuffer view = buffer.byteBuffer();
			while (source.read(view) >= 0) {
				target.write(view.flip());
				view.compact();
			}
			for (view.flip(); view.hasRemaining();) {
				target.write(view);
			}
		}
	}
	// end::copy[]

	@Test
	void copiesAllBytes() throws IOException {
		byte[] content = new byte[200_000];
		content[150_000] = 1;
		ByteArrayOutputStream target = new ByteArrayOutputStream();
		copy(Channels.newChannel(new ByteArrayInputStream(content)), Channels.newChannel(target));
		assertThat(target.toByteArray()).isEqualTo(content);
		assertThat(this.channel.statistics().leased()).isZero();
	}

}
