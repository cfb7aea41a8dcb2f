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
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * What a stream contained.
 *
 * @param bytes how many bytes
 * @param sha256 their SHA-256 in hexadecimal digits
 */
record Digest(long bytes, String sha256) {

	static Digest of(InputStream in, Chunk chunk, MessageDigest digest) throws IOException {
		return ofCopy(in, OutputStream.nullOutputStream(), chunk, digest);
	}

	static Digest ofCopy(InputStream in, OutputStream out, Chunk chunk, MessageDigest digest) throws IOException {
		long bytes = 0;
		for (int count = chunk.fill(in); count > 0; count = chunk.fill(in)) {
			digest.update(chunk.array(), chunk.offset(), count);
			chunk.drain(out, count);
			bytes += count;
		}
		return new Digest(bytes, HexFormat.of().formatHex(digest.digest()));
	}

}
