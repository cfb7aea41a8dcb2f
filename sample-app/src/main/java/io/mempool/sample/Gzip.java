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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * The gzip format (RFC 1952) with memory of the caller's choice, where
 * {@link java.util.zip.GZIPOutputStream} makes its own.
 */
final class Gzip {

	// No name, no time of modification, unknown operating system
	private static final byte[] HEADER = { 0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, (byte) 0xff };

	private Gzip() {
	}

	static void compress(InputStream in, Chunk input, OutputStream out, Chunk output, Deflater deflater)
			throws IOException {
		CRC32 checksum = new CRC32();
		out.write(HEADER);
		for (int count = input.fill(in); count > 0; count = input.fill(in)) {
			checksum.update(input.array(), input.offset(), count);
			deflater.setInput(input.array(), input.offset(), count);
			deflate(deflater, out, output);
		}
		deflater.finish();
		deflate(deflater, out, output);
		out.write(trailer(checksum, deflater));
	}

	private static void deflate(Deflater deflater, OutputStream out, Chunk chunk) throws IOException {
		int count;
		do {
			count = deflater.deflate(chunk.array(), chunk.offset(), chunk.length());
			chunk.drain(out, count);
		}
		while (count > 0);
	}

	private static byte[] trailer(CRC32 checksum, Deflater deflater) {
		return ByteBuffer.allocate(8)
			.order(ByteOrder.LITTLE_ENDIAN)
			.putInt((int) checksum.getValue())
			.putInt((int) deflater.getBytesRead())
			.array();
	}

}
