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

package io.mempool.fuzz;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * Bytes that arrive in parts of any size, as a stream and as a channel that does not
 * block: a read may return less than asked for, and nothing at all.
 */
final class UnevenSource extends InputStream implements ReadableByteChannel {

	private static final int MOST_NOTHING = 10;

	private final FuzzInput input;

	private final ByteArrayInputStream bytes;

	private int nothing;

	UnevenSource(FuzzInput input, byte[] bytes) {
		this.input = input;
		this.bytes = new ByteArrayInputStream(bytes);
	}

	@Override
	public int read() {
		return this.bytes.read();
	}

	@Override
	public int read(byte[] target, int offset, int length) {
		return this.bytes.read(target, offset, part(length));
	}

	@Override
	public int read(ByteBuffer target) throws IOException {
		byte[] part = new byte[part(target.remaining())];
		int count = this.bytes.read(part, 0, part.length);
		target.put(part, 0, Math.max(0, count));
		return count;
	}

	// Readers that wait give up when nothing comes many times in a row
	private int part(int length) {
		if (this.input.isAtEnd() || this.nothing == MOST_NOTHING) {
			this.nothing = 0;
			return length;
		}
		int part = Math.min(length, switch (this.input.below(4)) {
			case 0 -> 0;
			case 1 -> 1;
			case 2 -> this.input.octet();
			default -> length;
		});
		this.nothing = (part == 0) ? this.nothing + 1 : 0;
		return part;
	}

	@Override
	public int available() {
		return this.input.oneIn(4) ? this.input.octet() : this.bytes.available();
	}

	@Override
	public boolean isOpen() {
		return true;
	}

	@Override
	public void close() {
	}

}
