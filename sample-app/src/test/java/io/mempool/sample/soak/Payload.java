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

package io.mempool.sample.soak;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Content that tells its owner: each line of 64 bytes begins with the owner and its own
 * number, and the last four bytes are a checksum of all others. A byte of another request
 * breaks one or the other.
 */
final class Payload {

	static final int LINE = 64;

	/**
	 * The least size that has room for a checksum. Smaller ones are the begin of a line.
	 */
	static final int CHECKED = 16;

	private static final int CHECKSUM = 4;

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

	private Payload() {
	}

	static byte[] of(long owner, int size) {
		byte[] content = new byte[size];
		int end = end(size);
		byte[] line = new byte[LINE];
		for (int start = 0; start < end; start += LINE) {
			fill(line, owner, start / LINE);
			System.arraycopy(line, 0, content, start, Math.min(LINE, end - start));
		}
		if (size >= CHECKED) {
			INTS.set(content, end, checksum(content, end));
		}
		return content;
	}

	/**
	 * Check that content is all that its owner sent, and nothing else.
	 * @throws WrongContentException if it is not
	 */
	static void verify(long owner, int size, byte[] content) {
		if (content.length != size) {
			throw new WrongContentException(
					"%d bytes of owner %x came back as %d".formatted(size, owner, content.length));
		}
		int end = end(size);
		byte[] line = new byte[LINE];
		for (int start = 0; start < end; start += LINE) {
			fill(line, owner, start / LINE);
			int length = Math.min(12, end - start);
			for (int i = 0; i < length; i++) {
				if (content[start + i] != line[i]) {
					throw new WrongContentException("Byte %d of %d of owner %x is in a line of %s".formatted(start + i,
							size, owner, stamp(content, start, end)));
				}
			}
		}
		if (size >= CHECKED && (int) INTS.get(content, end) != checksum(content, end)) {
			throw new WrongContentException(
					"The checksum of %d bytes of owner %x does not match, though each line has its stamp"
						.formatted(size, owner));
		}
	}

	private static int end(int size) {
		return (size >= CHECKED) ? size - CHECKSUM : size;
	}

	private static void fill(byte[] line, long owner, int number) {
		LONGS.set(line, 0, owner);
		long word = (owner + number) * 0x9E3779B97F4A7C15L;
		for (int i = 8; i < LINE; i += 8) {
			LONGS.set(line, i, word ^ i);
		}
		INTS.set(line, 8, number);
	}

	private static String stamp(byte[] content, int start, int end) {
		return (end - start < 12) ? "an unknown owner"
				: "owner %x, line %d".formatted((long) LONGS.get(content, start), (int) INTS.get(content, start + 8));
	}

	private static int checksum(byte[] content, int length) {
		CRC32C checksum = new CRC32C();
		checksum.update(content, 0, length);
		return (int) checksum.getValue();
	}

	/**
	 * Content that is not what its owner sent.
	 */
	static final class WrongContentException extends RuntimeException {

		WrongContentException(String message) {
			super(message);
		}

	}

}
