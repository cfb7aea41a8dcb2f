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

/**
 * Memory that the work for the current request needs. There are two kinds, which
 * {@code ?buffers=pooled} and {@code ?buffers=plain} choose between; the work itself is
 * the same for both.
 */
interface WorkingMemory {

	/**
	 * How much of a stream is worked on at a time, in bytes.
	 */
	int CHUNK_SIZE = 64 * 1024;

	/**
	 * Provide a chunk to stream through, for use in any thread until the request ends.
	 * @return a chunk of {@link #CHUNK_SIZE}
	 */
	Chunk chunk();

	/**
	 * Provide what computes a SHA-256.
	 * @return a digest that has been given nothing so far
	 */
	Tool<MessageDigest> digest();

	/**
	 * Provide what compresses.
	 * @return a deflater that has been given nothing so far
	 */
	Tool<Deflater> deflater();

}
