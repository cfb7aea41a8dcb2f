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

package io.mempool.sample;

import java.security.MessageDigest;
import java.util.zip.Deflater;

import io.mempool.buffer.PooledBuffer;
import io.mempool.object.ObjectPool;
import io.mempool.web.servlet.RequestBuffers;

import org.springframework.stereotype.Component;

/**
 * Memory of the pool that requests use. It goes back when the request ends: there is
 * nothing to release here.
 */
@Component("pooled")
class PooledMemory implements WorkingMemory {

	private final RequestBuffers buffers;

	private final ObjectPool<MessageDigest> digests;

	private final ObjectPool<Deflater> deflaters;

	PooledMemory(RequestBuffers buffers, ObjectPool<MessageDigest> digests, ObjectPool<Deflater> deflaters) {
		this.buffers = buffers;
		this.digests = digests;
		this.deflaters = deflaters;
	}

	@Override
	public Chunk chunk() {
		PooledBuffer buffer = this.buffers.acquire(CHUNK_SIZE);
		return new Chunk(buffer.array(), buffer.arrayOffset(), buffer.size());
	}

	@Override
	public Tool<MessageDigest> digest() {
		return ownedByRequest(this.digests);
	}

	@Override
	public Tool<Deflater> deflater() {
		return ownedByRequest(this.deflaters);
	}

	private <T> Tool<T> ownedByRequest(ObjectPool<T> pool) {
		return new Tool<>(this.buffers.acquire(pool), () -> {
			// The request gives it back
		});
	}

}
