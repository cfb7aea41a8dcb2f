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
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

import io.mempool.buffer.PooledBuffer;

/**
 * Where a reader gets its bytes from.
 */
@FunctionalInterface
interface Source {

	/**
	 * Read some bytes.
	 * @param target where to put them
	 * @param index where in the target to begin
	 * @param length how many at most, {@code 1} or more
	 * @return how many; negative at the end, {@code 0} if there are none at the moment
	 */
	int read(PooledBuffer target, int index, int length) throws IOException;

	/**
	 * Read a channel, which may be a non-blocking one.
	 */
	static Source of(ReadableByteChannel channel) {
		return (target, index, length) -> {
			ByteBuffer view = target.byteBuffer().slice(index, length);
			int count = channel.read(view);
			// The view knows what was put into it
			return (count < 0) ? count : view.position();
		};
	}

}
