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

import java.nio.ByteBuffer;

import io.mempool.buffer.PooledBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;

/**
 * Leases as buffers of Netty, whose reference count ends them. Loaded only if Netty is
 * there.
 */
final class NettyLeases {

	private NettyLeases() {
	}

	/**
	 * Wrap a buffer without a copy.
	 * @param buffer a buffer that the caller still owns
	 * @param factory the factory of the result
	 * @return a data buffer with a reference of its own
	 */
	static DataBuffer wrap(PooledBuffer buffer, NettyDataBufferFactory factory) {
		PooledBuffer lease = buffer.retain();
		boolean wrapped = false;
		try {
			DataBuffer result = factory.wrap(byteBuf(lease, factory.getByteBufAllocator()));
			wrapped = true;
			return result;
		}
		finally {
			if (!wrapped) {
				lease.close();
			}
		}
	}

	private static ByteBuf byteBuf(PooledBuffer lease, ByteBufAllocator allocator) {
		ByteBuffer view = lease.byteBuffer();
		return view.hasArray() ? new HeapLease(allocator, view, lease) : new DirectLease(allocator, view, lease);
	}

	/**
	 * Memory off the heap.
	 */
	private static final class DirectLease extends UnpooledDirectByteBuf {

		private final PooledBuffer lease;

		// This constructor of the superclass leaves the memory to its owner
		DirectLease(ByteBufAllocator allocator, ByteBuffer view, PooledBuffer lease) {
			super(allocator, view, view.remaining());
			this.lease = lease;
		}

		@Override
		protected void deallocate() {
			try {
				super.deallocate();
			}
			finally {
				this.lease.close();
			}
		}

	}

	/**
	 * Memory on the heap, whose array may hold more than the buffer.
	 */
	private static final class HeapLease extends UnpooledHeapByteBuf {

		private final PooledBuffer lease;

		HeapLease(ByteBufAllocator allocator, ByteBuffer view, PooledBuffer lease) {
			super(allocator, view.array(), view.array().length);
			this.lease = lease;
			setIndex(view.arrayOffset(), view.arrayOffset() + view.remaining());
		}

		@Override
		protected void freeArray(byte[] array) {
			// The array is the lease's
		}

		@Override
		protected void deallocate() {
			try {
				super.deallocate();
			}
			finally {
				this.lease.close();
			}
		}

	}

}
