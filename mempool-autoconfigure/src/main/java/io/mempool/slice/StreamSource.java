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
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream: straight into memory that is an array, or else through an array that is
 * kept for the next time. Never returns {@code 0}.
 */
final class StreamSource implements Source {

	private static final int MAXIMUM_LENGTH = 64 * 1024;

	private final InputStream stream;

	private byte @Nullable [] between;

	StreamSource(InputStream stream) {
		this.stream = stream;
	}

	@Override
	public int read(PooledBuffer target, int index, int length) throws IOException {
		int count = target.hasArray() ? checked(target.readFrom(this.stream, index, length), length)
				: readThroughArray(target, index, Math.min(length, MAXIMUM_LENGTH));
		return (count != 0) ? count : readOne(target, index);
	}

	private int readThroughArray(PooledBuffer target, int index, int length) throws IOException {
		byte[] bytes = this.between;
		if (bytes == null || bytes.length < length) {
			bytes = new byte[length];
			this.between = bytes;
		}
		int count = checked(this.stream.read(bytes, 0, length), length);
		if (count > 0) {
			target.copyIn(index, bytes, 0, count);
		}
		return count;
	}

	private int checked(int count, int length) throws IOException {
		if (count > length) {
			throw new IOException("Cannot trust " + this.stream.getClass().getName() + ": it claims to have read "
					+ count + " bytes when asked for at most " + length);
		}
		return count;
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
		target.copyIn(index, new byte[] { (byte) next }, 0, 1);
		return 1;
	}

}
