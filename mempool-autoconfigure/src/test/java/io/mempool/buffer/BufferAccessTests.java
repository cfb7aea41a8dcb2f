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

package io.mempool.buffer;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;

import io.mempool.core.LeaseException;
import io.mempool.testing.Allocation;
import io.mempool.testing.ForeignBuffers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How a buffer is read and written: the same for memory of every kind.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("kinds")
class BufferAccessTests {

	private final IntFunction<PooledBuffer> source;

	BufferAccessTests(String name, IntFunction<PooledBuffer> source) {
		this.source = source;
	}

	static Stream<Arguments> kinds() {
		BufferPool heap = BufferPool.builder("heap").tiers(64, 1 << 20).build();
		BufferPool offHeap = BufferPool.builder("off-heap").tiers(64, 1 << 20).memory(MemoryKind.OFF_HEAP).build();
		return Stream.of(kind("on the heap", heap::acquire), kind("off-heap", offHeap::acquire),
				kind("beyond the tiers", BufferPool.builder("small").tiers(4).build()::acquire),
				kind("unpooled", BufferPool.builder("twin").pooling(false).build()::acquire),
				kind("a part", (size) -> partOf(heap, size)), kind("a part off-heap", (size) -> partOf(offHeap, size)),
				kind("a wrapped array", (size) -> PooledBuffer.wrap(new byte[size + 5], 3, size)),
				kind("wrapped direct memory", (size) -> PooledBuffer.wrap(ByteBuffer.allocateDirect(size))),
				kind("another implementation", (size) -> ForeignBuffers.of(heap.acquire(size))));
	}

	private static Arguments kind(String name, IntFunction<PooledBuffer> source) {
		return Arguments.of(name, source);
	}

	private static PooledBuffer partOf(BufferPool pool, int size) {
		try (PooledBuffer whole = pool.acquire(size + 7)) {
			return whole.slice(4, size);
		}
	}

	private PooledBuffer acquire(int size) {
		return this.source.apply(size);
	}

	private PooledBuffer holding(String text) {
		PooledBuffer buffer = acquire(text.length());
		buffer.copyIn(0, text.getBytes(StandardCharsets.UTF_8));
		return buffer;
	}

	private static String textOf(PooledBuffer buffer) {
		return buffer.toString(StandardCharsets.UTF_8);
	}

	// Numbers

	@Test
	void numbersAreWrittenHighestByteFirst() {
		try (PooledBuffer buffer = acquire(17)) {
			buffer.put(0, (byte) 0xF1);
			buffer.putShort(1, (short) 0xF2F3);
			buffer.putInt(3, 0x01020304);
			buffer.putLong(8, 0x1112131415161718L);
			assertThat(buffer.toByteArray()).containsExactly(0xF1, 0xF2, 0xF3, 1, 2, 3, 4, 0, 0x11, 0x12, 0x13, 0x14,
					0x15, 0x16, 0x17, 0x18, 0);
		}
	}

	@Test
	void numbersAreReadHighestByteFirst() {
		try (PooledBuffer buffer = acquire(17)) {
			for (int i = 0; i < 17; i++) {
				buffer.put(i, (byte) (0xF0 + i));
			}
			assertThat(buffer.get(1)).isEqualTo((byte) 0xF1);
			assertThat(buffer.getShort(1)).isEqualTo((short) 0xF1F2);
			assertThat(buffer.getInt(3)).isEqualTo(0xF3F4F5F6);
			assertThat(buffer.getLong(8)).isEqualTo(0xF8F9FAFBFCFDFEFFL);
		}
	}

	static List<Arguments> numbers() {
		return List.of(number("get", 1, (buffer, index) -> buffer.get(index)),
				number("getShort", 2, (buffer, index) -> buffer.getShort(index)),
				number("getInt", 4, (buffer, index) -> buffer.getInt(index)),
				number("getLong", 8, (buffer, index) -> buffer.getLong(index)),
				number("put", 1, (buffer, index) -> buffer.put(index, (byte) 1)),
				number("putShort", 2, (buffer, index) -> buffer.putShort(index, (short) 1)),
				number("putInt", 4, (buffer, index) -> buffer.putInt(index, 1)),
				number("putLong", 8, (buffer, index) -> buffer.putLong(index, 1)));
	}

	private static Arguments number(String name, int length, Access access) {
		return Arguments.of(name, length, access);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("numbers")
	void numberOutsideOfTheSizeIsRefused(String name, int length, Access access) {
		try (PooledBuffer buffer = acquire(10)) {
			access.to(buffer, 10 - length);
			for (int index : new int[] { -1, 11 - length, 10, Integer.MAX_VALUE, Integer.MIN_VALUE }) {
				assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> access.to(buffer, index));
			}
			assertThat(buffer.referenceCount()).isOne();
		}
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("numbers")
	void numberOfAReleasedBufferIsRefused(String name, int length, Access access) {
		PooledBuffer buffer = acquire(10);
		buffer.release();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> access.to(buffer, 0))
			.withMessageContaining("it was released before");
	}

	// Copies

	@Test
	void wholeArraysAreCopied() {
		try (PooledBuffer buffer = holding("0123456789")) {
			buffer.copyIn(2, "ab".getBytes(StandardCharsets.UTF_8));
			byte[] target = new byte[3];
			buffer.copyOut(1, target);
			assertThat(target).containsExactly('1', 'a', 'b');
		}
	}

	@Test
	void wholeBuffersAreCopied() {
		try (PooledBuffer buffer = holding("0123456789"); PooledBuffer source = holding("abc")) {
			buffer.copyIn(7, source);
			assertThat(textOf(buffer)).isEqualTo("0123456abc");
			assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> buffer.copyIn(8, source));
			assertThat(source.referenceCount()).isOne();
		}
	}

	@Test
	void bufferIsCopiedOverAPartOfItself() {
		try (PooledBuffer buffer = holding("0123456789"); PooledBuffer part = buffer.slice(0, 6)) {
			buffer.copyIn(2, part);
			assertThat(textOf(buffer)).isEqualTo("0101234589");
		}
	}

	@Test
	void bufferOfAnotherKindIsCopied() {
		try (PooledBuffer buffer = acquire(3); PooledBuffer bytes = PooledBuffer.wrap(new byte[] { 'a', 'b', 'c' })) {
			for (PooledBuffer source : List.of(bytes, ForeignBuffers.of(bytes))) {
				buffer.copyIn(0, new byte[3]);
				buffer.copyIn(0, source);
				assertThat(textOf(buffer)).isEqualTo("abc");
			}
		}
	}

	@Test
	void releasedBufferIsNotCopied() {
		PooledBuffer source = acquire(3);
		source.release();
		try (PooledBuffer buffer = acquire(10)) {
			assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> buffer.copyIn(0, source))
				.withMessageContaining("3 bytes");
		}
	}

	@Test
	void textIsDecodedAndToStringHasNothingOfIt() {
		try (PooledBuffer buffer = acquire(4)) {
			buffer.copyIn(0, "pä!".getBytes(StandardCharsets.UTF_8));
			assertThat(buffer.toString(StandardCharsets.UTF_8)).isEqualTo("pä!");
			assertThat(buffer.toString()).contains("size=4").doesNotContain("pä!");
		}
	}

	// Streams

	@Test
	void wholeBufferIsWrittenToAStream() throws IOException {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		try (PooledBuffer buffer = holding("0123456789")) {
			buffer.writeTo(out);
		}
		assertThat(out).hasToString("0123456789");
	}

	@Test
	void wholeBufferIsReadFromAStreamThatReturnsLittleAtOnce() throws IOException {
		try (PooledBuffer buffer = acquire(10)) {
			InputStream stream = new Sparing("0123456789abc", 3);
			buffer.readFully(stream);
			assertThat(textOf(buffer)).isEqualTo("0123456789");
			assertThat(stream.read()).as("no byte more is taken").isEqualTo('a');
		}
	}

	@Test
	void rangeIsReadFromAStream() throws IOException {
		try (PooledBuffer buffer = holding("----------")) {
			buffer.readFully(new Sparing("0123456789", 2), 3, 5);
			assertThat(textOf(buffer)).isEqualTo("---01234--");
			buffer.readFully(InputStream.nullInputStream(), 3, 0);
			// Which returns -1 at its end, also for a read of nothing
			buffer.readFully(new ByteArrayInputStream(new byte[0]), 3, 0);
			assertThatExceptionOfType(IndexOutOfBoundsException.class)
				.isThrownBy(() -> buffer.readFully(new Sparing("0123456789", 2), 3, 8));
		}
	}

	@Test
	void streamThatEndsTooEarlyIsAnErrorThatSaysHowMuchCame() {
		try (PooledBuffer buffer = holding("----------")) {
			assertThatExceptionOfType(EOFException.class)
				.isThrownBy(() -> buffer.readFully(new Sparing("0123", 3), 2, 6))
				.withMessage("Cannot read 6 bytes: the stream ended after 4 of them, which are in the buffer from "
						+ "index 2 on");
			assertThat(textOf(buffer)).isEqualTo("--0123----");
		}
	}

	@Test
	void streamThatReturnsNothingIsReadByteByByte() throws IOException {
		try (PooledBuffer buffer = acquire(3)) {
			buffer.readFully(new Sparing("0123", 0));
			assertThat(textOf(buffer)).isEqualTo("012");
		}
	}

	@Test
	void readTakesAsMuchAsIsThere() throws IOException {
		try (PooledBuffer buffer = acquire(300_000)) {
			byte[] bytes = new byte[250_000];
			bytes[249_999] = 7;
			assertThat(buffer.readFrom(new ByteArrayInputStream(bytes), 10, 299_990)).isEqualTo(250_000);
			assertThat(buffer.get(250_009)).isEqualTo((byte) 7);
			assertThat(buffer.readFrom(InputStream.nullInputStream(), 0, 300_000)).isEqualTo(-1);
			assertThat(buffer.readFrom(new ByteArrayInputStream(bytes), 0, 0)).isZero();
		}
	}

	@Test
	void readDoesNotWaitForMoreThanIsThere() throws IOException {
		try (PooledBuffer buffer = acquire(300_000)) {
			InputStream stream = new ByteArrayInputStream(new byte[1 << 20]) {

				private boolean waits;

				@Override
				public synchronized int read(byte[] target, int offset, int length) {
					assertThat(this.waits).as("a further read would wait").isFalse();
					this.waits = true;
					return super.read(target, offset, length);
				}

				@Override
				public synchronized int available() {
					return this.waits ? 0 : super.available();
				}

			};
			assertThat(buffer.readFrom(stream, 0, 300_000)).isPositive();
		}
	}

	@Test
	void streamsReadAndWriteTheBuffer() throws IOException {
		try (PooledBuffer buffer = acquire(4)) {
			try (OutputStream out = buffer.outputStream()) {
				out.write('a');
				out.write("bcd".getBytes(StandardCharsets.UTF_8));
			}
			assertThat(buffer.inputStream().readAllBytes()).containsExactly('a', 'b', 'c', 'd');
		}
	}

	@Test
	@Tag("allocation")
	void numberCostsNoAllocation() throws Exception {
		if (this.source.apply(1).getClass().getSimpleName().startsWith("$Proxy")) {
			return;
		}
		try (PooledBuffer buffer = acquire(10)) {
			assertThat(Allocation.of(() -> {
				buffer.putLong(1, buffer.getLong(2) + 1);
				buffer.putInt(1, buffer.getInt(2) + 1);
				buffer.putShort(1, (short) (buffer.getShort(2) + 1));
				buffer.put(1, buffer.get(2));
			})).isEqualTo(Allocation.of(buffer::isAlive));
		}
	}

	interface Access {

		void to(PooledBuffer buffer, int index);

	}

	/**
	 * Returns some bytes at once, or none if a caller asks for several.
	 */
	private static final class Sparing extends ByteArrayInputStream {

		private final int most;

		Sparing(String text, int most) {
			super(text.getBytes(StandardCharsets.UTF_8));
			this.most = most;
		}

		@Override
		public synchronized int read(byte[] target, int offset, int length) {
			return (this.most > 0) ? super.read(target, offset, Math.min(length, this.most)) : 0;
		}

	}

}
