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

package io.mempool.docs.recipes;

// tag::recipe[]
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Service;

@Service
class FileSender {

	private final BufferPool channel;

	// mempool.pools.channel.memory: off-heap
	FileSender(@Qualifier("channel") BufferPool channel) {
		this.channel = channel;
	}

	/**
	 * Send the length of a file, and its content.
	 */
	void send(Path path, SocketChannel socket) throws IOException {
		try (FileChannel file = FileChannel.open(path); PooledBuffer buffer = this.channel.acquire(256 * 1024)) {
			// The operating system reads and writes this memory itself: nothing is copied
			// to the heap
			ByteBuffer bytes = buffer.byteBuffer();
			bytes.putLong(file.size());
			while (file.read(bytes) >= 0 || bytes.position() > 0) {
				socket.write(bytes.flip());
				bytes.compact();
			}
		}
	}

}
// end::recipe[]
