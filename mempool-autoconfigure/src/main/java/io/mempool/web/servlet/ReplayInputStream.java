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

package io.mempool.web.servlet;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

import io.mempool.buffer.PooledBuffer;
import io.mempool.core.LeaseException;
import io.mempool.web.RequestEndedException;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;

/**
 * Reads a body that is in memory, as long as its request lasts.
 */
final class ReplayInputStream extends ServletInputStream {

	private final PooledBuffer content;

	private final InputStream in;

	ReplayInputStream(PooledBuffer content) {
		this.content = content;
		this.in = content.inputStream();
	}

	// Buffers are known by identity
	@SuppressWarnings("ReferenceEquality")
	boolean reads(PooledBuffer content) {
		return this.content == content;
	}

	@Override
	public int read() throws IOException {
		try {
			return this.in.read();
		}
		catch (LeaseException ex) {
			throw new RequestEndedException(ex);
		}
	}

	@Override
	public int read(byte[] target, int offset, int length) throws IOException {
		try {
			return this.in.read(target, offset, length);
		}
		catch (LeaseException ex) {
			throw new RequestEndedException(ex);
		}
	}

	@Override
	public long transferTo(OutputStream target) throws IOException {
		try {
			return this.in.transferTo(target);
		}
		catch (LeaseException ex) {
			throw new RequestEndedException(ex);
		}
	}

	@Override
	public long skip(long count) throws IOException {
		return this.in.skip(count);
	}

	@Override
	public int available() throws IOException {
		return this.in.available();
	}

	@Override
	public boolean isFinished() {
		try {
			return this.in.available() == 0;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public boolean isReady() {
		return true;
	}

	/**
	 * Call a listener at once, as everything is there.
	 */
	@Override
	public void setReadListener(ReadListener listener) {
		try {
			if (!isFinished()) {
				listener.onDataAvailable();
			}
			if (isFinished()) {
				listener.onAllDataRead();
			}
		}
		catch (Throwable ex) {
			listener.onError(ex);
		}
	}

}
