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

package io.mempool.docs.recipes;

import java.nio.ByteBuffer;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.test.CheckLeases;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The program of the page on recipes that reads messages of Kafka.
 */
@CheckLeases
class PooledBufferDeserializerTests {

	private final BufferPool pool = BufferPool.builder("messages").powersOfTwo(1024, 1024 * 1024).build();

	private final PooledBufferDeserializer deserializer = new PooledBufferDeserializer(this.pool);

	@Test
	void messageIsTakenFromWhatWasFetched() {
		ByteBuffer fetched = ByteBuffer.wrap(new byte[] { 1, 2, 3, 4, 5 });
		fetched.position(1).limit(4);
		try (PooledBuffer message = this.deserializer.deserialize("topic", new RecordHeaders(), fetched)) {
			assertThat(message.toByteArray()).containsExactly(2, 3, 4);
		}
	}

	@Test
	void messageOfAnArrayIsTakenToo() {
		try (PooledBuffer message = this.deserializer.deserialize("topic", new byte[] { 1, 2 })) {
			assertThat(message.toByteArray()).containsExactly(1, 2);
		}
	}

	@Test
	void messageWithoutContentHasNoBuffer() {
		assertThat(this.deserializer.deserialize("topic", new RecordHeaders(), (ByteBuffer) null)).isNull();
		assertThat(this.deserializer.deserialize("topic", (byte[]) null)).isNull();
	}

}
