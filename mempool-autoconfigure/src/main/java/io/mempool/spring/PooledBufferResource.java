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

package io.mempool.spring;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;

import io.mempool.buffer.PooledBuffer;
import io.mempool.core.LeaseException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.AbstractResource;
import org.springframework.core.io.Resource;

/**
 * The bytes of a pooled buffer as a {@link Resource}, for example as what a controller
 * returns or a client sends.
 * <p>
 * <strong>Ownership.</strong> The resource does not own the buffer: its owner releases
 * it, after the last stream was opened. Each stream has a reference of its own, which
 * keeps the memory until that stream is closed. A stream that is not closed is a lost
 * lease.
 * <p>
 * <strong>Threads.</strong> Safe for use by several threads, as long as none of them
 * writes to the buffer.
 *
 * @since 0.1.0
 */
public final class PooledBufferResource extends AbstractResource {

	private final PooledBuffer buffer;

	private PooledBufferResource(PooledBuffer buffer) {
		this.buffer = buffer;
	}

	/**
	 * Make a resource of a whole buffer, without a copy.
	 * @param buffer a buffer that the caller still owns
	 * @return its bytes as a resource without a file name
	 */
	public static PooledBufferResource of(PooledBuffer buffer) {
		return new PooledBufferResource(buffer);
	}

	/**
	 * Return whether the buffer can be read.
	 */
	@Override
	public boolean exists() {
		return this.buffer.isAlive();
	}

	/**
	 * Return the size of the buffer in bytes, also after its release.
	 */
	@Override
	public long contentLength() {
		return this.buffer.size();
	}

	/**
	 * Return a new stream over the buffer's bytes, with a reference of its own.
	 * @return a stream to close; closing it again has no effect
	 * @throws LeaseException if the buffer was released
	 */
	@Override
	public InputStream getInputStream() {
		PooledBuffer reference = this.buffer.retain();
		boolean opened = false;
		try {
			InputStream stream = new ReferenceInputStream(reference);
			opened = true;
			return stream;
		}
		finally {
			if (!opened) {
				reference.close();
			}
		}
	}

	@Override
	public byte[] getContentAsByteArray() {
		return this.buffer.toByteArray();
	}

	@Override
	public String getContentAsString(Charset charset) {
		return this.buffer.toString(charset);
	}

	@Override
	public String getDescription() {
		return this.buffer.toString();
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || (other instanceof PooledBufferResource resource && resource.buffer.equals(this.buffer));
	}

	@Override
	public int hashCode() {
		return this.buffer.hashCode();
	}

	/**
	 * Reads through a reference and releases it.
	 */
	private static final class ReferenceInputStream extends FilterInputStream {

		private final PooledBuffer reference;

		ReferenceInputStream(PooledBuffer reference) {
			super(reference.inputStream());
			this.reference = reference;
		}

		// In one write where the memory is an array
		@Override
		public long transferTo(OutputStream target) throws IOException {
			return this.in.transferTo(target);
		}

		@Override
		public void close() {
			this.reference.close();
		}

	}

}
