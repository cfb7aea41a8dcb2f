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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A channel that keeps what is written to it, and takes no more at once than a test
 * allows.
 */
final class Sink implements GatheringByteChannel {

	private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

	// How many buffers and bytes were offered at each write
	private final List<Integer> buffers = new ArrayList<>();

	private final List<Long> offered = new ArrayList<>();

	// How many bytes the writes take; the last figure holds for ever
	private final int[] atOnce;

	private IOException failure;

	Sink(int... atOnce) {
		this.atOnce = atOnce;
	}

	Sink failWith(IOException failure) {
		this.failure = failure;
		return this;
	}

	byte[] written() {
		return this.bytes.toByteArray();
	}

	List<Integer> buffers() {
		return this.buffers;
	}

	List<Long> offered() {
		return this.offered;
	}

	@Override
	public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
		if (this.failure != null) {
			throw this.failure;
		}
		int atOnce = this.atOnce[Math.min(this.buffers.size(), this.atOnce.length - 1)];
		this.buffers.add(length);
		long offered = 0;
		int left = atOnce;
		for (int i = offset; i < offset + length; i++) {
			offered += sources[i].remaining();
			byte[] taken = new byte[Math.min(left, sources[i].remaining())];
			sources[i].get(taken);
			this.bytes.write(taken);
			left -= taken.length;
		}
		this.offered.add(offered);
		return atOnce - left;
	}

	@Override
	public long write(ByteBuffer[] sources) throws IOException {
		return write(sources, 0, sources.length);
	}

	@Override
	public int write(ByteBuffer source) throws IOException {
		return (int) write(new ByteBuffer[] { source });
	}

	@Override
	public boolean isOpen() {
		return true;
	}

	@Override
	public void close() {
	}

}
