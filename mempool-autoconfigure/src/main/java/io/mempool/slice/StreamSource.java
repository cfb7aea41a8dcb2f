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

package io.mempool.slice;

import java.io.IOException;
import java.io.InputStream;

import io.mempool.buffer.PooledBuffer;

/**
 * Reads a stream. Never returns {@code 0}.
 */
final class StreamSource implements Source {

	private final InputStream stream;

	StreamSource(InputStream stream) {
		this.stream = stream;
	}

	@Override
	public int read(PooledBuffer target, int index, int length) throws IOException {
		int count = target.readFrom(this.stream, index, length);
		return (count != 0) ? count : readOne(target, index);
	}

	/**
	 * Read one byte. A stream that returns 0 bytes breaks its contract; this it can only
	 * do by waiting for a byte, as it should have done.
	 */
	private int readOne(PooledBuffer target, int index) throws IOException {
		int next = this.stream.read();
		if (next < 0) {
			return -1;
		}
		target.put(index, (byte) next);
		return 1;
	}

}
