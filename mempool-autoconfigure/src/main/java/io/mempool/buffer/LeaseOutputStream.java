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
import java.io.OutputStream;
import java.util.Objects;

/**
 * Fills a buffer.
 */
final class LeaseOutputStream extends OutputStream {

	private final BufferLease lease;

	private int position;

	LeaseOutputStream(BufferLease lease) {
		this.lease = lease;
	}

	@Override
	public void write(int value) throws IOException {
		checkSpace(1);
		this.lease.put(this.position, (byte) value);
		this.position++;
	}

	@Override
	public void write(byte[] source, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(offset, length, source.length);
		checkSpace(length);
		this.lease.copyIn(this.position, source, offset, length);
		this.position += length;
	}

	private void checkSpace(int length) throws IOException {
		if (length > this.lease.size() - this.position) {
			this.lease.checkAlive("write to");
			throw new IOException("Cannot write " + length + " bytes: the buffer of " + this.lease.size()
					+ " bytes has space for " + (this.lease.size() - this.position)
					+ ". Acquire a larger one, or write to the pool's outputStream(), which grows");
		}
	}

}
