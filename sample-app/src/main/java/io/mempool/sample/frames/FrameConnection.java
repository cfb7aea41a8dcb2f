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

package io.mempool.sample.frames;

import java.io.IOException;
import java.nio.channels.SocketChannel;

import io.mempool.buffer.BufferPool;
import io.mempool.slice.Slice;
import io.mempool.slice.SliceReader;
import io.mempool.slice.SliceWriter;
import io.mempool.slice.SlicingAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges frames over a socket: four bytes of length, then the payload. No payload is
 * copied, neither to put the header in front of it nor to send it with others. One thread
 * may send while another receives.
 */
class FrameConnection implements AutoCloseable {

	static final int MAXIMUM_SIZE = 1024 * 1024;

	private static final int HEADER_SIZE = 4;

	private final SocketChannel channel;

	private final SlicingAllocator allocator;

	private final SliceWriter writer;

	private final SliceReader reader;

	FrameConnection(BufferPool pool, SocketChannel channel) {
		this.channel = channel;
		this.allocator = new SlicingAllocator(pool, HEADER_SIZE);
		this.writer = new SliceWriter(channel);
		this.reader = new SliceReader(pool, channel);
	}

	/**
	 * Return room for a payload. The caller fills it, and sends or releases it.
	 */
	Slice allocate(int size) {
		return this.allocator.allocate(size);
	}

	/**
	 * Take a payload over, and send it with the next flush.
	 */
	void send(Slice payload) {
		boolean added = false;
		try {
			int size = payload.size();
			if (payload.expandFront(HEADER_SIZE)) {
				payload.byteBuffer().putInt(size);
			}
			else {
				// Not allocated here, and its own header did not lie in front of it
				Slice header = this.allocator.allocate(HEADER_SIZE);
				header.byteBuffer().putInt(size);
				this.writer.add(header);
			}
			this.writer.add(payload);
			added = true;
		}
		finally {
			if (!added) {
				payload.close();
			}
		}
	}

	void flush() throws IOException {
		if (!this.writer.flush()) {
			throw new IOException(
					"Cannot send " + this.writer.pending() + " bytes: the channel must be a blocking one");
		}
	}

	/**
	 * Return the next payload, which the caller owns, or {@code null} after the last. If
	 * possible it has the room of its header as free prefix, to be sent again as it is.
	 */
	@Nullable Slice receive() throws IOException {
		if (this.reader.isAtEnd()) {
			return null;
		}
		Slice header = this.reader.read(HEADER_SIZE);
		try (header) {
			int size = header.byteBuffer().getInt();
			if (size < 0 || size > MAXIMUM_SIZE) {
				throw new IOException(
						"Cannot receive a frame of " + size + " bytes: at most " + MAXIMUM_SIZE + " are accepted");
			}
			Slice payload = this.reader.read(size);
			payload.releasePrevious(header);
			return payload;
		}
	}

	/**
	 * Return whether there may be another frame without waiting for one.
	 */
	boolean hasReadAhead() {
		return this.reader.buffered() > 0;
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
		this.reader.close();
		this.writer.close();
		this.allocator.close();
	}

}
