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

package io.mempool.jetty;

import io.mempool.buffer.PooledBuffer;
import org.eclipse.jetty.io.RetainableByteBuffer;

/**
 * A lease as a buffer of Jetty, which counts the references to it. Never used again after
 * its last release.
 */
final class LeasedByteBuffer extends RetainableByteBuffer.Pooled {

	private final PooledBuffer lease;

	LeasedByteBuffer(PooledByteBufferPool pool, PooledBuffer lease) {
		super(pool, lease.byteBuffer().limit(0), new ReferenceCounter());
		this.lease = lease;
	}

	@Override
	public boolean release() {
		boolean last = super.release();
		if (last) {
			this.lease.release();
		}
		return last;
	}

}
