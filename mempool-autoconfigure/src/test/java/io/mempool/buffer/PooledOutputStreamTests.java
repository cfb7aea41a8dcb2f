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

import io.mempool.core.Caps;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.testing.Allocation;
import io.mempool.testing.Figures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
		out.close();
	}

	@Test
	void expectedSizeAvoidsTheGrowth() throws IOException {
		PooledOutputStream out = new PooledOutputStream(this.pool, 40, 100);
		out.transferFrom(new ByteArrayInputStream(bytes(40)));
		assertThat(capacitiesUsed()).containsExactly(40);
		assertThat(this.pool.statistics().tiers().get(2).misses()).isEqualTo(1);
		out.close();
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
		out.close();
		assertNothingLeased();
	}

	@Test
	void growthBeyondTheTiersIsGeometric() {
		PooledOutputStream out = this.pool.outputStream();
		for (int i = 0; i < 100_000; i++) {
			out.write(i);
		}
		assertThat(this.pool.statistics().oversized()).isLessThan(20);
		out.close();
	}

	// Handing over

	@Test
	void bufferBelongsToWhoTookIt() {
		PooledOutputStream out = this.pool.outputStream();
		out.write(bytes(5), 0, 5);
		PooledBuffer buffer = out.toBuffer();
		out.close();
		out.close();
		assertThat(buffer.toByteArray()).isEqualTo(bytes(5));
		buffer.release();
		assertNothingLeased();
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
		PooledOutputStream closed = this.pool.outputStream();
		closed.close();
		for (PooledOutputStream out : List.of(handedOver, closed)) {
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
	void closeWithoutAnyByteNeedsNoBuffer() {
		this.pool.outputStream().close();
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
		out.close();
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
		out.close();
		assertNothingLeased();
	}

	@Test
	void severalSourcesFollowEachOther() throws IOException {
		PooledOutputStream out = this.pool.outputStream();
		out.write('a');
		assertThat(out.transferFrom(new ByteArrayInputStream(bytes(30)))).isEqualTo(30);
		assertThat(out.transferFrom(new ByteArrayInputStream(bytes(5)))).isEqualTo(5);
		assertThat(out.size()).isEqualTo(36);
		out.close();
	}

	// Failures on the way

	@Test
	void exhaustionWhileGrowingLeavesWhatWasWritten() {
		BufferPool limited = BufferPool.builder("uploads").tiers(10, 20, 40).limit(50).build();
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
	void resultThatNobodyAdoptsIsNotLeaked() {
		PooledOutputStream out = new PooledOutputStream(this.pool, (buffer) -> {
			buffer.close();
			throw new IllegalStateException("Not adopted");
		}, 0, 1000);
		out.write(1);
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(out::toBuffer);
		out.close();
		assertNothingLeased();
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
			out.close();
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
