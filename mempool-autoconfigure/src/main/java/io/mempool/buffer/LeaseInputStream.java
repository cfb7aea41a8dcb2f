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

package io.mempool.buffer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;

/**
 * Reads a buffer.
 */
final class LeaseInputStream extends InputStream {

	private final BufferLease lease;

	private int position;

	private int mark;

	LeaseInputStream(BufferLease lease) {
		this.lease = lease;
	}

	@Override
	public int read() {
		if (available() == 0) {
			this.lease.checkAlive("read");
			return -1;
		}
		int value = Byte.toUnsignedInt(this.lease.get(this.position));
		this.position++;
		return value;
	}

	@Override
	public int read(byte[] target, int offset, int length) {
		Objects.checkFromIndexSize(offset, length, target.length);
		int count = Math.min(length, available());
		if (count == 0 && length > 0) {
			this.lease.checkAlive("read");
			return -1;
		}
		this.lease.copyOut(this.position, target, offset, count);
		this.position += count;
		return count;
	}

	@Override
	public long transferTo(OutputStream target) throws IOException {
		int count = available();
		this.lease.writeTo(target, this.position, count);
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
		return this.lease.size() - this.position;
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
