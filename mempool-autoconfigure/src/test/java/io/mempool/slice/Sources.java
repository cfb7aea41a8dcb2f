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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

import io.mempool.buffer.BufferPool;

/**
 * What a reader may read from.
 */
final class Sources {

	private Sources() {
	}

	static InputStream stream(String text) {
		return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * The bytes from some position on of the sources that have a length.
	 */
	static byte[] bytes(long position, int length) {
		byte[] bytes = new byte[length];
		for (int i = 0; i < length; i++) {
			bytes[i] = byteAt(position + i);
		}
		return bytes;
	}

	private static byte byteAt(long position) {
		return (byte) (position * 31 + position / 256);
	}

	/**
	 * A stream that fills whatever it is given.
	 */
	static Opened streamOf(int length) {
		AtomicLong consumed = new AtomicLong();
		InputStream stream = new InputStream() {

			@Override
			public int read() {
				byte[] one = new byte[1];
				return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xFF;
			}

			@Override
			public int read(byte[] target, int offset, int count) {
				Objects.checkFromIndexSize(offset, count, target.length);
				int read = (int) Math.min(count, length - consumed.get());
				if (read <= 0 && count > 0) {
					return -1;
				}
				System.arraycopy(bytes(consumed.get(), read), 0, target, offset, read);
				consumed.addAndGet(read);
				return read;
			}

		};
		return new Opened(consumed, (pool, areaSize) -> new SliceReader(pool, stream, areaSize));
	}

	/**
	 * A channel that fills whatever it is given.
	 */
	static Opened channelOf(int length) {
		AtomicLong consumed = new AtomicLong();
		ReadableByteChannel channel = channel((target) -> {
			int read = (int) Math.min(target.remaining(), length - consumed.get());
			if (read <= 0) {
				return -1;
			}
			target.put(bytes(consumed.get(), read));
			consumed.addAndGet(read);
			return read;
		});
		return new Opened(consumed, (pool, areaSize) -> new SliceReader(pool, channel, areaSize));
	}

	static InputStream failingAfter(String text) {
		InputStream stream = stream(text);
		return new InputStream() {

			@Override
			public int read() throws IOException {
				throw new IOException("Connection reset");
			}

			@Override
			public int read(byte[] target, int offset, int count) throws IOException {
				int read = stream.read(target, offset, count);
				return (read < 0) ? read() : read;
			}

		};
	}

	/**
	 * A channel that has what a buffer has left at the moment.
	 */
	static ReadableByteChannel nonBlocking(ByteBuffer arriving) {
		return channel((target) -> {
			int count = Math.min(target.remaining(), arriving.remaining());
			target.put(arriving.slice(arriving.position(), count));
			arriving.position(arriving.position() + count);
			return count;
		});
	}

	static ReadableByteChannel channel(Read read) {
		return new ReadableByteChannel() {

			@Override
			public int read(ByteBuffer target) throws IOException {
				return read.into(target);
			}

			@Override
			public boolean isOpen() {
				return true;
			}

			@Override
			public void close() {
			}

		};
	}

	/**
	 * What a channel does.
	 */
	@FunctionalInterface
	interface Read {

		int into(ByteBuffer target) throws IOException;

	}

	/**
	 * Makes a reader of a source.
	 */
	@FunctionalInterface
	interface Reading {

		SliceReader open(BufferPool pool, int areaSize);

	}

	/**
	 * A source that counts what was taken from it.
	 */
	record Opened(AtomicLong count, Reading reading) {

		long consumed() {
			return this.count.get();
		}

		SliceReader reader(BufferPool pool, int areaSize) {
			return this.reading.open(pool, areaSize);
		}

	}

}
