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

// tag::recipe[]
import java.nio.ByteBuffer;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

class PooledBufferDeserializer implements Deserializer<PooledBuffer> {

	private final BufferPool messages;

	PooledBufferDeserializer(BufferPool messages) {
		this.messages = messages;
	}

	// The consumer calls this one. It lends a part of what it fetched, until the call
	// returns
	@Override
	public @Nullable PooledBuffer deserialize(String topic, Headers headers, @Nullable ByteBuffer data) {
		if (data == null) {
			return null;
		}
		PooledBuffer message = this.messages.acquire(data.remaining());
		message.copyIn(0, data);
		return message;
	}

	@Override
	public @Nullable PooledBuffer deserialize(String topic, byte @Nullable [] data) {
		if (data == null) {
			return null;
		}
		PooledBuffer message = this.messages.acquire(data.length);
		message.copyIn(0, data);
		return message;
	}

}
// end::recipe[]
