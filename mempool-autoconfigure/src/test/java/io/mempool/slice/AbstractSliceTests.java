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

package io.mempool.slice;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferPoolBuilder;
import io.mempool.buffer.BufferTier;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.testing.Hostility;
import io.mempool.testing.Started;
import io.mempool.testing.Together;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What slices have to do whatever memory their areas are of, with the vectors (I1 to I5)
 * of Vanadium's iobuf. No test leaves anything leased.
 */
abstract class AbstractSliceTests {

	private static final Charset UTF_8 = StandardCharsets.UTF_8;

	private static final byte[] DIGITS = "0123456789".getBytes(UTF_8);

	private final List<BufferPool> pools = new ArrayList<>();

	private final List<AutoCloseable> open = Collections.synchronizedList(new ArrayList<>());

	/**
	 * Begin to build a pool of the memory under test, named "areas".
	 */
	abstract BufferPoolBuilder builder();

	final BufferPool pool(int... tiers) {
		return pool(builder().tiers(tiers));
	}

	final BufferPool pool(BufferPoolBuilder builder) {
		BufferPool pool = builder.build();
		this.pools.add(pool);
		return pool;
	}

	/**
	 * Have something closed at the end of the test, unless the test does it.
	 */
	final <T extends AutoCloseable> T open(T closeable) {
		this.open.add(closeable);
		return closeable;
	}

	final SlicingAllocator allocator(int reserve, int areaSize) {
		return open(new SlicingAllocator(pool(areaSize), reserve, areaSize));
	}

	@AfterEach
	void nothingIsLeasedAtTheEnd() throws Exception {
		for (AutoCloseable closeable : this.open) {
			closeable.close();
		}
		for (BufferPool pool : this.pools) {
			assertThat(pool.statistics().leased()).isZero();
			assertThat(pool.statistics().leaked()).isZero();
		}
	}

	private static long acquired(BufferPool pool) {
		return pool.statistics().hits() + pool.statistics().misses();
	}

	private static String text(Slice slice) {
		return new String(slice.toByteArray(), UTF_8);
	}

	private static List<Integer> sizes(List<Slice> slices) {
		return slices.stream().map(Slice::size).toList();
	}

	/**
	 * I1, I2.
	 */
	@Nested
	class Allocating {

		@ParameterizedTest
		@CsvSource({ "8, '0/8/18, 18/26/46, 46/54/54, 54/62/92'", "0, '0/0/10, 10/10/30, 30/30/30, 30/30/60'" })
		void slicesFollowEachOtherEachAfterItsReserve(int reserve, String indexes) {
			SlicingAllocator allocator = allocator(reserve, 4096);
			String found = IntStream.of(10, 20, 0, 30).mapToObj((size) -> {
				Slice slice = open(allocator.allocate(size));
				assertThat(slice.size()).isEqualTo(size);
				assertThat(slice.freePrefix()).isEqualTo(reserve);
				return slice.freeIndex() + "/" + slice.baseIndex() + "/" + allocator.nextIndex();
			}).reduce((left, right) -> left + ", " + right).orElseThrow();
			assertThat(found).isEqualTo(indexes);
		}

		@ParameterizedTest
		@CsvSource({ "50, 0, 1", "50, 100, 3", "1000, 0, 16", "1000, 100, 17" })
		void areaIsTakenOnlyWhenTheLastOneIsFull(int size, int reserve, int areas) {
			BufferPool pool = pool(65536);
			SlicingAllocator allocator = open(new SlicingAllocator(pool, reserve));
			for (int i = 0; i < 1000; i++) {
				open(allocator.allocate(size));
			}
			assertThat(acquired(pool)).isEqualTo(areas);
			assertThat(pool.statistics().leased()).isEqualTo(areas);
		}

		@Test
		void sliceThatFitsExactlyIsCarvedFromTheSameArea() {
			BufferPool pool = pool(64);
			SlicingAllocator allocator = open(new SlicingAllocator(pool, 2, 64));
			open(allocator.allocate(30));
			open(allocator.allocate(30));
			assertThat(acquired(pool)).isEqualTo(1);
			open(allocator.allocate(0));
			assertThat(acquired(pool)).isEqualTo(2);
		}

		@Test
		void sliceThatFitsIntoNoAreaHasOneForItself() {
			BufferPool pool = pool(64, 256);
			SlicingAllocator allocator = open(new SlicingAllocator(pool, 8, 64));
			open(allocator.allocate(10));
			Slice large = open(allocator.allocate(57));
			assertThat(large.size()).isEqualTo(57);
			assertThat(large.freePrefix()).isEqualTo(8);
			assertThat(pool.statistics().leased()).isEqualTo(2);
			assertThat(open(allocator.allocate(10)).freeIndex()).as("goes on where it was").isEqualTo(18);
			large.release();
			assertThat(pool.statistics().leased()).isEqualTo(1);
		}

		@Test
		void sliceMayBeLargerThanTheLargestTier() {
			BufferPool pool = pool(64);
			Slice slice = open(open(new SlicingAllocator(pool, 8, 64)).allocate(1000));
			assertThat(slice.size()).isEqualTo(1000);
			assertThat(pool.statistics().oversized()).isEqualTo(1);
		}

		@Test
		void copyHoldsTheBytesOfAnArray() {
			assertThat(text(open(allocator(8, 64).copy(DIGITS)))).isEqualTo("0123456789");
		}

		@Test
		void copyHoldsTheBytesThatABufferHasLeft() {
			ByteBuffer source = ByteBuffer.wrap(DIGITS).position(2).limit(6);
			assertThat(text(open(allocator(8, 64).copy(source)))).isEqualTo("2345");
			assertThat(source.hasRemaining()).isFalse();
		}

		@Test
		void areaIsBackWhenAllocatorAndSlicesAreDone() {
			BufferPool pool = pool(64);
			SlicingAllocator allocator = new SlicingAllocator(pool, 0, 64);
			Slice first = allocator.allocate(10);
			Slice second = allocator.allocate(10);
			second.release();
			allocator.close();
			assertThat(pool.statistics().leased()).isEqualTo(1);
			assertThat(first.isAlive()).isTrue();
			first.copyIn(0, DIGITS);
			first.release();
			assertThat(pool.statistics().leased()).isZero();
			assertThat(pool.statistics().returned()).isEqualTo(1);
		}

		@Test
		void areaStaysWhileTheAllocatorHoldsIt() {
			BufferPool pool = pool(64);
			SlicingAllocator allocator = new SlicingAllocator(pool, 0, 64);
			allocator.allocate(10).release();
			assertThat(pool.statistics().leased()).isEqualTo(1);
			allocator.close();
			assertThat(pool.statistics().leased()).isZero();
		}

		@Test
		void fullAreaOfReleasedSlicesIsBackBeforeTheNextIsTaken() {
			BufferPool pool = pool(
					builder().tiers(List.of(new BufferTier(64, new Caps(1, 1, 0)))).policy(ExhaustionPolicy.FAIL));
			SlicingAllocator allocator = open(new SlicingAllocator(pool, 0, 64));
			for (int i = 0; i < 10; i++) {
				allocator.allocate(40).release();
			}
			assertThat(acquired(pool)).isEqualTo(10);
		}

		@Test
		void allocatorSurvivesThatThereIsNoAreaToBeHad() {
			BufferPool pool = pool(
					builder().tiers(List.of(new BufferTier(64, new Caps(1, 1, 0)))).policy(ExhaustionPolicy.FAIL));
			SlicingAllocator allocator = open(new SlicingAllocator(pool, 0, 64));
			Slice first = allocator.allocate(40);
			assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> allocator.allocate(40));
			first.release();
			Slice second = open(allocator.allocate(40));
			assertThat(second.baseIndex()).isZero();
		}

		@Test
		void emptySlicesDoNotUseUpTheReferencesOfAnArea() {
			BufferPool pool = pool(64);
			SlicingAllocator allocator = open(new SlicingAllocator(pool, 0, 64));
			for (int i = 0; i < 70_000; i++) {
				open(allocator.allocate(0));
			}
			assertThat(acquired(pool)).isEqualTo(3);
		}

		@ParameterizedTest
		@CsvSource({ "1024, 1024", "'1024, 65536, 131072', 65536", "'1024, 100000', 100000" })
		void areasHave64KiBUnlessTheTiersSayOtherwise(String tiers, int areaSize) {
			BufferPool pool = pool(Stream.of(tiers.split(", ")).mapToInt(Integer::parseInt).toArray());
			assertThat(open(new SlicingAllocator(pool, 0)).areaSize()).isEqualTo(areaSize);
		}

		@Test
		void closingAgainHasNoEffect() {
			SlicingAllocator allocator = allocator(0, 64);
			Slice slice = open(allocator.allocate(10));
			allocator.close();
			allocator.close();
			assertThat(slice.isAlive()).isTrue();
		}

		@Test
		void allocatingFromAClosedAllocatorIsRefused() {
			SlicingAllocator allocator = allocator(0, 64);
			allocator.close();
			assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> allocator.allocate(10))
				.withMessage("Cannot allocate 10 bytes from areas of pool 'areas': the allocator is closed. "
						+ "Open another one");
		}

		@Test
		void negativeSizeIsRefused() {
			SlicingAllocator allocator = allocator(8, 64);
			assertThatIllegalArgumentException().isThrownBy(() -> allocator.allocate(-1))
				.withMessage("Cannot allocate -1 bytes from areas of pool 'areas': 'size' must not be " + "negative");
		}

		@Test
		void sizeThatNoBufferCanHaveIsRefused() {
			SlicingAllocator allocator = allocator(8, 64);
			assertThatExceptionOfType(SizeLimitExceededException.class)
				.isThrownBy(() -> allocator.allocate(Integer.MAX_VALUE))
				.withMessageContaining("2147483647 bytes after a reserve of 8");
		}

		@Test
		void negativeReserveIsRefused() {
			assertThatIllegalArgumentException().isThrownBy(() -> new SlicingAllocator(pool(64), -1))
				.withMessage("'reserve' must not be negative but is -1");
		}

		@ParameterizedTest
		@ValueSource(ints = { 0, -1 })
		void areaSizeThatIsNotPositiveIsRefused(int areaSize) {
			assertThatIllegalArgumentException().isThrownBy(() -> new SlicingAllocator(pool(64), 0, areaSize))
				.withMessage("'areaSize' must be positive but is " + areaSize);
		}

		@Test
		void areaThatIsNeverPooledIsRefused() {
			assertThatIllegalArgumentException().isThrownBy(() -> new SlicingAllocator(pool(64), 0, 65))
				.withMessageStartingWith(
						"'areaSize' must be at most 64 but is 65: beyond its largest tier, pool 'areas'");
		}

	}

	/**
	 * I3.
	 */
	@Nested
	class Slicing {

		/**
		 * A thread that changes the limit of a source or target while it is copied.
		 */
		@Test
		void bufferWhoseLimitIsMovedMeanwhileIsCopiedWithinBounds() throws Exception {
			try (SlicingAllocator allocator = new SlicingAllocator(pool(100), 0, 100);
					Slice before = allocator.copy(new byte[20]);
					Slice slice = allocator.copy(new byte[10]);
					Slice after = allocator.copy(new byte[70])) {
				ByteBuffer hostile = ByteBuffer.allocate(100);
				Arrays.fill(hostile.array(), (byte) 1);
				Hostility.against(hostile, () -> slice.copyIn(0, hostile));
				assertThat(before.toByteArray()).containsOnly(0);
				assertThat(after.toByteArray()).containsOnly(0);
				after.copyIn(0, hostile.array(), 0, 70);
				slice.copyIn(0, new byte[10]);
				Arrays.fill(hostile.array(), (byte) 0);
				Hostility.against(hostile, () -> slice.copyOut(0, hostile));
				assertThat(hostile.array()).containsOnly(0);
			}
		}

		@Test
		void truncatedBytesReappearWhenExpanded() {
			Slice slice = open(allocator(8, 4096).copy(DIGITS));
			assertThat(slice.expandFront(9)).isFalse();
			assertThat(slice.expandFront(8)).isTrue();
			assertThat(slice.size()).isEqualTo(18);
			assertThat(slice.truncateFront(11)).isEqualTo(11);
			assertThat(slice.size()).isEqualTo(7);
			assertThat(slice.expandFront(3)).isTrue();
			assertThat(slice.size()).isEqualTo(10);
			assertThat(text(slice)).isEqualTo("0123456789");
			assertThat(slice.expandFront(10)).isFalse();
			assertThat(text(slice)).isEqualTo("0123456789");
		}

		@Test
		void truncatingMoreThanThereIsLeavesNothing() {
			Slice slice = open(allocator(0, 64).copy(DIGITS));
			assertThat(slice.truncateFront(11)).isEqualTo(10);
			assertThat(slice.size()).isZero();
			assertThat(slice.freePrefix()).isEqualTo(10);
		}

		@Test
		void truncatingAndExpandingByNothingDoNothing() {
			Slice slice = open(allocator(0, 64).copy(DIGITS));
			assertThat(slice.truncateFront(0)).isZero();
			assertThat(slice.expandFront(0)).isTrue();
			assertThat(text(slice)).isEqualTo("0123456789");
		}

		@Test
		void negativeCountsAreRefused() {
			Slice slice = open(allocator(8, 64).allocate(10));
			assertThatIllegalArgumentException().isThrownBy(() -> slice.truncateFront(-1))
				.withMessage("Cannot truncate a slice of 10 bytes of pool 'areas' by -1 bytes: 'count' must not be "
						+ "negative");
			assertThatIllegalArgumentException().isThrownBy(() -> slice.expandFront(Integer.MIN_VALUE))
				.withMessageStartingWith("Cannot expand a slice of 10 bytes");
			assertThat(slice.size()).isEqualTo(10);
		}

		@Test
		void expandingCannotOverflow() {
			Slice slice = open(allocator(8, 64).allocate(10));
			assertThat(slice.expandFront(Integer.MAX_VALUE)).isFalse();
		}

		@Test
		void spaceOfThePreviousSliceIsInherited() {
			SlicingAllocator allocator = allocator(8, 64);
			Slice previous = allocator.copy(DIGITS);
			Slice slice = open(allocator.allocate(5));
			assertThat(slice.releasePrevious(previous)).isTrue();
			assertThat(previous.isAlive()).isFalse();
			assertThat(slice.freePrefix()).isEqualTo(8 + 10 + 8);
			assertThat(slice.expandFront(18)).isTrue();
			assertThat(text(slice)).startsWith("0123456789");
		}

		@Test
		void spaceOfSeveralSlicesIsInheritedOneAfterAnother() {
			SlicingAllocator allocator = allocator(8, 64);
			Slice first = allocator.allocate(1);
			Slice second = allocator.allocate(2);
			Slice third = open(allocator.allocate(3));
			assertThat(third.releasePrevious(second)).isTrue();
			assertThat(third.releasePrevious(first)).isTrue();
			assertThat(third.freePrefix()).isEqualTo(8 + 1 + 8 + 2 + 8);
		}

		@Test
		void sliceThatIsNotAdjacentIsReleasedWithoutAnHeir() {
			SlicingAllocator allocator = allocator(8, 64);
			Slice first = allocator.allocate(1);
			Slice second = open(allocator.allocate(2));
			Slice third = open(allocator.allocate(3));
			assertThat(third.releasePrevious(first)).isFalse();
			assertThat(first.isAlive()).isFalse();
			assertThat(third.freePrefix()).isEqualTo(8);
			Slice fourth = allocator.allocate(4);
			assertThat(second.releasePrevious(fourth)).as("follows it").isFalse();
			assertThat(second.freePrefix()).isEqualTo(8);
		}

		@Test
		void sameIndexInAnotherAreaIsNotAdjacent() {
			BufferPool pool = pool(64);
			Slice other = open(new SlicingAllocator(pool, 0, 64)).allocate(10);
			SlicingAllocator allocator = open(new SlicingAllocator(pool, 0, 64));
			open(allocator.allocate(10));
			Slice slice = open(allocator.allocate(10));
			assertThat(slice.releasePrevious(other)).isFalse();
			assertThat(slice.freePrefix()).isZero();
		}

		@Test
		void spaceThatIsRetainedIsNotInherited() {
			SlicingAllocator allocator = allocator(0, 64);
			Slice previous = allocator.copy(DIGITS);
			Slice retained = open(previous.retain());
			Slice slice = open(allocator.allocate(5));
			assertThat(slice.releasePrevious(previous)).isFalse();
			assertThat(slice.expandFront(1)).isFalse();
			assertThat(text(retained)).isEqualTo("0123456789");
		}

		@Test
		void sliceCannotInheritFromItself() {
			Slice slice = open(allocator(8, 64).allocate(0));
			assertThatIllegalArgumentException().isThrownBy(() -> slice.releasePrevious(slice))
				.withMessageContaining("'previous' is the slice itself");
			assertThat(slice.isAlive()).isTrue();
		}

		@Test
		void nothingIsInheritedFromASliceThatWasReleased() {
			SlicingAllocator allocator = allocator(8, 64);
			Slice previous = allocator.allocate(10);
			Slice slice = open(allocator.allocate(10));
			previous.release();
			assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> slice.releasePrevious(previous));
			assertThat(slice.freePrefix()).isEqualTo(8);
		}

		@Test
		void entirePrefixIsFreedWhenNoOtherSliceIsAlive() {
			SlicingAllocator allocator = allocator(8, 64);
			Slice first = allocator.allocate(10);
			Slice second = open(allocator.allocate(10));
			assertThat(second.freeEntirePrefix()).isFalse();
			assertThat(second.freePrefix()).isEqualTo(8);
			first.release();
			assertThat(second.freeEntirePrefix()).isTrue();
			assertThat(second.freePrefix()).isEqualTo(26);
		}

		@Test
		void entirePrefixIsFreedAfterTheAllocatorIsClosed() {
			SlicingAllocator allocator = allocator(8, 64);
			Slice first = allocator.allocate(10);
			Slice second = open(allocator.allocate(10));
			allocator.close();
			assertThat(second.freeEntirePrefix()).isFalse();
			first.release();
			assertThat(second.freeEntirePrefix()).isTrue();
			assertThat(second.freePrefix()).isEqualTo(26);
		}

		@Test
		void entirePrefixOfASliceThatHasItAlreadyIsFree() {
			SlicingAllocator allocator = allocator(8, 64);
			Slice first = open(allocator.allocate(10));
			open(allocator.allocate(10));
			assertThat(first.freeEntirePrefix()).isTrue();
			assertThat(first.freePrefix()).isEqualTo(8);
		}

		@Test
		void foreignBytesAreWrappedWithoutACopy() {
			byte[] bytes = "abcdefghij".getBytes(UTF_8);
			Slice slice = Slice.wrap(bytes, 2, 5);
			assertThat(text(slice)).isEqualTo("cdefg");
			slice.copyIn(1, "XY".getBytes(UTF_8));
			assertThat(bytes).asString(UTF_8).isEqualTo("abcXYfghij");
			slice.release();
		}

		@Test
		void foreignBytesCannotBeLeft() {
			Slice slice = open(Slice.wrap("abcdefghij".getBytes(UTF_8), 2, 5));
			assertThat(slice.expandFront(1)).isFalse();
			assertThat(slice.freeEntirePrefix()).isTrue();
			assertThat(slice.freePrefix()).isZero();
			slice.truncateFront(3);
			assertThat(text(slice)).isEqualTo("fg");
			assertThat(slice.expandFront(4)).isFalse();
			assertThat(slice.expandFront(3)).isTrue();
			assertThat(text(slice)).isEqualTo("cdefg");
			assertThat(slice.byteBuffer().capacity()).isEqualTo(5);
		}

		@Test
		void remainingBytesOfAForeignBufferAreWrapped() {
			ByteBuffer bytes = ByteBuffer.allocateDirect(10).put(DIGITS).position(3).limit(7);
			Slice slice = open(Slice.wrap(bytes));
			assertThat(text(slice)).isEqualTo("3456");
			ByteBuffer source = ByteBuffer.wrap("x".getBytes(UTF_8));
			slice.copyIn(3, source);
			assertThat(source.hasRemaining()).isFalse();
			assertThat(text(slice)).isEqualTo("345x");
			assertThat(bytes.position()).isEqualTo(3);
			ByteBuffer target = ByteBuffer.allocate(2);
			slice.copyOut(1, target);
			assertThat(target.hasRemaining()).isFalse();
			assertThat(target.array()).asString(UTF_8).isEqualTo("45");
		}

		@Test
		void foreignBytesThatAreReadOnlyStaySo() {
			Slice slice = open(Slice.wrap(ByteBuffer.wrap(DIGITS).asReadOnlyBuffer()));
			assertThatExceptionOfType(ReadOnlyBufferException.class).isThrownBy(() -> slice.copyIn(0, new byte[1]));
		}

		@Test
		void foreignBytesAreNextToNothing() {
			byte[] bytes = DIGITS.clone();
			List<Slice> slices = List.of(open(Slice.wrap(bytes, 0, 5)), open(Slice.wrap(bytes, 5, 5)));
			assertThat(Slice.coalesce(slices, 100)).hasSize(2);
			assertThat(slices.get(1).releasePrevious(slices.get(0))).isFalse();
		}

		@Test
		void wholeBufferBecomesASliceThatOwnsItsReference() {
			BufferPool pool = pool(64);
			PooledBuffer buffer = pool.acquire(10);
			buffer.copyIn(0, DIGITS, 0, 10);
			Slice slice = Slice.of(buffer);
			assertThat(text(slice)).isEqualTo("0123456789");
			slice.release();
			assertThat(buffer.isAlive()).isFalse();
			assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> Slice.of(buffer))
				.withMessageStartingWith("Cannot make a slice of a buffer of 10 bytes: it was released before");
			assertThatExceptionOfType(LeaseException.class).isThrownBy(slice::release)
				.withMessageStartingWith("Cannot release a slice of 10 bytes of a buffer: it was released before");
		}

		@Test
		void neighboursCannotBeReached() {
			SlicingAllocator allocator = allocator(0, 64);
			Slice before = open(allocator.copy(DIGITS));
			Slice slice = open(allocator.allocate(10));
			Slice after = open(allocator.copy(DIGITS));
			byte[] eleven = new byte[11];
			Arrays.fill(eleven, (byte) 'x');
			assertOutOfBounds(() -> slice.copyIn(0, eleven));
			assertOutOfBounds(() -> slice.copyIn(-1, eleven, 0, 1));
			assertOutOfBounds(() -> slice.copyIn(10, eleven, 0, 1));
			assertOutOfBounds(() -> slice.copyIn(Integer.MAX_VALUE, eleven, 0, 1));
			assertOutOfBounds(() -> slice.copyIn(1, ByteBuffer.wrap(eleven, 0, 10)));
			assertOutOfBounds(() -> slice.copyOut(0, eleven, 0, 11));
			assertOutOfBounds(() -> slice.copyOut(-1, eleven, 0, 1));
			assertOutOfBounds(() -> slice.copyOut(1, ByteBuffer.wrap(eleven, 0, 10)));
			assertOutOfBounds(() -> slice.byteBuffer().position(1).slice(0, 11));
			ByteBuffer view = slice.byteBuffer();
			assertThat(view.position()).isZero();
			assertThat(view.limit()).isEqualTo(10);
			assertThat(view.capacity()).isEqualTo(10);
			view.put(eleven, 0, 10);
			assertThatExceptionOfType(BufferOverflowException.class).isThrownBy(() -> view.put((byte) 'x'));
			assertThat(text(slice)).isEqualTo("xxxxxxxxxx");
			assertThat(text(before)).isEqualTo("0123456789");
			assertThat(text(after)).isEqualTo("0123456789");
		}

		private void assertOutOfBounds(Runnable call) {
			assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(call::run);
		}

		@Test
		void copyOutsideOfTheSliceSaysWhatWasAsked() {
			Slice slice = open(allocator(0, 64).allocate(10));
			assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> slice.copyIn(8, new byte[3]))
				.withMessage("Cannot access 3 bytes at index 8: a slice of 10 bytes of pool 'areas' has no such range");
		}

		@Test
		void numbersAreWrittenAndReadHighestByteFirst() {
			Slice slice = open(allocator(4, 64).allocate(17));
			slice.put(0, (byte) 0xF1);
			slice.putShort(1, (short) 0xF2F3);
			slice.putInt(3, 0x01020304);
			slice.putLong(8, 0x1112131415161718L);
			assertThat(slice.toByteArray()).containsExactly(0xF1, 0xF2, 0xF3, 1, 2, 3, 4, 0, 0x11, 0x12, 0x13, 0x14,
					0x15, 0x16, 0x17, 0x18, 0);
			assertThat(slice.get(0)).isEqualTo((byte) 0xF1);
			assertThat(slice.getShort(1)).isEqualTo((short) 0xF2F3);
			assertThat(slice.getInt(3)).isEqualTo(0x01020304);
			assertThat(slice.getLong(8)).isEqualTo(0x1112131415161718L);
		}

		@Test
		void numbersCannotLeaveTheSlice() {
			SlicingAllocator allocator = allocator(8, 128);
			open(allocator.copy(DIGITS));
			Slice slice = open(allocator.allocate(10));
			open(allocator.copy(DIGITS));
			assertOutOfBounds(() -> slice.get(-1));
			assertOutOfBounds(() -> slice.get(10));
			assertOutOfBounds(() -> slice.getShort(9));
			assertOutOfBounds(() -> slice.getInt(7));
			assertOutOfBounds(() -> slice.getLong(3));
			assertOutOfBounds(() -> slice.put(-1, (byte) 1));
			assertOutOfBounds(() -> slice.putShort(9, (short) 1));
			assertOutOfBounds(() -> slice.putInt(7, 1));
			assertOutOfBounds(() -> slice.putLong(Integer.MAX_VALUE, 1));
			slice.putLong(2, 1);
		}

		@Test
		void headerIsWrittenIntoTheReserveAsANumber() {
			Slice frame = open(allocator(4, 64).copy(DIGITS));
			assertThat(frame.expandFront(4)).isTrue();
			frame.putInt(0, 10);
			assertThat(frame.getInt(0)).isEqualTo(10);
			assertThat(frame.get(4)).isEqualTo((byte) '0');
		}

		@Test
		void wholeArraysAreCopiedOutAndTextIsDecoded() {
			Slice slice = open(allocator(4, 64).copy(DIGITS));
			byte[] target = new byte[3];
			slice.copyOut(2, target);
			assertThat(target).asString(UTF_8).isEqualTo("234");
			assertThat(slice.toString(UTF_8)).isEqualTo("0123456789");
			assertThat(slice.toString()).doesNotContain("0123456789");
		}

		@Test
		void partOfASliceHasAReferenceOfItsOwn() {
			BufferPool pool = pool(64);
			SlicingAllocator allocator = new SlicingAllocator(pool, 8, 64);
			Slice slice = allocator.copy(DIGITS);
			Slice part = slice.slice(3, 4);
			assertThat(part.referenceCount()).isEqualTo(3);
			allocator.close();
			slice.release();
			assertThat(pool.statistics().leased()).isOne();
			assertThat(text(part)).isEqualTo("3456");
			assertThat(part.freePrefix()).isZero();
			part.release();
			assertThat(pool.statistics().leased()).isZero();
		}

		@Test
		void partAndSliceShareTheirBytesAndNoMore() {
			Slice slice = open(allocator(8, 64).copy(DIGITS));
			Slice part = open(slice.slice(3, 4));
			part.put(0, (byte) 'x');
			slice.put(4, (byte) 'y');
			assertThat(text(slice)).isEqualTo("012xy56789");
			assertThat(text(part)).isEqualTo("xy56");
			assertThat(part.expandFront(1)).isFalse();
			assertThat(part.freeEntirePrefix()).isFalse();
			assertOutOfBounds(() -> part.get(4));
			assertOutOfBounds(() -> slice.slice(7, 4));
			assertOutOfBounds(() -> slice.slice(-1, 1));
			assertOutOfBounds(() -> slice.slice(1, -1));
			assertThat(open(part.slice(1, 2)).toString(UTF_8)).isEqualTo("y5");
		}

		@Test
		void partThatFollowsDoesNotInheritWhatItSharesWithOthers() {
			Slice slice = open(allocator(8, 64).copy(DIGITS));
			Slice front = open(slice.slice(0, 5));
			Slice back = open(slice.slice(5, 5));
			assertThat(back.releasePrevious(front)).isFalse();
			assertThat(back.freePrefix()).isZero();
			assertThat(text(slice)).isEqualTo("0123456789");
		}

		@Test
		void partsThatAreNeighboursAreMerged() {
			Slice slice = allocator(8, 64).copy(DIGITS);
			List<Slice> merged = Slice.coalesce(List.of(slice.slice(2, 3), slice.slice(5, 4)), 100);
			slice.release();
			assertThat(merged).hasSize(1);
			assertThat(text(open(merged.get(0)))).isEqualTo("2345678");
		}

		@Test
		void partOfABufferOrOfForeignBytesCannotTakeWhatLiesBefore() {
			PooledBuffer buffer = pool(64).acquire(10);
			buffer.copyIn(0, DIGITS);
			for (Slice slice : List.of(open(Slice.of(buffer)), open(Slice.wrap(DIGITS.clone())))) {
				Slice part = open(slice.slice(5, 5));
				assertThat(part.freeEntirePrefix()).isFalse();
				assertThat(part.expandFront(1)).isFalse();
				assertThat(text(part)).isEqualTo("56789");
			}
		}

		@Test
		void sliceIsWrittenToAStream() throws IOException {
			Slice slice = open(allocator(8, 64).copy(DIGITS));
			slice.truncateFront(2);
			ByteArrayOutputStream out = new ByteArrayOutputStream();
			slice.writeTo(out);
			slice.inputStream().transferTo(out);
			assertThat(out).hasToString("2345678923456789");
		}

		@Test
		void inputStreamReadsWhatTheSliceHadWhenItWasOpened() throws IOException {
			SlicingAllocator allocator = allocator(8, 64);
			Slice slice = open(allocator.copy(DIGITS));
			open(allocator.copy(DIGITS));
			InputStream stream = slice.inputStream();
			assertThat(stream.available()).isEqualTo(10);
			assertThat(stream.read()).isEqualTo('0');
			slice.truncateFront(5);
			assertThat(stream.readNBytes(2)).asString(UTF_8).isEqualTo("12");
			stream.mark(10);
			assertThat(stream.skip(3)).isEqualTo(3);
			assertThat(stream.skip(-1)).isZero();
			assertThat(stream.readAllBytes()).asString(UTF_8).isEqualTo("6789");
			assertThat(stream.read()).isEqualTo(-1);
			assertThat(stream.read(new byte[3])).isEqualTo(-1);
			stream.reset();
			assertThat(stream.readAllBytes()).asString(UTF_8).isEqualTo("3456789");
			stream.close();
			assertThat(slice.isAlive()).isTrue();
		}

		@Test
		void inputStreamDiesWithItsSlice() throws IOException {
			Slice slice = allocator(8, 64).copy(DIGITS);
			InputStream stream = slice.inputStream();
			InputStream read = slice.inputStream();
			read.readAllBytes();
			slice.release();
			for (InputStream dead : List.of(stream, read)) {
				assertThatExceptionOfType(LeaseException.class).isThrownBy(dead::read)
					.withMessageStartingWith("Cannot read a slice of 10 bytes");
				assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> dead.read(new byte[3]));
				assertThatExceptionOfType(LeaseException.class)
					.isThrownBy(() -> dead.transferTo(OutputStream.nullOutputStream()));
			}
		}

		@Test
		void viewIsOfTheMemoryItself() {
			Slice slice = open(allocator(4, 64).copy(DIGITS));
			slice.byteBuffer().put(3, (byte) 'x');
			assertThat(text(slice)).isEqualTo("012x456789");
			slice.truncateFront(3);
			assertThat(slice.byteBuffer().get(0)).isEqualTo((byte) 'x');
		}

		@Test
		void bytesAreCopiedInAndOutWhereAsked() {
			Slice slice = open(allocator(4, 64).copy(DIGITS));
			slice.copyIn(2, "abcd".getBytes(UTF_8), 1, 2);
			slice.copyIn(8, ByteBuffer.wrap("yz".getBytes(UTF_8)));
			assertThat(text(slice)).isEqualTo("01bc4567yz");
			byte[] target = "......".getBytes(UTF_8);
			slice.copyOut(3, target, 1, 4);
			assertThat(target).asString(UTF_8).isEqualTo(".c456.");
		}

		@Test
		void retainedSliceKeepsTheAreaAndHasNoFreePrefix() {
			BufferPool pool = pool(64);
			SlicingAllocator allocator = new SlicingAllocator(pool, 8, 64);
			Slice slice = allocator.copy(DIGITS);
			Slice retained = slice.retain();
			allocator.close();
			slice.release();
			assertThat(pool.statistics().leased()).isEqualTo(1);
			assertThat(text(retained)).isEqualTo("0123456789");
			assertThat(retained.expandFront(1)).isFalse();
			retained.release();
			assertThat(pool.statistics().leased()).isZero();
		}

		@Test
		void retainedForeignBytesOutliveTheFirstSlice() {
			Slice slice = Slice.wrap(DIGITS.clone());
			slice.truncateFront(4);
			Slice retained = slice.retain();
			slice.release();
			assertThat(text(retained)).isEqualTo("456789");
			assertThat(retained.expandFront(1)).isFalse();
			assertThat(retained.freeEntirePrefix()).isFalse();
			retained.release();
		}

		@Test
		void discardedSliceKeepsItsAreaFromBeingUsedAgain() {
			BufferPool pool = pool(64);
			SlicingAllocator allocator = new SlicingAllocator(pool, 0, 64);
			allocator.allocate(10).discard();
			allocator.close();
			assertThat(pool.statistics().leased()).isZero();
			assertThat(pool.statistics().idle()).isZero();
		}

		@Test
		void secondReleaseIsRefusedAndCounted() {
			BufferPool pool = pool(64);
			SlicingAllocator allocator = open(new SlicingAllocator(pool, 0, 64));
			Slice slice = allocator.allocate(10);
			slice.release();
			assertThatExceptionOfType(LeaseException.class).isThrownBy(slice::release)
				.withMessage("Cannot release a slice of 10 bytes of pool 'areas': it was released before. A slice is "
						+ "dead once it is released, coalesced into the one before it, or handed over; retain() it "
						+ "first to keep its bytes longer")
				.withCauseInstanceOf(LeaseException.class);
			assertThat(pool.statistics().doubleReleases()).isEqualTo(1);
			assertThat(pool.statistics().leased()).isEqualTo(1);
			assertThat(open(allocator.allocate(1)).baseIndex()).isEqualTo(10);
		}

		@Test
		void secondReleaseOfASliceWhoseRetainWasIgnoredSaysThatRetainReturnsASlice() {
			Slice slice = allocator(0, 64).allocate(10);
			open(slice.retain());
			slice.release();
			assertThatExceptionOfType(LeaseException.class).isThrownBy(slice::release)
				.withMessageContaining("retain() and slice() returned a slice of their own, which is released once");
		}

		@Test
		void closingAfterTheReleaseHasNoEffect() {
			BufferPool pool = pool(64);
			SlicingAllocator allocator = open(new SlicingAllocator(pool, 0, 64));
			Slice other = open(allocator.allocate(10));
			Slice slice = allocator.allocate(10);
			slice.release();
			slice.close();
			slice.close();
			assertThat(pool.statistics().doubleReleases()).isZero();
			assertThat(other.isAlive()).isTrue();
		}

		@Test
		void onlyOneOfSeveralThreadsReleasesASlice() throws Exception {
			BufferPool pool = pool(64);
			AtomicInteger refused = new AtomicInteger();
			for (int i = 0; i < 50; i++) {
				try (SlicingAllocator allocator = new SlicingAllocator(pool, 0, 64)) {
					Slice slice = allocator.allocate(10);
					Slice other = allocator.allocate(10);
					Together.run(4, (thread) -> {
						try {
							slice.release();
						}
						catch (LeaseException ex) {
							refused.incrementAndGet();
						}
					});
					assertThat(other.isAlive()).isTrue();
					other.release();
				}
				assertThat(pool.statistics().leased()).isZero();
			}
			assertThat(refused).hasValue(50 * 3);
			assertThat(pool.statistics().doubleReleases()).isEqualTo(50 * 3);
		}

		static List<Arguments> uses() {
			return List.of(use("truncateFront", "truncate", (slice) -> slice.truncateFront(0)),
					use("expandFront", "expand", (slice) -> slice.expandFront(0)),
					use("releasePrevious", "expand", (slice) -> slice.releasePrevious(Slice.wrap(DIGITS))),
					use("freeEntirePrefix", "expand", Slice::freeEntirePrefix),
					use("copyIn array", "write to", (slice) -> slice.copyIn(0, new byte[1])),
					use("copyIn range", "write to", (slice) -> slice.copyIn(0, new byte[1], 0, 1)),
					use("copyIn buffer", "write to", (slice) -> slice.copyIn(0, ByteBuffer.allocate(1))),
					use("copyIn nothing", "write to", (slice) -> slice.copyIn(0, new byte[0])),
					use("copyOut array", "read", (slice) -> slice.copyOut(0, new byte[1], 0, 1)),
					use("copyOut buffer", "read", (slice) -> slice.copyOut(0, ByteBuffer.allocate(1))),
					use("get", "read", (slice) -> slice.get(0)), use("getShort", "read", (slice) -> slice.getShort(0)),
					use("getInt", "read", (slice) -> slice.getInt(0)),
					use("getLong", "read", (slice) -> slice.getLong(0)),
					use("put", "write to", (slice) -> slice.put(0, (byte) 1)),
					use("putShort", "write to", (slice) -> slice.putShort(0, (short) 1)),
					use("putInt", "write to", (slice) -> slice.putInt(0, 1)),
					use("putLong", "write to", (slice) -> slice.putLong(0, 1)),
					use("copyOut all", "read", (slice) -> slice.copyOut(0, new byte[1])),
					use("toString", "read", (slice) -> slice.toString(UTF_8)),
					use("inputStream", "read", Slice::inputStream), use("writeTo", "read", (slice) -> {
						try {
							slice.writeTo(OutputStream.nullOutputStream());
						}
						catch (IOException ex) {
							throw new UncheckedIOException(ex);
						}
					}), use("slice", "slice", (slice) -> slice.slice(0, 1)),
					use("toByteArray", "read", Slice::toByteArray), use("byteBuffer", "view", Slice::byteBuffer),
					use("retain", "retain", Slice::retain), use("release", "release", Slice::release),
					use("discard", "discard", Slice::discard),
					use("coalesce", "coalesce", (slice) -> Slice.coalesce(List.of(slice), 100)));
		}

		private static Arguments use(String name, String action, Use use) {
			return Arguments.of(name, action, use);
		}

		@ParameterizedTest(name = "{0}")
		@MethodSource("uses")
		void useAfterReleaseIsRefused(String name, String action, Use use) {
			Slice slice = allocator(8, 64).allocate(10);
			slice.release();
			assertRefused(slice, action, use);
		}

		@ParameterizedTest(name = "{0}")
		@MethodSource("uses")
		void useAfterReleaseIsRefusedWhileTheAreaHasAnotherOwner(String name, String action, Use use) {
			BufferPool pool = pool(64);
			SlicingAllocator allocator = new SlicingAllocator(pool, 8, 64);
			Slice slice = allocator.allocate(10);
			slice.release();
			allocator.close();
			Slice next = open(open(new SlicingAllocator(pool, 8, 64)).copy(DIGITS));
			assertRefused(slice, action, use);
			assertThat(text(next)).isEqualTo("0123456789");
		}

		@ParameterizedTest(name = "{0}")
		@MethodSource("uses")
		void useOfForeignBytesAfterReleaseIsRefused(String name, String action, Use use) {
			Slice slice = Slice.wrap(DIGITS.clone());
			slice.release();
			assertRefused(slice, action, use);
		}

		private void assertRefused(Slice slice, String action, Use use) {
			assertThat(slice.isAlive()).isFalse();
			assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> use.of(slice))
				.withMessageStartingWith("Cannot " + action + " a slice of 10 bytes of ")
				.withMessageContaining("it was released before");
			slice.close();
		}

		@Test
		void descriptionSaysWhatMatters() {
			Slice slice = open(allocator(8, 64).allocate(10));
			assertThat(slice).hasToString("Slice[size=10, freePrefix=8, alive=true, of pool 'areas']");
		}

		/**
		 * A use of a slice.
		 */
		@FunctionalInterface
		interface Use {

			void of(Slice slice);

		}

	}

	/**
	 * I4.
	 */
	@Nested
	class Coalescing {

		private List<Slice> allocate(SlicingAllocator allocator, int... sizes) {
			return IntStream.of(sizes).mapToObj(allocator::allocate).map(AbstractSliceTests.this::open).toList();
		}

		@ParameterizedTest
		@CsvSource({ "1024, 1000", "2048, 500", "4096, 250", "65536, 16" })
		void neighboursAreMergedUpToTheMaximum(int maximum, int left) {
			SlicingAllocator allocator = allocator(0, 65536);
			List<Slice> slices = allocate(allocator, IntStream.generate(() -> 1024).limit(1000).toArray());
			List<Slice> merged = Slice.coalesce(slices, maximum);
			assertThat(merged).hasSize(left);
			assertThat(sizes(merged).stream().mapToInt(Integer::intValue).sum()).isEqualTo(1024 * 1000);
			assertThat(slices.stream().filter(Slice::isAlive)).containsExactlyElementsOf(merged);
		}

		@Test
		void slicesThatAreTooLargeTogetherStayAsTheyAre() {
			List<Slice> slices = allocate(allocator(0, 4096), 10, 20, 10);
			assertThat(Slice.coalesce(slices, 15)).isEqualTo(slices);
			assertThat(sizes(slices)).containsExactly(10, 20, 10);
		}

		@Test
		void slicesThatAreExpandedOverTheirReserveAreMerged() {
			List<Slice> slices = allocate(allocator(8, 4096), 10, 10, 10, 10);
			slices.forEach((slice) -> assertThat(slice.expandFront(8)).isTrue());
			List<Slice> merged = Slice.coalesce(slices, 4096);
			assertThat(sizes(merged)).containsExactly(72);
			assertThat(merged.get(0)).isSameAs(slices.get(0));
		}

		@Test
		void reserveBetweenSlicesKeepsThemApart() {
			List<Slice> slices = allocate(allocator(8, 4096), 10, 10);
			assertThat(sizes(Slice.coalesce(slices, 4096))).containsExactly(10, 10);
		}

		@Test
		void mergingIsGreedyFromTheLeft() {
			List<Slice> slices = allocate(allocator(0, 4096), 10, 5, 10, 20, 1, 1);
			assertThat(sizes(Slice.coalesce(slices, 15))).containsExactly(15, 10, 20, 2);
		}

		@Test
		void mergedSliceHasTheBytesOfAll() {
			SlicingAllocator allocator = allocator(2, 64);
			List<Slice> slices = new ArrayList<>();
			for (String word : List.of("one", "two", "three")) {
				Slice slice = open(allocator.copy(word.getBytes(UTF_8)));
				slice.expandFront(2);
				slice.copyIn(0, "> ".getBytes(UTF_8));
				slices.add(slice);
			}
			Slice merged = Slice.coalesce(slices, 64).get(0);
			assertThat(text(merged)).isEqualTo("> one> two> three");
			merged.truncateFront(5);
			assertThat(text(merged)).isEqualTo("> two> three");
			assertThat(merged.expandFront(5)).isTrue();
			assertThat(text(merged)).isEqualTo("> one> two> three");
		}

		@Test
		void neighbouringIndexesOfDifferentAreasAreKeptApart() {
			BufferPool pool = pool(64);
			Slice first = open(open(new SlicingAllocator(pool, 0, 64)).allocate(10));
			SlicingAllocator allocator = open(new SlicingAllocator(pool, 0, 64));
			open(allocator.allocate(10));
			Slice second = open(allocator.allocate(10));
			assertThat(Slice.coalesce(List.of(first, second), 64)).containsExactly(first, second);
		}

		@Test
		void orderMatters() {
			List<Slice> slices = new ArrayList<>(allocate(allocator(0, 64), 1, 2));
			Collections.reverse(slices);
			assertThat(sizes(Slice.coalesce(slices, 64))).containsExactly(2, 1);
		}

		@Test
		void areaIsBackWhenTheMergedSliceIsReleased() {
			BufferPool pool = pool(64);
			SlicingAllocator allocator = new SlicingAllocator(pool, 0, 64);
			List<Slice> merged = Slice.coalesce(List.of(allocator.allocate(10), allocator.allocate(20)), 64);
			allocator.close();
			assertThat(pool.statistics().leased()).isEqualTo(1);
			merged.get(0).release();
			assertThat(pool.statistics().leased()).isZero();
			assertThat(pool.statistics().doubleReleases()).isZero();
		}

		@Test
		void bytesThatAreRetainedAreNotInheritedThroughAMergedSlice() {
			SlicingAllocator allocator = allocator(0, 64);
			Slice first = allocator.allocate(10);
			Slice second = allocator.copy(DIGITS);
			Slice retained = open(second.retain());
			Slice third = open(allocator.allocate(5));
			Slice merged = Slice.coalesce(List.of(first, second), 64).get(0);
			assertThat(third.releasePrevious(merged)).isFalse();
			assertThat(text(retained)).isEqualTo("0123456789");
		}

		@Test
		void nothingIsMergedOfNothing() {
			assertThat(Slice.coalesce(List.of(), 10)).isEmpty();
		}

		@Test
		void negativeMaximumIsRefused() {
			List<Slice> slices = allocate(allocator(0, 64), 1, 2);
			assertThatIllegalArgumentException().isThrownBy(() -> Slice.coalesce(slices, -1))
				.withMessage("Cannot coalesce 2 slices: 'maximum' must not be negative but is -1");
		}

		@Test
		void nothingIsMergedIfASliceWasReleased() {
			List<Slice> slices = allocate(allocator(0, 64), 1, 2, 3);
			slices.get(2).release();
			assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> Slice.coalesce(slices, 64));
			assertThat(slices).extracting(Slice::isAlive).containsExactly(true, true, false);
		}

		@Test
		void sliceIsNotMergedWithItself() {
			Slice slice = open(allocator(0, 64).allocate(0));
			assertThat(Slice.coalesce(List.of(slice, slice), 64)).containsExactly(slice, slice);
			assertThat(slice.isAlive()).isTrue();
		}

	}

	/**
	 * I5.
	 */
	@Nested
	class Reading {

		private SliceReader reader(int areaSize, String text) {
			return open(new SliceReader(pool(areaSize), Sources.stream(text), areaSize));
		}

		static Stream<Arguments> sources() {
			return Stream.of(Arguments.of("stream", (IntFunction<Sources.Opened>) Sources::streamOf),
					Arguments.of("channel", (IntFunction<Sources.Opened>) Sources::channelOf));
		}

		@ParameterizedTest(name = "{0}")
		@MethodSource("sources")
		void manySmallReadsTakeOneAreaFromTheSource(String name, IntFunction<Sources.Opened> open) throws IOException {
			BufferPool pool = pool(65536);
			Sources.Opened source = open.apply(Integer.MAX_VALUE);
			SliceReader reader = open(source.reader(pool, 65536));
			for (int i = 0; i < 1000; i++) {
				assertThat(open(reader.read(4)).toByteArray()).isEqualTo(Sources.bytes(4L * i, 4));
			}
			assertThat(source.consumed()).isEqualTo(65536);
			assertThat(acquired(pool)).isEqualTo(1);
			assertThat(reader.buffered()).isEqualTo(65536 - 4000);
		}

		@ParameterizedTest(name = "{0}")
		@MethodSource("sources")
		void slicesOfAnySizeHaveTheBytesOfTheSourceInOrder(String name, IntFunction<Sources.Opened> open)
				throws IOException {
			BufferPool pool = pool(64, 256);
			SliceReader reader = open(open.apply(20_000).reader(pool, 64));
			int position = 0;
			for (int i = 0; position + i % 150 <= 20_000; i++) {
				int size = i % 150;
				Slice slice = open(reader.read(size));
				assertThat(slice.toByteArray()).isEqualTo(Sources.bytes(position, size));
				assertThat(slice.freePrefix()).isZero();
				if (i % 3 == 0) {
					slice.release();
				}
				position += size;
			}
			assertThat(position).isGreaterThan(19_000);
		}

		@Test
		void keptSlicesAreNotTouchedByLaterReads() throws IOException {
			SliceReader reader = reader(16, "abcdefghijklmnopqrstuvwxyz0123456789");
			List<String> words = new ArrayList<>();
			List<Slice> slices = new ArrayList<>();
			for (int i = 0; i < 7; i++) {
				slices.add(open(reader.read(5)));
			}
			slices.forEach((slice) -> words.add(text(slice)));
			assertThat(words).containsExactly("abcde", "fghij", "klmno", "pqrst", "uvwxy", "z0123", "45678");
		}

		@Test
		void areaIsNotUsedAgainWhileASliceOfItIsKept() throws IOException {
			SliceReader reader = reader(8, "abcdefghijklmnop");
			Slice first = open(reader.read(4));
			reader.read(4).release();
			assertThat(reader.buffered()).isZero();
			Slice second = open(reader.read(8));
			assertThat(text(first)).isEqualTo("abcd");
			assertThat(text(second)).isEqualTo("ijklmnop");
		}

		@Test
		void areaIsUsedAgainWhenNothingInItIsNeeded() throws IOException {
			BufferPool pool = pool(16);
			SliceReader reader = open(Sources.channelOf(1 << 20).reader(pool, 16));
			for (int i = 0; i < 100; i++) {
				try (Slice slice = reader.read(8)) {
					assertThat(slice.toByteArray()).isEqualTo(Sources.bytes(8L * i, 8));
				}
			}
			assertThat(acquired(pool)).isEqualTo(1);
		}

		@Test
		void largeAreaIsNotKeptAfterItsSlice() throws IOException {
			BufferPool pool = pool(16, 1024);
			SliceReader reader = open(Sources.streamOf(1 << 20).reader(pool, 16));
			reader.read(1000).release();
			reader.read(4).release();
			assertThat(pool.statistics().leasedBytes()).isLessThanOrEqualTo(16);
		}

		@Test
		void sliceMayBeLargerThanAnArea() throws IOException {
			BufferPool pool = pool(16);
			SliceReader reader = open(Sources.streamOf(1 << 20).reader(pool, 16));
			open(reader.read(10));
			assertThat(open(reader.read(1000)).toByteArray()).isEqualTo(Sources.bytes(10, 1000));
			assertThat(open(reader.read(10)).toByteArray()).isEqualTo(Sources.bytes(1010, 10));
		}

		@Test
		void emptySlicesDoNotUseUpTheReferencesOfAnArea() throws IOException {
			BufferPool pool = pool(16, 1024);
			SliceReader reader = open(Sources.streamOf(500).reader(pool, 16));
			assertThatExceptionOfType(EOFException.class).isThrownBy(() -> reader.read(1000));
			for (int i = 0; i < 70_000; i++) {
				open(reader.read(0));
			}
			assertThat(acquired(pool)).isEqualTo(3);
			assertThat(open(reader.read(500)).toByteArray()).isEqualTo(Sources.bytes(0, 500));
		}

		@Test
		void neighboursReadOneAfterAnotherAreMerged() throws IOException {
			SliceReader reader = reader(64, "0123456789");
			Slice merged = open(Slice.coalesce(List.of(reader.read(3), reader.read(4)), 64).get(0));
			assertThat(text(merged)).isEqualTo("0123456");
		}

		@Test
		void readOfNothingDoesNoInputOrOutput() throws IOException {
			InputStream failing = new InputStream() {

				@Override
				public int read() throws IOException {
					throw new IOException("Read");
				}

			};
			SliceReader reader = open(new SliceReader(pool(64), failing, 64));
			assertThat(open(reader.read(0)).size()).isZero();
			assertThatIOException().isThrownBy(() -> reader.read(1)).withMessage("Read");
		}

		@Test
		void whatThereIsIsKeptWhenTheSourceEndsEarly() throws IOException {
			SliceReader reader = reader(64, "0123456789");
			assertThat(text(open(reader.read(3)))).isEqualTo("012");
			assertThatExceptionOfType(EOFException.class).isThrownBy(() -> reader.read(8))
				.withMessage("Cannot read 8 bytes: the source ended after 7 of them. They are kept and can be read "
						+ "with a smaller size");
			assertThat(reader.buffered()).isEqualTo(7);
			assertThat(reader.isAtEnd()).isFalse();
			assertThat(text(open(reader.read(7)))).isEqualTo("3456789");
			assertThat(reader.isAtEnd()).isTrue();
			assertThat(open(reader.read(0)).size()).isZero();
			assertThatExceptionOfType(EOFException.class).isThrownBy(() -> reader.read(1));
		}

		@Test
		void whatThereIsIsKeptWhenMoreThanAnAreaWasAskedFor() throws IOException {
			SliceReader reader = reader(8, "0123456789");
			assertThatExceptionOfType(EOFException.class).isThrownBy(() -> reader.read(100));
			assertThat(text(open(reader.read(4)))).isEqualTo("0123");
			assertThat(text(open(reader.read(6)))).isEqualTo("456789");
		}

		@Test
		void whatThereIsIsKeptWhenTheSourceFails() throws IOException {
			SliceReader reader = open(new SliceReader(pool(64), Sources.failingAfter("01234"), 64));
			assertThatIOException().isThrownBy(() -> reader.read(6)).withMessage("Connection reset");
			assertThat(text(open(reader.read(5)))).isEqualTo("01234");
			assertThatIOException().isThrownBy(reader::isAtEnd).withMessage("Connection reset");
		}

		@Test
		void whatThereIsIsKeptWhenThereIsNoAreaToBeHad() throws IOException {
			BufferPool pool = pool(
					builder().tiers(List.of(new BufferTier(8, new Caps(1, 1, 0)))).policy(ExhaustionPolicy.FAIL));
			SliceReader reader = open(new SliceReader(pool, Sources.stream("0123456789"), 8));
			Slice first = reader.read(6);
			assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> reader.read(4));
			assertThat(text(open(reader.read(2)))).isEqualTo("67");
			first.release();
		}

		@Test
		void endOfTheSourceThatThrowsIsAFailure() {
			ReadableByteChannel truncated = Sources.channel((target) -> {
				throw new EOFException("Unexpected end of compressed data");
			});
			SliceReader reader = open(new SliceReader(pool(64), truncated, 64));
			assertThatExceptionOfType(EOFException.class).isThrownBy(reader::isAtEnd)
				.withMessage("Unexpected end of compressed data");
		}

		@Test
		void channelThatReturnsNothingForEverIsGivenUp() throws IOException {
			AtomicInteger reads = new AtomicInteger();
			ReadableByteChannel channel = Sources.channel((target) -> {
				if (reads.getAndIncrement() == 0) {
					target.put((byte) 'a');
					return 1;
				}
				return 0;
			});
			SliceReader reader = open(new SliceReader(pool(64), channel, 64));
			assertThatIOException().isThrownBy(() -> reader.read(2))
				.withMessage("Cannot read 2 bytes: the source has returned 0 bytes 100 times in a row, after 1 bytes "
						+ "that are kept. Use tryRead(..) if it is a non-blocking channel");
			assertThat(text(open(reader.read(1)))).isEqualTo("a");
		}

		@Test
		void channelMayReturnNothingNowAndThen() throws IOException {
			AtomicInteger reads = new AtomicInteger();
			ReadableByteChannel channel = Sources.channel((target) -> {
				if (reads.getAndIncrement() % 50 != 49) {
					return 0;
				}
				target.put((byte) 'a');
				return 1;
			});
			SliceReader reader = open(new SliceReader(pool(64), channel, 64));
			assertThat(text(open(reader.read(5)))).isEqualTo("aaaaa");
		}

		@Test
		void streamThatReturnsNothingIsReadByteByByte() throws IOException {
			InputStream stream = new InputStream() {

				private int next;

				@Override
				public int read() {
					return (this.next < 3) ? 'a' + this.next++ : -1;
				}

				@Override
				public int read(byte[] target, int offset, int length) {
					return 0;
				}

			};
			SliceReader reader = open(new SliceReader(pool(64), stream, 64));
			assertThat(text(open(reader.read(3)))).isEqualTo("abc");
			assertThatExceptionOfType(EOFException.class).isThrownBy(() -> reader.read(1));
		}

		@Test
		void streamThatClaimsMoreThanItWasAskedForIsNotTrusted() {
			InputStream stream = new InputStream() {

				@Override
				public int read() {
					return 'a';
				}

				@Override
				public int read(byte[] target, int offset, int length) {
					return length + 1;
				}

			};
			SliceReader reader = open(new SliceReader(pool(64), stream, 64));
			assertThatIOException().isThrownBy(() -> reader.read(3))
				.withMessageContaining("it claims to have read 65 bytes when asked for at most 64");
			assertThat(reader.buffered()).isZero();
		}

		@Test
		void attemptReturnsNothingUntilThereIsEnough() throws IOException {
			BufferPool pool = pool(64);
			ByteBuffer arriving = ByteBuffer.allocate(64).limit(0);
			SliceReader reader = open(new SliceReader(pool, Sources.nonBlocking(arriving), 64));
			assertThat(reader.tryRead(4)).isNull();
			assertThat(pool.statistics().leased()).as("idle connection").isZero();
			arriving.limit(3);
			assertThat(reader.tryRead(4)).isNull();
			assertThat(reader.buffered()).isEqualTo(3);
			arriving.limit(6);
			assertThat(open(reader.tryRead(4)).size()).isEqualTo(4);
			assertThat(reader.tryRead(3)).isNull();
			assertThat(open(reader.tryRead(2)).size()).isEqualTo(2);
			assertThat(open(reader.tryRead(0)).size()).isZero();
		}

		@Test
		void attemptFailsWhenTheSourceHasEnded() {
			SliceReader reader = reader(64, "012");
			assertThatExceptionOfType(EOFException.class).isThrownBy(() -> reader.tryRead(4));
			assertThat(reader.buffered()).isEqualTo(3);
		}

		@Test
		void largeSliceReadsAheadAsFarAsItsTierAllows() throws IOException {
			List<Integer> asked = new ArrayList<>();
			int[] returned = { 10, 6, 12, 12, 24 };
			InputStream source = new InputStream() {

				@Override
				public int read() {
					throw new AssertionError("A read of several bytes is expected");
				}

				@Override
				public int read(byte[] target, int offset, int length) {
					asked.add(length);
					return returned[asked.size() - 1];
				}

			};
			BufferPool pool = pool(builder().multiplesOf(16, 64));
			SliceReader reader = open(new SliceReader(pool, source, 16));
			open(reader.read(12));
			open(reader.read(8));
			open(reader.read(20)).close();
			open(reader.read(24));
			assertThat(asked).containsExactly(16, 6, 12, 24, 32);
		}

		@Test
		void slicesOutliveTheirReaderAndWhatWasReadAheadDoesNot() throws IOException {
			BufferPool pool = pool(64);
			SliceReader reader = new SliceReader(pool, Sources.stream("0123456789"), 64);
			Slice slice = reader.read(4);
			reader.close();
			reader.close();
			assertThat(reader.buffered()).isZero();
			assertThat(text(slice)).isEqualTo("0123");
			slice.release();
			assertThat(pool.statistics().leased()).isZero();
		}

		@Test
		void sourceIsNotClosed() throws IOException {
			ReadableByteChannel channel = Channels.newChannel(Sources.stream("0123456789"));
			open(new SliceReader(pool(64), channel, 64)).close();
			assertThat(channel.isOpen()).isTrue();
			channel.close();
		}

		@Test
		void readingFromAClosedReaderIsRefused() {
			SliceReader reader = reader(64, "0123456789");
			reader.close();
			assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> reader.read(4))
				.withMessage("Cannot read 4 bytes into areas of pool 'areas': the reader is closed. Open another one");
			assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> reader.tryRead(0));
			assertThatExceptionOfType(LeaseException.class).isThrownBy(reader::isAtEnd);
		}

		@Test
		void negativeSizeIsRefused() {
			SliceReader reader = reader(64, "0123456789");
			assertThatIllegalArgumentException().isThrownBy(() -> reader.read(-1))
				.withMessage("Cannot read -1 bytes into areas of pool 'areas': 'size' must not be negative");
			assertThatIllegalArgumentException().isThrownBy(() -> reader.tryRead(-1));
		}

		@Test
		void areaThatIsNeverPooledIsRefused() {
			assertThatIllegalArgumentException().isThrownBy(() -> new SliceReader(pool(64), Sources.stream(""), 65))
				.withMessageStartingWith("'areaSize' must be at most 64 but is 65");
		}

	}

	/**
	 * Gathering writes.
	 */
	@Nested
	class Writing {

		private SliceWriter writer(Sink sink) {
			return open(new SliceWriter(sink));
		}

		private Slice[] frames(SlicingAllocator allocator, int count) {
			return IntStream.range(0, count).mapToObj((i) -> {
				Slice slice = open(allocator.copy(("frame " + (100 + i)).getBytes(UTF_8)));
				slice.expandFront(1);
				slice.copyIn(0, new byte[] { '|' });
				return slice;
			}).toArray(Slice[]::new);
		}

		private String frames(int count) {
			StringBuilder frames = new StringBuilder();
			IntStream.range(0, count).forEach((i) -> frames.append("|frame ").append(100 + i));
			return frames.toString();
		}

		@ParameterizedTest
		@CsvSource({ "1, 1", "1, 2", "1, 1000000", "7, 10", "7, 11", "7, 1000000" })
		void allIsWrittenHoweverLittleTheChannelTakesAtOnce(int reserve, int atOnce) throws IOException {
			Sink sink = new Sink(atOnce);
			SliceWriter writer = writer(sink);
			Slice[] frames = frames(allocator(reserve, 512), 100);
			for (Slice frame : frames) {
				writer.add(frame);
			}
			assertThat(writer.pending()).isEqualTo(1000);
			assertThat(writer.flush()).isTrue();
			assertThat(writer.pending()).isZero();
			assertThat(sink.written()).asString(UTF_8).isEqualTo(frames(100));
			assertThat(frames).noneMatch(Slice::isAlive);
		}

		@Test
		void neighboursGoOutAsOne() throws IOException {
			Sink sink = new Sink(1000);
			SliceWriter writer = writer(sink);
			for (Slice frame : frames(allocator(1, 1000), 100)) {
				writer.add(frame);
			}
			writer.flush();
			assertThat(sink.buffers()).containsExactly(1);
		}

		@Test
		void slicesThatAreApartGoOutInBatches() throws IOException {
			Sink sink = new Sink(1_000_000);
			SliceWriter writer = writer(sink);
			for (Slice frame : frames(allocator(2, 4096), 150)) {
				writer.add(frame);
			}
			assertThat(writer.flush()).isTrue();
			assertThat(sink.buffers()).containsExactly(64, 64, 22);
			assertThat(sink.written()).asString(UTF_8).isEqualTo(frames(150));
		}

		@Test
		void noMoreThanOneMebibyteIsOfferedAtOnce() throws IOException {
			Sink sink = new Sink(Integer.MAX_VALUE);
			SliceWriter writer = writer(sink);
			writer.add(Slice.wrap(Sources.bytes(0, 700_000)));
			writer.add(Slice.wrap(Sources.bytes(700_000, 2_000_000)));
			assertThat(writer.flush()).isTrue();
			assertThat(sink.offered()).containsExactly(1L << 20, 1L << 20, 2_700_000L - (1 << 21));
			assertThat(sink.written()).isEqualTo(Sources.bytes(0, 2_700_000));
		}

		@Test
		void channelThatIsFullIsLeftAloneUntilTheNextFlush() throws IOException {
			BufferPool pool = pool(64);
			Sink sink = new Sink(0, 7);
			SliceWriter writer = writer(sink);
			SlicingAllocator allocator = open(new SlicingAllocator(pool, 8, 64));
			Slice first = allocator.copy(DIGITS);
			Slice second = allocator.copy(DIGITS);
			writer.add(first);
			writer.add(second);
			assertThat(writer.flush()).isFalse();
			assertThat(sink.buffers()).hasSize(1);
			assertThat(writer.pending()).isEqualTo(20);
			assertThat(first.isAlive()).isTrue();
			assertThat(writer.flush()).isTrue();
			assertThat(sink.written()).asString(UTF_8).isEqualTo("01234567890123456789");
			assertThat(second.isAlive()).isFalse();
		}

		@Test
		void moreCanBeAddedBehindWhatIsPartlyWritten() throws IOException {
			Sink sink = new Sink(4, 0, 100);
			SlicingAllocator allocator = allocator(0, 64);
			SliceWriter writer = writer(sink);
			writer.add(allocator.copy(DIGITS));
			assertThat(writer.flush()).isFalse();
			writer.add(allocator.copy(DIGITS));
			assertThat(writer.pending()).isEqualTo(16);
			assertThat(writer.flush()).isTrue();
			assertThat(sink.written()).asString(UTF_8).isEqualTo("01234567890123456789");
			assertThat(sink.buffers()).containsExactly(1, 1, 1);
		}

		@Test
		void emptySlicesAreReleasedWithoutAWrite() throws IOException {
			Sink sink = new Sink(100);
			SliceWriter writer = writer(sink);
			Slice empty = allocator(8, 64).allocate(0);
			writer.add(empty);
			writer.add(Slice.wrap(new byte[0]));
			assertThat(writer.flush()).isTrue();
			assertThat(sink.buffers()).isEmpty();
			assertThat(empty.isAlive()).isFalse();
			writer.add(Slice.wrap(DIGITS));
			writer.add(Slice.wrap(new byte[0]));
			assertThat(writer.flush()).isTrue();
			assertThat(sink.buffers()).hasSize(1);
		}

		@Test
		void nothingIsWrittenOfNothing() throws IOException {
			Sink sink = new Sink(100);
			assertThat(writer(sink).flush()).isTrue();
			assertThat(sink.buffers()).isEmpty();
		}

		@Test
		void whatAFailingChannelHasNotTakenIsKeptUntilTheWriterIsClosed() {
			Sink sink = new Sink(4).failWith(new IOException("Broken pipe"));
			SliceWriter writer = writer(sink);
			Slice slice = allocator(0, 64).copy(DIGITS);
			writer.add(slice);
			assertThatIOException().isThrownBy(writer::flush).withMessage("Broken pipe");
			assertThat(slice.isAlive()).isTrue();
			writer.close();
			writer.close();
			assertThat(slice.isAlive()).isFalse();
		}

		@Test
		void oneSliceIsWrittenToSeveralChannels() throws IOException {
			Slice slice = allocator(8, 64).copy(DIGITS);
			Sink sink = new Sink(3);
			Sink otherSink = new Sink(4);
			SliceWriter writer = writer(sink);
			SliceWriter otherWriter = writer(otherSink);
			otherWriter.add(slice.retain());
			writer.add(slice);
			assertThat(writer.flush()).isTrue();
			assertThat(otherWriter.flush()).isTrue();
			assertThat(sink.written()).isEqualTo(DIGITS);
			assertThat(otherSink.written()).isEqualTo(DIGITS);
		}

		@Test
		void streamGetsNeighboursWithOneWriteAndIsFlushed() throws IOException {
			List<String> calls = new ArrayList<>();
			OutputStream stream = new OutputStream() {

				@Override
				public void write(int value) {
					calls.add("one byte");
				}

				@Override
				public void write(byte[] bytes, int offset, int length) {
					calls.add(new String(bytes, offset, length, UTF_8));
				}

				@Override
				public void flush() {
					calls.add("flush");
				}

			};
			SliceWriter writer = open(new SliceWriter(stream));
			SlicingAllocator allocator = allocator(0, 64);
			Slice first = allocator.copy(DIGITS);
			writer.add(first);
			writer.add(allocator.copy("abc".getBytes(UTF_8)));
			writer.add(Slice.wrap("def".getBytes(UTF_8)));
			writer.add(Slice.wrap(new byte[0]));
			assertThat(writer.flush()).isTrue();
			assertThat(calls).containsExactly("0123456789abc", "def", "flush");
			assertThat(writer.pending()).isZero();
			assertThat(first.isAlive()).isFalse();
		}

		@Test
		void sliceAtWhichAStreamFailsIsKeptUntilTheWriterIsClosed() throws IOException {
			SliceWriter writer = open(new SliceWriter(new OutputStream() {

				@Override
				public void write(int value) throws IOException {
					if (value == 'x') {
						throw new IOException("Broken pipe");
					}
				}

			}));
			Slice written = Slice.wrap(DIGITS);
			Slice kept = Slice.wrap("x".getBytes(UTF_8));
			writer.add(written);
			writer.add(kept);
			assertThatIOException().isThrownBy(writer::flush).withMessage("Broken pipe");
			assertThat(written.isAlive()).isFalse();
			assertThat(kept.isAlive()).isTrue();
			assertThat(writer.pending()).isOne();
			writer.close();
			assertThat(kept.isAlive()).isFalse();
		}

		@Test
		void sliceThatWasReleasedIsRefused() {
			Slice slice = allocator(8, 64).allocate(10);
			slice.release();
			assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> writer(new Sink(100)).add(slice))
				.withMessageStartingWith("Cannot write a slice of 10 bytes of pool 'areas': it was released before");
		}

		@Test
		void sliceThatIsReleasedBeforeItIsWrittenIsNoticed() {
			Slice slice = allocator(8, 64).allocate(10);
			SliceWriter writer = writer(new Sink(100));
			writer.add(slice);
			slice.release();
			assertThatExceptionOfType(LeaseException.class).isThrownBy(writer::flush);
		}

		@Test
		void closedWriterTakesNothing() {
			SliceWriter writer = writer(new Sink(100));
			writer.close();
			Slice slice = open(allocator(8, 64).allocate(10));
			assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> writer.add(slice))
				.withMessage(
						"Cannot write a slice of 10 bytes of pool 'areas': the writer is closed. Open another one");
			assertThat(slice.isAlive()).isTrue();
		}

	}

	/**
	 * Sockets.
	 */
	@Nested
	class Networking {

		private static final int FRAMES = 2000;

		@Test
		void framesWithAHeaderInTheReserveCrossASocketWithoutACopy() throws Exception {
			BufferPool pool = pool(4096, 65536);
			try (ServerSocketChannel server = ServerSocketChannel.open()) {
				server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
				Started<Void> sender = Started.of(() -> {
					try (SocketChannel channel = SocketChannel.open(server.getLocalAddress())) {
						send(pool, channel);
					}
					return null;
				});
				try (SocketChannel channel = server.accept();
						SliceReader reader = new SliceReader(pool, channel, 4096)) {
					receive(reader);
				}
				sender.result();
			}
		}

		private void send(BufferPool pool, SocketChannel channel) throws IOException {
			try (SlicingAllocator allocator = new SlicingAllocator(pool, 4, 4096);
					SliceWriter writer = new SliceWriter(channel)) {
				for (int i = 0; i < FRAMES; i++) {
					Slice frame = allocator.copy(Sources.bytes(i, i * 7 % 5000));
					ByteBuffer payload = frame.byteBuffer();
					int length = frame.size();
					frame.expandFront(4);
					frame.byteBuffer().putInt(length);
					if (length > 0) {
						payload.put(0, (byte) 42);
						assertThat(frame.byteBuffer().get(4)).as("the same memory").isEqualTo((byte) 42);
					}
					writer.add(frame);
					if (i % 10 == 9) {
						assertThat(writer.flush()).isTrue();
					}
				}
			}
		}

		private void receive(SliceReader reader) throws IOException {
			int frames = 0;
			while (!reader.isAtEnd()) {
				int length;
				try (Slice header = reader.read(4)) {
					length = header.byteBuffer().getInt();
				}
				try (Slice payload = reader.read(length)) {
					byte[] expected = Sources.bytes(frames, frames * 7 % 5000);
					if (length > 0) {
						expected[0] = 42;
					}
					assertThat(payload.toByteArray()).isEqualTo(expected);
				}
				frames++;
			}
			assertThat(frames).isEqualTo(FRAMES);
		}

		@Test
		void nonBlockingChannelsNeitherSpinNorLoseAnything() throws Exception {
			BufferPool pool = pool(65536);
			try (ServerSocketChannel server = ServerSocketChannel.open()) {
				server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
				try (SocketChannel out = SocketChannel.open(server.getLocalAddress());
						SocketChannel in = server.accept();
						SliceWriter writer = new SliceWriter(out);
						SliceReader reader = new SliceReader(pool, in)) {
					out.configureBlocking(false);
					in.configureBlocking(false);
					assertThat(reader.tryRead(1)).isNull();
					long sent = fill(pool, writer);
					long received = 0;
					while (received < sent) {
						Slice slice = reader.tryRead((int) Math.min(10_000, sent - received));
						if (slice == null) {
							writer.flush();
							continue;
						}
						assertThat(slice.toByteArray()).isEqualTo(Sources.bytes(received, slice.size()));
						received += slice.size();
						slice.release();
					}
					assertThat(writer.flush()).isTrue();
				}
			}
		}

		private long fill(BufferPool pool, SliceWriter writer) throws IOException {
			long sent = 0;
			try (SlicingAllocator allocator = new SlicingAllocator(pool, 8)) {
				do {
					writer.add(allocator.copy(Sources.bytes(sent, 50_000)));
					sent += 50_000;
				}
				while (writer.flush());
			}
			assertThat(writer.pending()).isPositive();
			return sent;
		}

	}

	/**
	 * Many threads.
	 */
	@Nested
	class Sharing {

		private static final int THREADS = 100;

		private static final int AREAS = 100;

		private static final int SLICES = 100;

		@ParameterizedTest
		@CsvSource({ "'Hello world', false", "'Hello', true" })
		void slicesOfManyThreadsKeepTheirContent(String greeting, boolean numbered) throws Exception {
			BufferPool pool = pool(11 * SLICES);
			Queue<Greeting> queue = new ConcurrentLinkedQueue<>();
			Together.run(THREADS, (thread) -> {
				SlicingAllocator allocator = new SlicingAllocator(pool, 0, 11 * SLICES);
				for (int i = 0; i < AREAS * SLICES; i++) {
					byte[] bytes = (numbered ? greeting + (100_000 + (thread * 7919 + i) % 900_000) : greeting)
						.getBytes(UTF_8);
					queue.add(new Greeting(allocator.copy(bytes), bytes));
					if (i % SLICES == SLICES - 1) {
						// Of whichever thread
						for (int j = 0; j < SLICES; j++) {
							checkAndRelease(queue.remove());
						}
					}
				}
				allocator.close();
			});
			assertThat(queue).isEmpty();
			assertThat(acquired(pool)).isEqualTo(THREADS * AREAS);
			assertThat(pool.statistics().returned()).isEqualTo(THREADS * AREAS);
			assertThat(pool.statistics().leased()).isZero();
			assertThat(pool.statistics().doubleReleases()).isZero();
		}

		private void checkAndRelease(Greeting greeting) {
			if (!Arrays.equals(greeting.slice().toByteArray(), greeting.bytes())) {
				throw new AssertionError(
						"Expected " + new String(greeting.bytes(), UTF_8) + " but found " + text(greeting.slice()));
			}
			greeting.slice().release();
		}

		/**
		 * A slice and what it must hold.
		 */
		record Greeting(Slice slice, byte[] bytes) {
		}

	}

}
