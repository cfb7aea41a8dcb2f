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

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A range of an array to stream through.
 */
final class Chunk {

	private final byte[] array;

	private final int offset;

	private final int length;

	Chunk(byte[] array, int offset, int length) {
		this.array = array;
		this.offset = offset;
		this.length = length;
	}

	byte[] array() {
		return this.array;
	}

	int offset() {
		return this.offset;
	}

	int length() {
		return this.length;
	}

	/**
	 * Read until the chunk is full or the stream has ended.
	 * @return how many bytes were read, 0 if the stream had ended
	 */
	int fill(InputStream in) throws IOException {
		return in.readNBytes(this.array, this.offset, this.length);
	}

	/**
	 * Write the beginning of the chunk.
	 */
	void drain(OutputStream out, int count) throws IOException {
		out.write(this.array, this.offset, count);
	}

}
