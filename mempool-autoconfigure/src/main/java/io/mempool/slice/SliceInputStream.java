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
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Reads the bytes that a slice had when the stream was opened.
 */
final class SliceInputStream extends InputStream {

	private final Slice slice;

	// Indexes in the memory: the slice may be truncated and expanded meanwhile
	private final int end;

	private int position;

	private int mark;

	SliceInputStream(Slice slice, int start, int end) {
		this.slice = slice;
		this.position = start;
		this.mark = start;
		this.end = end;
	}

	@Override
	public int read() {
		this.slice.checkAlive("read");
		return (available() > 0) ? Byte.toUnsignedInt(this.slice.handle().get(this.position++)) : -1;
	}

	@Override
	public int read(byte[] target, int offset, int length) {
		Objects.checkFromIndexSize(offset, length, target.length);
		this.slice.checkAlive("read");
		int count = Math.min(length, available());
		if (count == 0 && length > 0) {
			return -1;
		}
		this.slice.handle().copyOut(this.position, ByteBuffer.wrap(target, offset, count));
		this.position += count;
		return count;
	}

	@Override
	public long transferTo(OutputStream target) throws IOException {
		this.slice.checkAlive("read");
		int count = available();
		this.slice.handle().writeTo(target, this.position, count);
		this.position += count;
		return count;
	}

	@Override
	public long skip(long count) {
		int skipped = (int) Math.max(0, Math.min(count, available()));
		this.position += skipped;
		return skipped;
	}

	@Override
	public int available() {
		return this.end - this.position;
	}

	@Override
	public boolean markSupported() {
		return true;
	}

	@Override
	public void mark(int limit) {
		this.mark = this.position;
	}

	@Override
	public void reset() {
		this.position = this.mark;
	}

}
