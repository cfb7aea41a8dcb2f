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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.LeaseException;
import io.mempool.testing.Allocation;
import io.mempool.testing.Buffers;
import io.mempool.testing.Started;
import io.mempool.testing.Together;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The handle of a lease: in a tier, beyond the tiers, cleared or not, and unpooled.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("pools")
class PooledBufferTests {

	private static final byte[] DIGITS = "0123456789".getBytes();

	private final BufferPool pool;

	private final int size;

	PooledBufferTests(String name, BufferPoolBuilder builder, int size) {
		this.pool = builder.build();
		this.size = size;
	}

	static Stream<Arguments> pools() {
		return Stream.of(Arguments.of("tiered", builder(), 10),
				Arguments.of("never cleared", builder().clearing(Clearing.NEVER), 10),
				Arguments.of("beyond the tiers", builder().tiers(4), 10),
				Arguments.of("unpooled", builder().pooling(false), 10));
	}

	private static BufferPoolBuilder builder() {
		return BufferPool.builder("uploads").tiers(64, 128).caps(Caps.ofIdle(4));
	}

	private PooledBuffer acquire() {
		return this.pool.acquire(this.size);
	}

	private PooledBuffer digits() {
		PooledBuffer buffer = acquire();
		buffer.copyIn(0, DIGITS, 0, this.size);
		return buffer;
	}

	private long leased() {
		return this.pool.statistics().leased();
	}

	private static void assertRefused(ThrowingCallable call, String action) {
		assertThatExceptionOfType(LeaseException.class).isThrownBy(call)
			.withMessageStartingWith("Cannot " + action + " a buffer of 10 bytes of pool 'uploads': it was released")
			.withMessageContaining("acquire another buffer, or retain() this one first");
	}

	// After the release

	static List<Arguments> uses() {
		byte[] bytes = new byte[10];
		return List.of(use("byteBuffer", "view", PooledBuffer::byteBuffer),
				use("hasArray", "inspect", PooledBuffer::hasArray),
				use("array", "take the array of", PooledBuffer::array),
				use("arrayOffset", "inspect", PooledBuffer::arrayOffset),
				use("copyIn array", "write to", (buffer) -> buffer.copyIn(0, bytes, 0, 10)),
				use("copyIn no bytes", "write to", (buffer) -> buffer.copyIn(0, bytes, 0, 0)),
				use("copyIn buffer", "write to", (buffer) -> buffer.copyIn(0, ByteBuffer.wrap(bytes))),
				use("copyOut array", "read", (buffer) -> buffer.copyOut(0, bytes, 0, 10)),
				use("copyOut buffer", "read", (buffer) -> buffer.copyOut(0, ByteBuffer.wrap(bytes))),
				use("toByteArray", "read", PooledBuffer::toByteArray),
				use("inputStream", "read", PooledBuffer::inputStream),
				use("outputStream", "write to", PooledBuffer::outputStream),
				use("retain", "retain", PooledBuffer::retain), use("release", "release", PooledBuffer::release),
				use("discard", "discard", PooledBuffer::discard));
	}

	private static Arguments use(String name, String action, Use use) {
		return Arguments.of(name, action, use);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("uses")
	void useAfterReleaseIsRefused(String name, String action, Use use) {
		PooledBuffer buffer = acquire();
		buffer.release();
		assertRefused(() -> use.of(buffer), action);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("uses")
	void useAfterReleaseIsRefusedWhileAnotherOwnerHoldsTheBlock(String name, String action, Use use) {
		PooledBuffer buffer = acquire();
		buffer.release();
		PooledBuffer next = digits();
		assertRefused(() -> use.of(buffer), action);
		assertThat(next.toByteArray()).isEqualTo(DIGITS);
		next.release();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("uses")
	void useAfterReleaseIsRefusedWhileARetainedHandleLivesOn(String name, String action, Use use) {
		PooledBuffer buffer = digits();
		PooledBuffer retained = buffer.retain();
		buffer.release();
		assertRefused(() -> use.of(buffer), action);
		assertThat(retained.toByteArray()).isEqualTo(DIGITS);
		assertThat(retained.referenceCount()).isEqualTo(1);
		retained.release();
		assertThat(leased()).isZero();
	}

	@Test
	void deadHandleStillTellsItsSizeAndThatItIsDead() {
		PooledBuffer buffer = acquire();
		int capacity = buffer.capacity();
		buffer.release();
		assertThat(buffer.size()).isEqualTo(10);
		assertThat(buffer.capacity()).isEqualTo(capacity);
		assertThat(buffer.referenceCount()).isZero();
		assertThat(buffer.isAlive()).isFalse();
		assertThat(buffer).hasToString("PooledBuffer[pool=uploads, size=10, capacity=" + capacity + ", references=0]");
	}

	@Test
	void onlyReleasesAndDiscardsOfDeadHandlesCountAsDoubleReleases() {
		PooledBuffer buffer = acquire();
		buffer.release();
		buffer.close();
		assertRefused(buffer::retain, "retain");
		assertThat(this.pool.statistics().doubleReleases()).isZero();
		assertRefused(buffer::release, "release");
		assertRefused(buffer::discard, "discard");
		assertThat(this.pool.statistics().doubleReleases()).isEqualTo(2);
	}

	// Streams

	@Test
	void inputStreamReadsTheBuffer() throws IOException {
		PooledBuffer buffer = digits();
		InputStream in = buffer.inputStream();
		assertThat(in.available()).isEqualTo(10);
		assertThat(in.read()).isEqualTo('0');
		assertThat(in.readNBytes(3)).isEqualTo("123".getBytes());
		in.mark(100);
		assertThat(in.skip(2)).isEqualTo(2);
		assertThat(in.skip(-1)).isZero();
		assertThat(in.read(new byte[0], 0, 0)).isZero();
		assertThat(in.readAllBytes()).isEqualTo("6789".getBytes());
		assertThat(in.read()).isEqualTo(-1);
		assertThat(in.read(new byte[1], 0, 1)).isEqualTo(-1);
		assertThat(in.skip(1)).isZero();
		in.reset();
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		assertThat(in.transferTo(out)).isEqualTo(6);
		assertThat(out).hasToString("456789");
		buffer.release();
	}

	@Test
	void inputStreamReadsBytesAsUnsigned() throws IOException {
		PooledBuffer buffer = acquire();
		buffer.copyIn(0, new byte[] { -1 }, 0, 1);
		assertThat(buffer.inputStream().read()).isEqualTo(255);
		buffer.release();
	}

	@Test
	@Tag("allocation")
	void singleByteCostsNoAllocation() throws Exception {
		PooledBuffer buffer = digits();
		assertThat(Allocation.of(() -> buffer.inputStream().read()))
			.isEqualTo(Allocation.of(() -> buffer.inputStream().available()));
		assertThat(Allocation.of(() -> buffer.outputStream().write('0')))
			.isEqualTo(Allocation.of(() -> buffer.outputStream().flush()));
		buffer.release();
	}

	@Test
	void inputStreamDiesWithItsHandle() throws IOException {
		PooledBuffer buffer = digits();
		InputStream in = buffer.inputStream();
		in.read();
		buffer.release();
		assertRefused(in::read, "read");
		assertRefused(() -> in.read(new byte[3]), "read");
		assertRefused(() -> in.transferTo(OutputStream.nullOutputStream()), "read");
	}

	@Test
	void inputStreamDiesWithItsHandleAlsoWhenItWasReadToItsEnd() throws IOException {
		PooledBuffer buffer = digits();
		InputStream in = buffer.inputStream();
		in.readAllBytes();
		buffer.release();
		assertRefused(in::read, "read");
		assertRefused(() -> in.read(new byte[3]), "read");
	}

	@Test
	void outputStreamFillsTheBuffer() throws IOException {
		PooledBuffer buffer = acquire();
		OutputStream out = buffer.outputStream();
		out.write('0');
		out.write("123456789".getBytes());
		assertThat(buffer.toByteArray()).isEqualTo(DIGITS);
		assertThatIOException().isThrownBy(() -> out.write(1)).withMessageContaining("has space for 0");
		out.close();
		assertThat(buffer.isAlive()).isTrue();
		buffer.release();
	}

	@Test
	void outputStreamWritesAllOrNothing() throws IOException {
		PooledBuffer buffer = acquire();
		OutputStream out = buffer.outputStream();
		out.write("01234567".getBytes());
		assertThatIOException().isThrownBy(() -> out.write("abc".getBytes()));
		out.write("89".getBytes());
		assertThat(buffer.toByteArray()).isEqualTo(DIGITS);
		buffer.release();
	}

	@Test
	void outputStreamDiesWithItsHandle() throws IOException {
		PooledBuffer buffer = acquire();
		OutputStream out = buffer.outputStream();
		buffer.release();
		assertRefused(() -> out.write(1), "write to");
		assertRefused(() -> out.write(new byte[3]), "write to");
	}

	@Test
	void outputStreamDiesWithItsHandleAlsoWhenItIsFull() throws IOException {
		PooledBuffer buffer = acquire();
		OutputStream out = buffer.outputStream();
		out.write(DIGITS);
		buffer.release();
		assertRefused(() -> out.write(1), "write to");
	}

	// Copies and views

	@Test
	void byteBufferIsTheMemoryItselfLimitedToTheSize() {
		PooledBuffer buffer = digits();
		ByteBuffer view = buffer.byteBuffer();
		assertThat(view.position()).isZero();
		assertThat(view.limit()).isEqualTo(10);
		assertThat(view.capacity()).isEqualTo(10);
		assertThat(view.get(9)).isEqualTo((byte) '9');
		view.put(0, (byte) 'x');
		assertThat(buffer.toByteArray()[0]).isEqualTo((byte) 'x');
		assertThat(buffer.byteBuffer().position()).as("a new view each time").isZero();
		buffer.release();
	}

	@Test
	void arrayIsTheMemoryItself() {
		PooledBuffer buffer = digits();
		assertThat(buffer.hasArray()).isTrue();
		assertThat(buffer.array()).hasSizeGreaterThanOrEqualTo(buffer.arrayOffset() + buffer.capacity());
		assertThat(buffer.array()[buffer.arrayOffset() + 9]).isEqualTo((byte) '9');
		buffer.release();
	}

	@Test
	void copiesAdvanceByteBuffers() {
		PooledBuffer buffer = acquire();
		ByteBuffer source = ByteBuffer.wrap(DIGITS, 2, 3);
		buffer.copyIn(1, source);
		assertThat(source.remaining()).isZero();
		ByteBuffer target = ByteBuffer.allocateDirect(3);
		buffer.copyOut(1, target);
		assertThat(target.remaining()).isZero();
		assertThat(target.flip().get(0)).isEqualTo((byte) '2');
		assertThat(buffer.toByteArray()).startsWith(0, '2', '3', '4');
		buffer.release();
	}

	static List<Arguments> wrongRanges() {
		byte[] bytes = new byte[200];
		return List.of(use("beyond the size", "", (buffer) -> buffer.copyIn(0, bytes, 0, 11)),
				use("beyond the size from an index", "", (buffer) -> buffer.copyIn(5, bytes, 0, 6)),
				use("negative index", "", (buffer) -> buffer.copyIn(-1, bytes, 0, 1)),
				use("negative length", "", (buffer) -> buffer.copyIn(0, bytes, 0, -1)),
				use("overflowing", "", (buffer) -> buffer.copyIn(Integer.MAX_VALUE, bytes, 0, Integer.MAX_VALUE)),
				use("beyond the source", "", (buffer) -> buffer.copyIn(0, bytes, 195, 6)),
				use("out beyond the size", "", (buffer) -> buffer.copyOut(0, bytes, 0, 11)),
				use("out from beyond", "", (buffer) -> buffer.copyOut(11, bytes, 0, 0)),
				use("out beyond the target", "", (buffer) -> buffer.copyOut(0, bytes, 195, 6)),
				use("too large a source", "", (buffer) -> buffer.copyIn(0, ByteBuffer.allocate(11))),
				use("too large a target", "", (buffer) -> buffer.copyOut(1, ByteBuffer.allocate(10))));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("wrongRanges")
	void copyOutsideOfTheSizeIsRefusedAlthoughTheCapacityIsLarger(String name, String action, Use use) {
		PooledBuffer buffer = acquire();
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> use.of(buffer));
		assertThat(buffer.referenceCount()).isEqualTo(1);
		buffer.release();
		assertThat(leased()).isZero();
	}

	@Test
	void failedCopyLeavesNoReferenceBehind() {
		PooledBuffer buffer = digits();
		assertThatExceptionOfType(ReadOnlyBufferException.class)
			.isThrownBy(() -> buffer.copyOut(0, ByteBuffer.allocate(10).asReadOnlyBuffer()));
		assertThat(buffer.referenceCount()).isEqualTo(1);
		buffer.release();
		assertThat(leased()).isZero();
	}

	// References

	@Test
	void handleHoldsExactlyOneReference() {
		PooledBuffer buffer = acquire();
		assertThat(buffer.referenceCount()).isEqualTo(1);
		PooledBuffer second = buffer.retain();
		PooledBuffer third = second.retain();
		assertThat(List.of(buffer, second, third)).extracting(PooledBuffer::referenceCount).containsOnly(3);
		second.release();
		assertThat(List.of(buffer, second, third)).extracting(PooledBuffer::referenceCount).containsExactly(2, 0, 2);
		buffer.release();
		third.release();
		assertThat(leased()).isZero();
		assertThat(this.pool.statistics().returned() + this.pool.statistics().beyondTiers().returned()).isEqualTo(1);
	}

	@Test
	void retainedHandleOutlivesTheOneItWasMadeFrom() {
		PooledBuffer buffer = digits();
		PooledBuffer retained = buffer.retain();
		buffer.release();
		assertThat(retained.toByteArray()).isEqualTo(DIGITS);
		assertThat(retained.size()).isEqualTo(10);
		assertThat(leased()).isEqualTo(1);
		retained.release();
		assertThat(leased()).isZero();
	}

	@Test
	void closeIsIdempotentAndDropsNoOtherReference() {
		PooledBuffer buffer = acquire();
		PooledBuffer retained = buffer.retain();
		buffer.close();
		buffer.close();
		buffer.close();
		assertThat(retained.referenceCount()).isEqualTo(1);
		retained.close();
		retained.close();
		assertThat(leased()).isZero();
		assertThat(this.pool.statistics().doubleReleases()).isZero();
	}

	@Test
	void tryWithResourcesMayReleaseBefore() {
		try (PooledBuffer buffer = acquire()) {
			buffer.release();
		}
		assertThat(leased()).isZero();
		assertThat(this.pool.statistics().doubleReleases()).isZero();
	}

	@Test
	void moreReferencesThanCanBeCountedAreRefused() {
		PooledBuffer buffer = acquire();
		List<PooledBuffer> handles = new ArrayList<>();
		for (int i = 1; i < 65535; i++) {
			handles.add(buffer.retain());
		}
		assertThatIllegalStateException().isThrownBy(buffer::retain).withMessageContaining("65535 references");
		assertThat(buffer.referenceCount()).isEqualTo(65535);
		handles.forEach(PooledBuffer::release);
		buffer.release();
		assertThat(leased()).isZero();
	}

	@Test
	void eachOfManyThreadsDropsItsOwnReference() throws Exception {
		for (int round = 0; round < 200; round++) {
			PooledBuffer buffer = digits();
			List<PooledBuffer> handles = List.of(buffer, buffer.retain(), buffer.retain(), buffer.retain());
			Together.run(4, (thread) -> {
				PooledBuffer further = handles.get(thread).retain();
				handles.get(thread).release();
				assertThat(further.toByteArray()).isEqualTo(DIGITS);
				further.release();
			});
			assertThat(leased()).isZero();
		}
		assertThat(this.pool.statistics().doubleReleases()).isZero();
	}

	// Discard

	@Test
	void discardedMemoryIsNeverUsedAgain() {
		PooledBuffer buffer = acquire();
		byte[] memory = buffer.array();
		buffer.discard();
		List<PooledBuffer> later = Buffers.acquire(this.pool, this.size, 10);
		assertThat(later).noneMatch((other) -> other.array() == memory);
		later.forEach(PooledBuffer::release);
	}

	@Test
	void discardIsCountedWithItsReason() {
		acquire().discard();
		PoolStatistics now = this.pool.statistics();
		assertThat(now.leased()).isZero();
		assertThat(now.idle()).isZero();
		assertThat(now.usedBytes()).isZero();
		assertThat(now.discardedBy().getOrDefault(DiscardReason.IN_DOUBT, 0L)
				+ now.beyondTiers().discardedBy().getOrDefault(DiscardReason.IN_DOUBT, 0L))
			.isEqualTo(1);
	}

	@Test
	void discardOfOneHandleLeavesTheOthersUsableAndTheBlockUnpooled() {
		PooledBuffer buffer = digits();
		PooledBuffer retained = buffer.retain();
		buffer.discard();
		assertThat(buffer.isAlive()).isFalse();
		assertThat(retained.toByteArray()).isEqualTo(DIGITS);
		assertThat(leased()).isEqualTo(1);
		retained.release();
		assertThat(leased()).isZero();
		assertThat(this.pool.statistics().idle()).isZero();
	}

	@Test
	void discardWhileItIsCopiedWaitsForTheCopyAndStillDiscards() throws Exception {
		PooledBuffer buffer = digits();
		SlowStream slow = new SlowStream();
		Started<Long> copy = Started.of(() -> buffer.inputStream().transferTo(slow));
		slow.begun.await();
		buffer.discard();
		assertThat(leased()).isEqualTo(1);
		slow.mayEnd.countDown();
		assertThat(copy.result()).isEqualTo(10);
		assertThat(leased()).isZero();
		assertThat(this.pool.statistics().idle()).isZero();
	}

	// Pins

	@Test
	void copyThatHasBegunKeepsTheBlockFromGoingHome() throws Exception {
		PooledBuffer buffer = digits();
		byte[] memory = buffer.array();
		SlowStream slow = new SlowStream();
		Started<Long> copy = Started.of(() -> buffer.inputStream().transferTo(slow));
		slow.begun.await();
		buffer.release();
		assertThat(buffer.isAlive()).isFalse();
		PooledBuffer next = acquire();
		assertThat(next.array()).isNotSameAs(memory);
		assertRefused(buffer::release, "release");
		slow.mayEnd.countDown();
		assertThat(copy.result()).isEqualTo(10);
		assertThat(slow).hasToString("0123456789");
		next.release();
		assertThat(leased()).isZero();
	}

	@Test
	void copiesRacingAReleaseSeeTheirOwnBytesOrFail() throws Exception {
		byte[] stamp = new byte[this.size];
		Arrays.fill(stamp, (byte) 7);
		for (int round = 0; round < 500; round++) {
			PooledBuffer buffer = acquire();
			buffer.copyIn(0, stamp, 0, this.size);
			Together.run(2, (thread) -> {
				if (thread == 0) {
					buffer.release();
					PooledBuffer next = acquire();
					next.copyIn(0, DIGITS, 0, this.size);
					next.release();
					return;
				}
				byte[] copy = new byte[this.size];
				try {
					buffer.copyOut(0, copy, 0, this.size);
				}
				catch (LeaseException ex) {
					copy = stamp;
				}
				assertThat(copy).isEqualTo(stamp);
			});
		}
		assertThat(leased()).isZero();
	}

	interface Use {

		void of(PooledBuffer buffer);

	}

	/**
	 * Takes its time.
	 */
	private static final class SlowStream extends ByteArrayOutputStream {

		private final CountDownLatch begun = new CountDownLatch(1);

		private final CountDownLatch mayEnd = new CountDownLatch(1);

		@Override
		public void write(byte[] bytes, int offset, int length) {
			this.begun.countDown();
			try {
				this.mayEnd.await();
			}
			catch (InterruptedException ex) {
				throw new AssertionError(ex);
			}
			super.write(bytes, offset, length);
		}

	}

}
