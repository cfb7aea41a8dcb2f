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
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolExhaustedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ContentReader}.
 */
class ContentReaderTests {

	private static final int KB = 1024;

	private BufferPool pool = pool(IntStream.range(12, 25).map((bits) -> 1 << bits).toArray());

	private static BufferPool pool(int... tiers) {
		return BufferPool.builder("bodies").tiers(tiers).caps(Caps.ofIdle(16)).build();
	}

	@AfterEach
	void everythingIsBack() {
		assertThat(this.pool.statistics().leased()).isZero();
		assertThat(this.pool.statistics().doubleReleases()).isZero();
	}

	static Stream<Arguments> contents() {
		return Stream.of(0, 1, 4095, 4096, 4097, 65_535, 65_536, 65_537, 262_144, 300_000, 1_048_576, 5_000_000)
			.flatMap((size) -> Stream.of(-1L, (long) size, size / 2L, size * 2L)
				.map((announced) -> Arguments.of(size, announced)));
	}

	@ParameterizedTest
	@MethodSource("contents")
	void contentIsReadWholeWhateverWasAnnounced(int size, long announced) throws Exception {
		byte[] content = bytes(size);
		try (PooledBuffer buffer = reader(announced).read(new Arriving(content));
				PooledBuffer other = this.pool.acquire(size)) {
			assertThat(buffer.toByteArray()).isEqualTo(content);
			assertThat(buffer.capacity()).isEqualTo(other.capacity());
		}
	}

	@ParameterizedTest
	@MethodSource("contents")
	void contentThatIsWrittenInPiecesIsWholeWhateverWasAnnounced(int size, long announced) {
		byte[] content = bytes(size);
		ContentReader reader = reader(announced);
		for (ByteBuffer piece = next(content, 0); piece.hasRemaining(); piece = next(content, piece.position())) {
			reader.write(piece.asReadOnlyBuffer());
			piece.position(piece.limit());
			assertThat(this.pool.statistics().leasedBytes()).isLessThanOrEqualTo(4L * piece.position() + 64 * KB);
		}
		assertThat(reader.size()).isEqualTo(size);
		try (PooledBuffer buffer = reader.toBuffer(); PooledBuffer other = this.pool.acquire(size)) {
			assertThat(buffer.toByteArray()).isEqualTo(content);
			assertThat(buffer.capacity()).isEqualTo(other.capacity());
		}
		assertThat(this.pool.recentSizes()).containsExactly(size, size);
	}

	private static ByteBuffer next(byte[] content, int position) {
		return ByteBuffer.wrap(content, position, Math.min(8000, content.length - position));
	}

	@Test
	void writerThatMustNotWaitGoesOnWhereThePoolRefused() {
		this.pool = limited();
		byte[] content = bytes(900_000);
		PooledBuffer other = this.pool.acquire(256 * KB);
		ContentReader reader = reader(-1);
		ByteBuffer source = ByteBuffer.wrap(content);
		boolean complete = true;
		while (complete && source.hasRemaining()) {
			source.limit(Math.min(source.position() + 8000, content.length));
			complete = reader.tryWrite(source);
			if (complete) {
				source.limit(content.length);
			}
		}
		assertThat(complete).isFalse();
		assertThat(reader.size()).isEqualTo(source.position()).isPositive();
		other.release();
		source.limit(content.length);
		reader.write(source);
		try (PooledBuffer buffer = reader.toBuffer()) {
			assertThat(buffer.toByteArray()).isEqualTo(content);
		}
		assertThat(this.pool.statistics().exhausted()).isZero();
	}

	@Test
	void bufferThatThePoolRefusesAtOnceIsTakenLater() {
		this.pool = BufferPool.builder("bodies")
			.memory(MemoryKind.OFF_HEAP)
			.tiers(16 * KB, 64 * KB)
			.limit(80 * KB)
			.policy(ExhaustionPolicy.FAIL)
			.build();
		byte[] content = bytes(20_000);
		ContentReader reader = reader(-1);
		assertThat(reader.tryWrite(ByteBuffer.wrap(content, 0, 8000))).isTrue();
		assertThat(reader.tryWrite(ByteBuffer.wrap(content, 8000, 12_000))).isTrue();
		assertThat(reader.tryToBuffer()).as("two small pieces and a large one do not fit").isNull();
		try (PooledBuffer buffer = reader.toBuffer()) {
			assertThat(buffer.toByteArray()).isEqualTo(content);
		}
	}

	@Test
	void writeOfMoreThanTheMaximumIsRefusedWhole() {
		ContentReader reader = new ContentReader(this.pool, -1, 1000);
		reader.write(ByteBuffer.allocate(600));
		ByteBuffer tooMuch = ByteBuffer.allocate(401);
		assertThatExceptionOfType(SizeLimitExceededException.class).isThrownBy(() -> reader.write(tooMuch))
			.satisfies((ex) -> assertThat(ex.getLimit()).isEqualTo(1000));
		assertThat(tooMuch.remaining()).isEqualTo(401);
		assertThat(this.pool.statistics().leased()).as("the reader has ended").isZero();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(reader::toBuffer);
	}

	@Test
	void writeAfterTheBufferWasTakenFailsAndLeavesTheBuffer() {
		ContentReader reader = reader(-1);
		reader.write(ByteBuffer.wrap(bytes(4096)));
		try (PooledBuffer buffer = reader.toBuffer()) {
			assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> reader.write(ByteBuffer.allocate(1)));
			assertThatExceptionOfType(LeaseException.class).isThrownBy(reader::toBuffer);
			assertThat(buffer.toByteArray()).isEqualTo(bytes(4096));
		}
	}

	@Test
	void announcedLengthThatCanNeverFitIsRefusedBeforeTheFirstWrite() {
		this.pool = limited();
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> reader(1_100_000).checkExpected())
			.satisfies((ex) -> assertThat(ex.isPermanent()).isTrue());
		reader(900_000).checkExpected();
	}

	@Test
	void whatWasWrittenIsNotReadableByTheNextOwner() {
		this.pool = pool(4096);
		ContentReader reader = reader(-1);
		reader.write(ByteBuffer.wrap(bytes(4000)));
		reader.toBuffer().release();
		try (PooledBuffer next = this.pool.acquire(4096)) {
			assertThat(next.toByteArray()).containsOnly(0);
		}
	}

	@ParameterizedTest
	@MethodSource("contents")
	void onlyTheSizeOfTheContentIsRecorded(int size, long announced) throws Exception {
		reader(announced).read(new Arriving(bytes(size))).release();
		assertThat(this.pool.recentSizes()).containsExactly(size);
	}

	@ParameterizedTest
	@ValueSource(longs = { -1, 10_000_000 })
	void neverIsMoreHeldThanFourTimesWhatHasArrivedAnd64KiB(long announced) throws Exception {
		reader(announced).read(new Watched(bytes(10_000_000))).release();
	}

	@ParameterizedTest
	@ValueSource(strings = { "1048576", "4096,1048576", "16777216" })
	void poolWithTiersOutOfProportionLendsThemWhenTheContentIsThere(String tiers) throws Exception {
		this.pool = pool(Stream.of(tiers.split(",")).mapToInt(Integer::parseInt).toArray());
		byte[] content = bytes(900_000);
		try (PooledBuffer buffer = reader(900_000).read(new Watched(content))) {
			assertThat(buffer.toByteArray()).isEqualTo(content);
		}
	}

	@Test
	void contentThatHasArrivedIsReadIntoItsBufferAtOnce() throws Exception {
		reader(300_000).read(new ByteArrayInputStream(bytes(300_000))).release();
		assertThat(this.pool.statistics().misses()).isOne();
	}

	@Test
	void contentOf256KiBTakesOnePieceOnItsWay() throws Exception {
		reader(256 * KB).read(new Arriving(bytes(256 * KB))).release();
		assertThat(this.pool.statistics().misses()).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(longs = { -1, 1000, 1001 })
	void moreThanTheMaximumIsRefused(long announced) {
		ContentReader reader = new ContentReader(this.pool, announced, 1000);
		assertThatExceptionOfType(SizeLimitExceededException.class)
			.isThrownBy(() -> reader.read(new Arriving(bytes(1001))))
			.satisfies((ex) -> assertThat(ex.getLimit()).isEqualTo(1000));
	}

	@ParameterizedTest
	@ValueSource(longs = { -1, 700_000 })
	void contentThatFitsItsPoolIsReadAlsoIfPiecesDoNotFitBesideIt(long announced) throws Exception {
		this.pool = limited();
		byte[] content = bytes(700_000);
		try (PooledBuffer buffer = reader(announced).read(new Arriving(content))) {
			assertThat(buffer.toByteArray()).isEqualTo(content);
		}
		assertThat(this.pool.statistics().exhausted()).isZero();
	}

	@ParameterizedTest
	@ValueSource(longs = { -1, 1_100_000 })
	void contentThatCanNeverFitIsRefusedForGood(long announced) {
		this.pool = limited();
		assertThatExceptionOfType(PoolExhaustedException.class)
			.isThrownBy(() -> reader(announced).read(new Arriving(bytes(1_100_000))))
			.withMessageContaining("'mempool.pools.bodies.limit'")
			.satisfies((ex) -> assertThat(ex.isPermanent()).isTrue());
	}

	@ParameterizedTest
	@MethodSource
	void contentWhoseBufferTakesMoreThanMayBeLentIsRefusedBeforeAnyOfItIsRead(long weight,
			LongFunction<BufferPoolBuilder> pools) throws Exception {
		this.pool = pools.apply(weight - 1).build();
		InputStream unread = new Arriving(bytes(300_000));
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> reader(300_000).read(unread))
			.satisfies((ex) -> assertThat(ex.isPermanent()).isTrue());
		assertThat(unread.readAllBytes()).hasSize(300_000);
		this.pool = pools.apply(weight).build();
		reader(300_000).read(new ByteArrayInputStream(bytes(300_000))).release();
	}

	static Stream<Arguments> contentWhoseBufferTakesMoreThanMayBeLentIsRefusedBeforeAnyOfItIsRead() {
		long pooled = MemoryKind.HEAP.footprint(512 * KB);
		long exact = HeapLayout.current().footprint(300_000);
		return Stream.of(Arguments.of(pooled, pools((builder, bytes) -> builder.limit(bytes))),
				Arguments.of(pooled,
						pools((builder, bytes) -> builder.budget(BufferPool.budget("mempool.budget.heap", bytes)))),
				Arguments.of(exact, pools((builder, bytes) -> builder.limit(bytes).pooling(false))),
				Arguments.of(exact, pools((builder, bytes) -> builder.limit(bytes).tiers(4 * KB))),
				Arguments.of(512 * KB + 4095L,
						pools((builder, bytes) -> builder.limit(bytes).memory(MemoryKind.OFF_HEAP).pageAligned(true))));
	}

	private static LongFunction<BufferPoolBuilder> pools(BiFunction<BufferPoolBuilder, Long, BufferPoolBuilder> limit) {
		return (bytes) -> limit
			.apply(BufferPool.builder("bodies").tiers(4 * KB, 512 * KB).policy(ExhaustionPolicy.FAIL), bytes);
	}

	@Test
	void contentThatDoesNotFitNowIsNotRefusedForGood() {
		this.pool = limited();
		PooledBuffer other = this.pool.acquire(256 * KB);
		assertThatExceptionOfType(PoolExhaustedException.class)
			.isThrownBy(() -> reader(900_000).read(new Arriving(bytes(900_000))))
			.satisfies((ex) -> assertThat(ex.isPermanent()).isFalse());
		other.release();
		assertThat(this.pool.statistics().exhausted()).isOne();
	}

	private static BufferPool limited() {
		return BufferPool.builder("bodies")
			.memory(MemoryKind.OFF_HEAP)
			.tiers(4 * KB, 64 * KB, 256 * KB, 1024 * KB, 2048 * KB)
			.limit(1024 * KB)
			.policy(ExhaustionPolicy.FAIL)
			.build();
	}

	@Test
	void failureOfTheSourceLeavesNothing() {
		InputStream in = new Arriving(bytes(200_000)) {

			@Override
			void arrived(int count) throws IOException {
				if (count > 100_000) {
					throw new IOException("as asked");
				}
			}

		};
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> reader(200_000).read(in)).withMessage("as asked");
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void readerThatIsEndedWhileItReadsFails(boolean inDoubt) {
		ContentReader reader = reader(1_000_000);
		InputStream in = new Arriving(bytes(1_000_000)) {

			@Override
			void arrived(int count) {
				if (count > 500_000) {
					if (inDoubt) {
						reader.abandon();
					}
					else {
						reader.close();
					}
				}
			}

		};
		assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> reader.read(in));
		assertThat(this.pool.recentSizes()).isEmpty();
	}

	@Test
	void offHeapPoolIsReadInto() throws Exception {
		this.pool = BufferPool.builder("bodies").memory(MemoryKind.OFF_HEAP).tiers(4 * KB, 64 * KB, 512 * KB).build();
		byte[] content = bytes(300_000);
		try (PooledBuffer buffer = reader(300_000).read(new Arriving(content))) {
			assertThat(buffer.toByteArray()).isEqualTo(content);
		}
	}

	private ContentReader reader(long announced) {
		return new ContentReader(this.pool, announced, Integer.MAX_VALUE);
	}

	private static byte[] bytes(int size) {
		byte[] bytes = new byte[size];
		new Random(size).nextBytes(bytes);
		return bytes;
	}

	/**
	 * Content that arrives in small pieces, none of which is available before.
	 */
	private static class Arriving extends InputStream {

		private final byte[] content;

		private int position;

		Arriving(byte[] content) {
			this.content = content;
		}

		void arrived(int count) throws IOException {
		}

		@Override
		public int read() throws IOException {
			arrived(this.position);
			return (this.position < this.content.length) ? Byte.toUnsignedInt(this.content[this.position++]) : -1;
		}

		@Override
		public int read(byte[] target, int offset, int length) throws IOException {
			arrived(this.position);
			int count = Math.min(Math.min(length, 8000), this.content.length - this.position);
			if (count <= 0) {
				return (length == 0) ? 0 : -1;
			}
			System.arraycopy(this.content, this.position, target, offset, count);
			this.position += count;
			return count;
		}

	}

	/**
	 * Content that looks at what is held whenever more of it is asked for.
	 */
	private final class Watched extends Arriving {

		Watched(byte[] content) {
			super(content);
		}

		@Override
		void arrived(int count) {
			assertThat(ContentReaderTests.this.pool.statistics().leasedBytes())
				.isLessThanOrEqualTo(4L * count + 64 * KB);
		}

	}

}
