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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.testing.Allocation;
import io.mempool.testing.Figures;
import io.mempool.testing.Garbage;
import io.mempool.testing.ProvokesOutput;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@ProvokesOutput
class PooledOutputStreamTests {

	private final BufferPool pool = BufferPool.builder("uploads").tiers(10, 20, 40).build();

	private static byte[] bytes(int count) {
		byte[] bytes = new byte[count];
		new Random(count).nextBytes(bytes);
		return bytes;
	}

	private List<Integer> capacitiesUsed() {
		List<Integer> used = new ArrayList<>();
		this.pool.statistics()
			.tiers()
			.stream()
			.filter((tier) -> tier.misses() > 0)
			.forEach((tier) -> used.add(tier.size()));
		return used;
	}

	private void assertNothingLeased() {
		assertThat(this.pool.statistics().leased()).isZero();
		assertThat(this.pool.statistics().leasedBytes()).isZero();
		assertThat(this.pool.statistics().doubleReleases()).isZero();
	}

	@Test
	void roomThatIsOnlyLikelyToBeNeededIsNotNeeded() throws IOException {
		BufferPool limited = BufferPool.builder("limited")
			.tiers(10, 20, 40)
			.limit(1000)
			.policy(ExhaustionPolicy.FAIL)
			.build();
		PooledOutputStream expectsMuch = new PooledOutputStream(limited, 100_000, 100_000);
		expectsMuch.write(bytes(3));
		expectsMuch.toBuffer().release();
		PooledOutputStream doubles = limited.outputStream();
		for (int i = 0; i < 5; i++) {
			doubles.write(bytes(100));
		}
		doubles.toBuffer().release();
		try (PooledBuffer nothing = new PooledOutputStream(limited, 100, 100).toBuffer()) {
			assertThat(nothing.capacity()).isEqualTo(10);
		}
		assertThat(limited.statistics().leased()).isZero();
	}

	@Test
	void streamGrowsWithFewCopiesThoughItsPoolHasNoRoomForTwiceItsSize() throws IOException {
		BufferPool limited = BufferPool.builder("limited").tiers(64).limit(3000).policy(ExhaustionPolicy.FAIL).build();
		PooledOutputStream out = limited.outputStream();
		for (int i = 0; i < 1400; i++) {
			out.write(i);
		}
		try (PooledBuffer result = out.toBuffer()) {
			assertThat(result.size()).isEqualTo(1400);
		}
		assertThat(limited.statistics().acquisitions()).isLessThan(30);
		assertThat(limited.statistics().exhausted()).isZero();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 9, 10, 11, 19, 20, 21, 39, 40, 41, 79, 80, 81, 1000, 100_000 })
	void resultIsExactlyWhatWasWritten(int count) {
		byte[] expected = bytes(count);
		for (int chunk : new int[] { 1, 3, 7, 64, 5000 }) {
			PooledOutputStream out = this.pool.outputStream();
			for (int i = 0; i < count; i += chunk) {
				out.write(expected, i, Math.min(chunk, count - i));
			}
			assertThat(out.size()).isEqualTo(count);
			PooledBuffer buffer = out.toBuffer();
			assertThat(buffer.size()).isEqualTo(count);
			assertThat(buffer.toByteArray()).isEqualTo(expected);
			buffer.release();
		}
		assertNothingLeased();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 9, 10, 11, 19, 20, 21, 39, 40, 41, 79, 80, 81, 1000, 100_000 })
	void resultIsExactlyWhatASourceHad(int count) throws IOException {
		byte[] expected = bytes(count);
		for (int chunk : new int[] { 1, 3, 7, 64, 5000 }) {
			PooledOutputStream out = this.pool.outputStream();
			assertThat(out.transferFrom(new Trickle(expected, chunk, false))).isEqualTo(count);
			PooledBuffer buffer = out.toBuffer();
			assertThat(buffer.toByteArray()).isEqualTo(expected);
			buffer.release();
		}
		assertNothingLeased();
	}

	@Test
	void singleBytesAreWritten() {
		PooledOutputStream out = this.pool.outputStream();
		for (int i = 0; i < 300; i++) {
			out.write(i);
		}
		PooledBuffer buffer = out.toBuffer();
		assertThat(buffer.toByteArray()[299]).isEqualTo((byte) 299);
		buffer.release();
	}

	@Test
	@Tag("allocation")
	void streamAllocatesLittleBesideTheHandles() throws Exception {
		long handle = Allocation.of(() -> this.pool.acquire(10).release());
		assertThat(Allocation.of(() -> {
			PooledOutputStream out = this.pool.outputStream();
			out.write(1);
			out.toBuffer().release();
		})).isBetween(2 * handle, 2 * handle + 96);
	}

	@ParameterizedTest
	@CsvSource({ "10, '10'", "20, '10 20'", "40, '10 20 40'" })
	void sourceThatEndsAtABorderNeedsNoLargerTier(int count, String tiers) throws IOException {
		PooledOutputStream out = this.pool.outputStream();
		out.transferFrom(new Trickle(bytes(count), 5, false));
		assertThat(String.join(" ", capacitiesUsed().stream().map(String::valueOf).toList())).isEqualTo(tiers);
		assertThat(this.pool.statistics().oversized()).isZero();
		out.release();
	}

	@Test
	void expectedSizeAvoidsTheGrowth() throws IOException {
		PooledOutputStream out = new PooledOutputStream(this.pool, 40, 100);
		out.transferFrom(new ByteArrayInputStream(bytes(40)));
		assertThat(capacitiesUsed()).containsExactly(40);
		assertThat(this.pool.statistics().tiers().get(2).misses()).isEqualTo(1);
		out.release();
	}

	@Test
	void expectedSizeMayBeWrong() throws IOException {
		for (int expected : new int[] { -1, 1, 40, 41, Integer.MAX_VALUE }) {
			PooledOutputStream out = new PooledOutputStream(this.pool, expected, 1000);
			out.transferFrom(new ByteArrayInputStream(bytes(100)));
			PooledBuffer buffer = out.toBuffer();
			assertThat(buffer.toByteArray()).isEqualTo(bytes(100));
			buffer.release();
		}
		assertNothingLeased();
	}

	@Test
	void onlyTheBufferInUseIsLeased() {
		PooledOutputStream out = this.pool.outputStream();
		out.write(bytes(30), 0, 30);
		out.write(bytes(60), 0, 60);
		assertThat(this.pool.statistics().leased()).isEqualTo(1);
		out.release();
		assertNothingLeased();
	}

	@Test
	void growthBeyondTheTiersIsGeometric() {
		PooledOutputStream out = this.pool.outputStream();
		for (int i = 0; i < 100_000; i++) {
			out.write(i);
		}
		assertThat(this.pool.statistics().oversized()).isLessThan(20);
		out.release();
	}

	// Handing over

	@Test
	void bufferBelongsToTheTaker() {
		PooledOutputStream out = this.pool.outputStream();
		out.write(bytes(5), 0, 5);
		PooledBuffer buffer = out.toBuffer();
		out.release();
		out.release();
		assertThat(buffer.toByteArray()).isEqualTo(bytes(5));
		buffer.release();
		assertNothingLeased();
	}

	@Test
	void contentSurvivesTheCloseOfAStreamThatCompresses() throws IOException {
		PooledOutputStream out = this.pool.outputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
			gzip.write(bytes(1000));
		}
		try (PooledBuffer buffer = out.toBuffer(); InputStream in = new GZIPInputStream(buffer.inputStream())) {
			assertThat(in.readAllBytes()).isEqualTo(bytes(1000));
		}
		assertNothingLeased();
	}

	@Test
	void closedStreamTakesNoMoreAndKeepsWhatWasWritten() {
		PooledOutputStream out = this.pool.outputStream();
		out.write(bytes(15), 0, 15);
		out.close();
		out.close();
		assertThat(out.isOpen()).isFalse();
		assertThat(out.isAlive()).isTrue();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> out.write(1))
			.withMessage("Cannot write to a stream of pool 'uploads': it was closed. Take what was written with "
					+ "toBuffer(), and open another stream");
		assertThatExceptionOfType(LeaseException.class)
			.isThrownBy(() -> out.transferFrom(InputStream.nullInputStream()));
		PooledBuffer buffer = out.toBuffer();
		assertThat(buffer.toByteArray()).isEqualTo(bytes(15));
		assertThat(out.isAlive()).isFalse();
		buffer.release();
		assertNothingLeased();
	}

	@Test
	void closedStreamWithoutAnyByteHasAnEmptyBuffer() {
		PooledOutputStream out = this.pool.outputStream();
		out.close();
		PooledBuffer buffer = out.toBuffer();
		assertThat(buffer.size()).isZero();
		buffer.release();
		assertNothingLeased();
	}

	@Test
	void releaseGivesBackWhatACloseHasKept() {
		PooledOutputStream out = this.pool.outputStream();
		out.write(1);
		out.close();
		assertThat(this.pool.statistics().leased()).isOne();
		out.release();
		out.release();
		out.abandon();
		assertNothingLeased();
		assertThat(this.pool.statistics().idle()).isOne();
	}

	@Test
	void closedStreamThatIsDroppedIsALostLease() throws InterruptedException {
		this.pool.outputStream().write(1);
		PooledOutputStream closed = this.pool.outputStream();
		closed.write(1);
		closed.close();
		closed = null;
		Garbage.collectUntil(() -> this.pool.statistics().leaked() == 2);
		assertThat(this.pool.statistics().leaked()).isEqualTo(2);
	}

	@Test
	void bufferOfATierGoesBackToIt() {
		PooledOutputStream out = this.pool.outputStream();
		out.write(bytes(15), 0, 15);
		PooledBuffer buffer = out.toBuffer();
		assertThat(buffer.capacity()).isEqualTo(20);
		buffer.release();
		assertThat(Figures.ofTier(this.pool, 20)).isEqualTo(new Figures(0, 1, 1, 0, 1));
	}

	@Test
	void endedStreamRefusesEverything() throws IOException {
		PooledOutputStream handedOver = this.pool.outputStream();
		handedOver.toBuffer().release();
		PooledOutputStream released = this.pool.outputStream();
		released.release();
		for (PooledOutputStream out : List.of(handedOver, released)) {
			assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> out.write(1))
				.withMessageContaining("'uploads'");
			assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> out.write(new byte[0]));
			assertThatExceptionOfType(LeaseException.class).isThrownBy(out::toBuffer);
			assertThatExceptionOfType(LeaseException.class)
				.isThrownBy(() -> out.transferFrom(InputStream.nullInputStream()));
		}
		assertNothingLeased();
	}

	@Test
	void releaseWithoutAnyByteNeedsNoBuffer() {
		this.pool.outputStream().release();
		assertThat(Figures.of(this.pool)).isEqualTo(new Figures(0, 0, 0, 0, 0));
	}

	@Test
	void adoptionIsAskedForTheResultOnly() {
		List<PooledBuffer> adopted = new ArrayList<>();
		PooledOutputStream out = new PooledOutputStream(this.pool, (buffer) -> {
			adopted.add(buffer);
			return buffer;
		}, 0, 1000);
		out.write(bytes(90), 0, 90);
		assertThat(adopted).isEmpty();
		PooledBuffer buffer = out.toBuffer();
		assertThat(adopted).containsExactly(buffer);
		buffer.release();
		assertNothingLeased();
	}

	// Bounds

	@Test
	void maximumCanBeReachedAndNotExceeded() {
		PooledOutputStream out = new PooledOutputStream(this.pool, 0, 25);
		out.write(bytes(25), 0, 25);
		assertThatExceptionOfType(SizeLimitExceededException.class).isThrownBy(() -> out.write(1))
			.withMessage("Cannot write 1 bytes after 25: the stream of pool 'uploads' takes at most 25 bytes")
			.satisfies((ex) -> assertThat(ex.getLimit()).isEqualTo(25));
		PooledBuffer buffer = out.toBuffer();
		assertThat(buffer.toByteArray()).isEqualTo(bytes(25));
		buffer.release();
		assertNothingLeased();
	}

	@Test
	void writeThatExceedsTheMaximumWritesNothing() {
		PooledOutputStream out = new PooledOutputStream(this.pool, 0, 15);
		out.write(bytes(10), 0, 10);
		assertThatExceptionOfType(SizeLimitExceededException.class).isThrownBy(() -> out.write(bytes(6), 0, 6));
		assertThatExceptionOfType(SizeLimitExceededException.class)
			.isThrownBy(() -> out.write(new byte[Integer.MAX_VALUE / 64]));
		assertThat(out.size()).isEqualTo(10);
		out.release();
		assertNothingLeased();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 10, 15, 40, 50 })
	void sourceMayHaveTheMaximum(int maximum) throws IOException {
		PooledOutputStream out = new PooledOutputStream(this.pool, 0, maximum);
		assertThat(out.transferFrom(new ByteArrayInputStream(bytes(maximum)))).isEqualTo(maximum);
		PooledBuffer buffer = out.toBuffer();
		assertThat(buffer.toByteArray()).isEqualTo(bytes(maximum));
		buffer.release();
		assertNothingLeased();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 10, 15, 40, 50 })
	void sourceThatHasMoreIsRefusedAndWhatFittedWasWritten(int maximum) {
		PooledOutputStream out = new PooledOutputStream(this.pool, 0, maximum);
		byte[] more = bytes(maximum + 1);
		assertThatExceptionOfType(SizeLimitExceededException.class)
			.isThrownBy(() -> out.transferFrom(new ByteArrayInputStream(more)));
		assertThat(out.size()).isEqualTo(maximum);
		PooledBuffer buffer = out.toBuffer();
		assertThat(buffer.toByteArray()).isEqualTo(Arrays.copyOf(more, maximum));
		buffer.release();
		assertNothingLeased();
	}

	@Test
	void negativeMaximumIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new PooledOutputStream(this.pool, 0, -1))
			.withMessage("'maximum' must not be negative but is -1");
	}

	// Odd sources

	@Test
	void sourceThatReturnsZeroIsReadOn() throws IOException {
		PooledOutputStream out = this.pool.outputStream();
		assertThat(out.transferFrom(new Trickle(bytes(50), 7, true))).isEqualTo(50);
		PooledBuffer buffer = out.toBuffer();
		assertThat(buffer.toByteArray()).isEqualTo(bytes(50));
		buffer.release();
	}

	@Test
	void sourceThatFailsLeavesWhatWasReadBefore() {
		PooledOutputStream out = this.pool.outputStream();
		byte[] before = bytes(15);
		InputStream failing = new ByteArrayInputStream(before) {

			@Override
			public synchronized int read(byte[] bytes, int offset, int length) {
				int count = super.read(bytes, offset, length);
				if (count < 0) {
					throw new IllegalStateException("Connection reset");
				}
				return count;
			}

		};
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> out.transferFrom(failing));
		assertThat(out.size()).isEqualTo(15);
		PooledBuffer buffer = out.toBuffer();
		assertThat(buffer.toByteArray()).isEqualTo(before);
		buffer.release();
		assertNothingLeased();
	}

	@Test
	void sourceThatClaimsMoreThanItWasAskedForIsNotBelieved() {
		PooledOutputStream out = this.pool.outputStream();
		InputStream liar = new InputStream() {

			@Override
			public int read() {
				return 1;
			}

			@Override
			public int read(byte[] bytes, int offset, int length) {
				return length + 1;
			}

		};
		assertThatIOException().isThrownBy(() -> out.transferFrom(liar)).withMessageContaining("11");
		assertThat(out.size()).isZero();
		out.release();
		assertNothingLeased();
	}

	@Test
	void severalSourcesFollowEachOther() throws IOException {
		PooledOutputStream out = this.pool.outputStream();
		out.write('a');
		assertThat(out.transferFrom(new ByteArrayInputStream(bytes(30)))).isEqualTo(30);
		assertThat(out.transferFrom(new ByteArrayInputStream(bytes(5)))).isEqualTo(5);
		assertThat(out.size()).isEqualTo(36);
		out.release();
	}

	// Failures on the way

	@Test
	void exhaustionWhileGrowingLeavesWhatWasWritten() {
		BufferPool limited = BufferPool.builder("uploads")
			.memory(MemoryKind.OFF_HEAP)
			.tiers(10, 20, 40)
			.limit(50)
			.build();
		PooledOutputStream out = limited.outputStream();
		out.write(bytes(20), 0, 20);
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> out.write(1));
		assertThat(out.size()).isEqualTo(20);
		PooledBuffer buffer = out.toBuffer();
		assertThat(buffer.toByteArray()).isEqualTo(bytes(20));
		buffer.release();
		assertThat(limited.statistics().leased()).isZero();
	}

	@Test
	void resultThatIsNotAdoptedStaysWithTheStream() {
		AtomicBoolean refuses = new AtomicBoolean(true);
		PooledOutputStream out = new PooledOutputStream(this.pool, (buffer) -> {
			if (refuses.get()) {
				throw new OutOfMemoryError("Not adopted");
			}
			return buffer;
		}, 0, 1000);
		out.write(bytes(15), 0, 15);
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(out::toBuffer);
		assertThat(out.isAlive()).isTrue();
		refuses.set(false);
		PooledBuffer buffer = out.toBuffer();
		assertThat(buffer.toByteArray()).isEqualTo(bytes(15));
		buffer.release();
		assertNothingLeased();
	}

	// Owners

	@Test
	void ownerAllowsForWhatIsWrittenAndForNothingElse() throws IOException {
		CountingOwner owner = new CountingOwner(100);
		PooledOutputStream out = new PooledOutputStream(this.pool, owner, 60, 1000);
		out.write(1);
		assertThat(owner.counted).isOne();
		out.write(bytes(9), 0, 9);
		out.transferFrom(new Trickle(bytes(50), 7, true));
		assertThat(owner.counted).isEqualTo(60);
		out.release();
		assertNothingLeased();
	}

	@Test
	void ownerThatRefusesLeavesWhatWasWritten() {
		CountingOwner owner = new CountingOwner(15);
		PooledOutputStream out = new PooledOutputStream(this.pool, owner, 0, 1000);
		out.write(bytes(10), 0, 10);
		assertThatExceptionOfType(SizeLimitExceededException.class).isThrownBy(() -> out.write(bytes(6), 0, 6));
		assertThatExceptionOfType(SizeLimitExceededException.class)
			.isThrownBy(() -> out.transferFrom(new ByteArrayInputStream(bytes(6))));
		assertThat(out.size()).isEqualTo(15);
		assertThat(owner.counted).isEqualTo(15);
		out.release();
		assertNothingLeased();
	}

	@Test
	void sourceThatEndsWhereTheOwnerWouldRefuseIsReadToItsEnd() throws IOException {
		PooledOutputStream out = new PooledOutputStream(this.pool, new CountingOwner(15), 0, 1000);
		assertThat(out.transferFrom(new ByteArrayInputStream(bytes(15)))).isEqualTo(15);
		out.release();
		assertNothingLeased();
	}

	@Test
	void ownerCountsNothingForMemoryThatCouldNotBeAcquired() {
		BufferPool limited = BufferPool.builder("uploads")
			.memory(MemoryKind.OFF_HEAP)
			.tiers(10, 20, 40)
			.limit(30)
			.build();
		CountingOwner owner = new CountingOwner(1000);
		PooledOutputStream out = new PooledOutputStream(limited, owner, 0, 1000);
		out.write(bytes(10), 0, 10);
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> out.write(bytes(11), 0, 11));
		assertThat(owner.counted).isEqualTo(10);
		out.release();
	}

	@Test
	void ownerBoundsByHowMuchAStreamGrowsAhead() {
		PooledOutputStream out = new PooledOutputStream(this.pool, new CountingOwner(1010), 0, 100_000);
		out.write(bytes(1000), 0, 1000);
		out.write(1);
		assertThat(this.pool.statistics().leasedBytes()).isEqualTo(1010);
		out.release();
	}

	@Test
	void streamThatWasEndedMeanwhileTakesNoMore() {
		PooledOutputStream out = this.pool.outputStream();
		out.write(bytes(10), 0, 10);
		out.abandon();
		assertThat(out.isOpen()).isFalse();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> out.write(1));
		assertThatExceptionOfType(LeaseException.class).isThrownBy(out::toBuffer);
		assertThat(this.pool.statistics().idle()).as("abandoned memory is not used again").isZero();
		assertNothingLeased();
	}

	@Test
	void streamThatIsEndedWhileItGrowsLosesNothing() throws InterruptedException {
		for (int i = 0; i < 2000; i++) {
			PooledOutputStream out = this.pool.outputStream();
			Thread writer = new Thread(() -> {
				try {
					for (int written = 0; written < 40; written++) {
						out.write(1);
					}
				}
				catch (LeaseException ex) {
					// Ended while it was written
				}
			});
			writer.start();
			out.release();
			writer.join();
		}
		assertNothingLeased();
	}

	@Test
	void growthInATierThatKeepsNothingWorks() {
		BufferPool none = BufferPool.builder("uploads").tiers(10, 20, 40).caps(Caps.ofIdle(0)).build();
		PooledOutputStream out = none.outputStream();
		out.write(bytes(35), 0, 35);
		out.toBuffer().release();
		assertThat(none.statistics().leased()).isZero();
	}

	/**
	 * Allows for so many bytes.
	 */
	private static final class CountingOwner implements PooledOutputStream.Owner {

		private final int limit;

		private int counted;

		private CountingOwner(int limit) {
			this.limit = limit;
		}

		@Override
		public PooledBuffer adopt(PooledBuffer buffer) {
			return buffer;
		}

		@Override
		public int reserve(int needed, int wanted) {
			if (needed > this.limit - this.counted) {
				throw new SizeLimitExceededException("Too much", this.limit);
			}
			int granted = Math.min(wanted, this.limit - this.counted);
			this.counted += granted;
			return granted;
		}

		@Override
		public void giveBack(int bytes) {
			this.counted -= bytes;
		}

	}

	/**
	 * Gives a few bytes at a time, and none at all now and then.
	 */
	private static final class Trickle extends ByteArrayInputStream {

		private final int chunk;

		private final boolean pauses;

		private boolean paused;

		private Trickle(byte[] bytes, int chunk, boolean pauses) {
			super(bytes);
			this.chunk = chunk;
			this.pauses = pauses;
		}

		@Override
		public synchronized int read(byte[] bytes, int offset, int length) {
			this.paused = this.pauses && !this.paused;
			return this.paused ? 0 : super.read(bytes, offset, Math.min(length, this.chunk));
		}

	}

}
