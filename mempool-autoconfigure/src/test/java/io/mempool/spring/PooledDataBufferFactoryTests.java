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

package io.mempool.spring;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolExhaustedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.core.io.buffer.PooledDataBuffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The contract of data buffers and their factories, as Spring publishes it.
 */
@ParameterizedClass
@EnumSource(MemoryKind.class)
@SuppressWarnings("deprecation")
class PooledDataBufferFactoryTests {

	@Parameter
	MemoryKind memory = MemoryKind.HEAP;

	private final List<BufferPool> pools = new ArrayList<>();

	private PooledDataBufferFactory factory() {
		BufferPool pool = BufferPool.builder("data").memory(this.memory).tiers(64, 256, 4096).build();
		this.pools.add(pool);
		return new PooledDataBufferFactory(pool);
	}

	private long leased() {
		return this.pools.stream().mapToLong((pool) -> pool.statistics().leased()).sum();
	}

	@AfterEach
	void nothingIsLeasedAndNothingWasReleasedTwice() {
		assertThat(this.pools).isNotEmpty();
		assertThat(leased()).isZero();
		assertThat(this.pools).allMatch((pool) -> pool.statistics().doubleReleases() == 0);
	}

	private static PooledDataBuffer filled(PooledDataBufferFactory factory, String text) {
		PooledDataBuffer buffer = factory.allocateBuffer(text.length());
		buffer.write(bytes(text));
		return buffer;
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static String text(DataBuffer buffer) {
		return buffer.toString(StandardCharsets.UTF_8);
	}

	private static void release(DataBuffer... buffers) {
		for (DataBuffer buffer : buffers) {
			((PooledDataBuffer) buffer).release();
		}
	}

	// References

	@Test
	void bufferIsAllocatedUntilEachReferenceIsReleased() {
		PooledDataBuffer buffer = filled(factory(), "a");
		buffer.retain();
		assertThat(buffer.release()).isFalse();
		assertThat(buffer.isAllocated()).isTrue();
		assertThat(text(buffer)).isEqualTo("a");
		assertThat(buffer.release()).isTrue();
		assertThat(buffer.isAllocated()).isFalse();
		assertThat(leased()).isZero();
	}

	@Test
	void retainCountsOnTheBufferItself() {
		PooledDataBuffer buffer = filled(factory(), "a");
		assertThat(buffer.retain()).isSameAs(buffer);
		assertThat(DataBufferUtils.<DataBuffer>retain(buffer)).isSameAs(buffer);
		release(buffer, buffer);
		assertThat(buffer.isAllocated()).isTrue();
		release(buffer);
	}

	@Test
	void releaseBelowZeroFails() {
		PooledDataBuffer buffer = filled(factory(), "a");
		buffer.release();
		assertThatIllegalStateException().isThrownBy(buffer::release);
		assertThatIllegalStateException().isThrownBy(buffer::retain);
		assertThat(DataBufferUtils.release(buffer)).isFalse();
	}

	@Test
	void useAfterTheLastReleaseFails() {
		PooledDataBuffer buffer = filled(factory(), "a");
		buffer.release();
		assertThatIllegalStateException().isThrownBy(() -> buffer.getByte(0));
		assertThatIllegalStateException().isThrownBy(() -> buffer.write((byte) 1));
		assertThatIllegalStateException().isThrownBy(() -> text(buffer));
		assertThatIllegalStateException().isThrownBy(() -> buffer.split(1));
		assertThatIllegalStateException().isThrownBy(buffer::readableByteBuffers);
		assertThat(buffer).hasToString("LeaseDataBuffer[read=0, write=1, capacity=1, allocated=false]");
	}

	@Test
	void touchReturnsTheBuffer() {
		PooledDataBuffer buffer = filled(factory(), "a");
		assertThat(DataBufferUtils.<DataBuffer>touch(buffer, "hint")).isSameAs(buffer);
		release(buffer);
	}

	// Positions and capacity

	@Test
	void newBufferHasExactlyTheCapacityThatWasAskedFor() {
		PooledDataBufferFactory factory = factory();
		PooledDataBuffer buffer = factory.allocateBuffer(5);
		assertThat(buffer.capacity()).isEqualTo(5);
		assertThat(buffer.readPosition()).isZero();
		assertThat(buffer.writePosition()).isZero();
		assertThat(buffer.readableByteCount()).isZero();
		assertThat(buffer.writableByteCount()).isEqualTo(5);
		assertThat(buffer.factory()).isSameAs(factory);
		release(buffer);
	}

	@Test
	void emptyBufferTakesNoMemoryOfThePool() {
		PooledDataBuffer buffer = factory().allocateBuffer(0);
		assertThat(leased()).isZero();
		buffer.write(bytes("abc"));
		assertThat(text(buffer)).isEqualTo("abc");
		release(buffer);
	}

	@Test
	void readsAndWritesMoveTheirOwnPositions() {
		PooledDataBuffer buffer = factory().allocateBuffer(4);
		buffer.write(bytes("abc"));
		assertThat(buffer.read()).isEqualTo((byte) 'a');
		buffer.write((byte) 'd');
		assertThat(buffer.readPosition()).isEqualTo(1);
		assertThat(buffer.writePosition()).isEqualTo(4);
		byte[] rest = new byte[4];
		buffer.read(rest, 1, 3);
		assertThat(rest).containsExactly(0, 'b', 'c', 'd');
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(buffer::read);
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> buffer.read(new byte[1]));
		release(buffer);
	}

	@Test
	void positionsStayInTheirOrder() {
		PooledDataBuffer buffer = factory().allocateBuffer(4);
		buffer.write(bytes("ab")).readPosition(1);
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> buffer.readPosition(-1));
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> buffer.readPosition(3));
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> buffer.writePosition(0));
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> buffer.writePosition(5));
		release(buffer);
	}

	@Test
	void bufferGrowsWithItsContent() {
		PooledDataBuffer buffer = factory().allocateBuffer(1);
		String text = "0123456789".repeat(1000);
		for (int i = 0; i < text.length(); i += 10) {
			buffer.write(bytes(text.substring(i, i + 10)));
		}
		assertThat(text(buffer)).isEqualTo(text);
		assertThat(leased()).as("what it grew out of is back").isOne();
		release(buffer);
	}

	@Test
	void bufferGrowsWithFewCopiesThoughItsPoolHasNoRoomForTwiceItsSize() {
		BufferPool pool = BufferPool.builder("data")
			.memory(this.memory)
			.tiers(64)
			.limit(3000)
			.policy(ExhaustionPolicy.FAIL)
			.build();
		this.pools.add(pool);
		PooledDataBuffer buffer = new PooledDataBufferFactory(pool).allocateBuffer(1);
		for (int i = 0; i < 1400; i++) {
			buffer.write((byte) i);
		}
		assertThat(buffer.readableByteCount()).isEqualTo(1400);
		assertThat(buffer.getByte(1399)).isEqualTo((byte) 1399);
		assertThat(pool.statistics().acquisitions()).isLessThan(30);
		assertThat(pool.statistics().exhausted()).isZero();
		release(buffer);
	}

	@Test
	void writableSpaceIsAsMuchAsEnsured() {
		PooledDataBuffer buffer = filled(factory(), "abc");
		assertThat(buffer.ensureWritable(100).writableByteCount()).isGreaterThanOrEqualTo(100);
		assertThat(text(buffer)).isEqualTo("abc");
		release(buffer);
	}

	@Test
	void capacityCanBeSetAndCutsTheContent() {
		PooledDataBuffer buffer = filled(factory(), "abc");
		assertThat(buffer.capacity(100).capacity()).isEqualTo(100);
		assertThat(text(buffer)).isEqualTo("abc");
		assertThat(buffer.capacity(2).capacity()).isEqualTo(2);
		assertThat(text(buffer)).isEqualTo("ab");
		buffer.readPosition(2);
		buffer.capacity(1);
		assertThat(buffer.readPosition()).isOne();
		assertThatIllegalArgumentException().isThrownBy(() -> buffer.capacity(-1));
		release(buffer);
	}

	@Test
	void growthThatThePoolRefusesLeavesTheBuffer() {
		BufferPool pool = BufferPool.builder("data")
			.memory(this.memory)
			.tiers(64, 256)
			.maxTotal(1)
			.policy(ExhaustionPolicy.FAIL)
			.build();
		this.pools.add(pool);
		PooledBuffer other = pool.acquire(256);
		PooledDataBuffer buffer = filled(new PooledDataBufferFactory(pool), "abc");
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> buffer.ensureWritable(100));
		assertThat(text(buffer)).isEqualTo("abc");
		release(buffer);
		other.release();
	}

	// Content

	@Test
	void bytesAreFoundFromBothEnds() {
		PooledDataBuffer buffer = filled(factory(), "abcb");
		assertThat(buffer.indexOf((value) -> value == 'b', 0)).isEqualTo(1);
		assertThat(buffer.indexOf((value) -> value == 'b', Integer.MIN_VALUE)).isEqualTo(1);
		assertThat(buffer.indexOf((value) -> value == 'b', Integer.MAX_VALUE)).isEqualTo(-1);
		assertThat(buffer.indexOf((value) -> value == 'z', 0)).isEqualTo(-1);
		assertThat(buffer.lastIndexOf((value) -> value == 'b', Integer.MAX_VALUE)).isEqualTo(3);
		assertThat(buffer.lastIndexOf((value) -> value == 'b', 2)).isEqualTo(1);
		assertThat(buffer.lastIndexOf((value) -> value == 'b', Integer.MIN_VALUE)).isEqualTo(-1);
		release(buffer);
	}

	@Test
	void bytesAreProcessedUntilOneIsRefused() {
		PooledDataBuffer buffer = filled(factory(), "abcd");
		assertThat(buffer.forEachByte(1, 3, (value) -> value != 'c')).isEqualTo(2);
		assertThat(buffer.forEachByte(0, 4, (value) -> true)).isEqualTo(-1);
		assertThatExceptionOfType(IndexOutOfBoundsException.class)
			.isThrownBy(() -> buffer.forEachByte(1, 4, (value) -> true));
		release(buffer);
	}

	@Test
	void singleBytesAreThoseThatWereWritten() {
		PooledDataBuffer buffer = factory().allocateBuffer(4);
		buffer.write(bytes("ab"));
		assertThat(buffer.getByte(1)).isEqualTo((byte) 'b');
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> buffer.getByte(-1));
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> buffer.getByte(2));
		release(buffer);
	}

	@Test
	void textIsEncodedAndOutgrowsTheCapacity() {
		PooledDataBuffer buffer = factory().allocateBuffer(1);
		buffer.write("Spring \u20AC", StandardCharsets.UTF_8).write("!", StandardCharsets.US_ASCII);
		assertThat(text(buffer)).isEqualTo("Spring \u20AC!");
		assertThat(buffer.toString(1, 3, StandardCharsets.UTF_8)).isEqualTo("pri");
		release(buffer);
	}

	@Test
	void otherBuffersAreWrittenFromTheirReadPositionsAndStayTheirOwners() {
		PooledDataBufferFactory factory = factory();
		PooledDataBuffer own = filled(factory, "xab");
		own.readPosition(1);
		DataBuffer foreign = DefaultDataBufferFactory.sharedInstance.wrap(bytes("cd"));
		PooledDataBuffer buffer = factory.allocateBuffer(1);
		buffer.write(own, foreign).write(ByteBuffer.wrap(bytes("ef")), ByteBuffer.allocateDirect(1).put(0, (byte) 'g'));
		assertThat(text(buffer)).isEqualTo("abcdefg");
		assertThat(own.isAllocated()).isTrue();
		release(buffer, own);
	}

	@Test
	void contentIsCopiedToAnyPlaceOfAByteBuffer() {
		PooledDataBuffer buffer = filled(factory(), "abcd");
		ByteBuffer target = ByteBuffer.allocate(4).position(4);
		buffer.toByteBuffer(1, target, 1, 2);
		assertThat(target.array()).containsExactly(0, 'b', 'c', 0);
		assertThat(target.position()).isEqualTo(4);
		assertThat(buffer.toByteBuffer(1, 3)).isEqualTo(ByteBuffer.wrap(bytes("bcd")));
		assertThatExceptionOfType(IndexOutOfBoundsException.class)
			.isThrownBy(() -> buffer.toByteBuffer(0, ByteBuffer.allocate(3), 0, 4));
		release(buffer);
	}

	@Test
	void streamsShareThePositions() throws Exception {
		PooledDataBuffer buffer = factory().allocateBuffer(2);
		try (OutputStream out = buffer.asOutputStream()) {
			out.write('a');
			out.write(bytes("bcd"));
		}
		try (InputStream in = buffer.asInputStream(true)) {
			assertThat(in.available()).isEqualTo(4);
			assertThat(in.read()).isEqualTo('a');
			ByteArrayOutputStream rest = new ByteArrayOutputStream();
			in.transferTo(rest);
			assertThat(rest).hasToString("bcd");
		}
		assertThat(buffer.isAllocated()).isFalse();
	}

	// Views

	@Test
	void readableViewIsReadOnlyAndOfWhatCanBeRead() {
		PooledDataBuffer buffer = filled(factory(), "abc");
		buffer.readPosition(1).writePosition(2);
		try (DataBuffer.ByteBufferIterator views = buffer.readableByteBuffers()) {
			ByteBuffer view = views.next();
			assertThat(view.isReadOnly()).isTrue();
			assertThat(view).isEqualTo(ByteBuffer.wrap(bytes("b")));
			assertThat(view.capacity()).isOne();
			assertThat(views).isExhausted();
		}
		release(buffer);
	}

	@Test
	void writableViewIsOfTheRestOfTheCapacity() {
		PooledDataBuffer buffer = factory().allocateBuffer(3);
		buffer.write(bytes("ab"));
		try (DataBuffer.ByteBufferIterator views = buffer.writableByteBuffers()) {
			ByteBuffer view = views.next();
			assertThat(view.capacity()).isOne();
			view.put((byte) 'c');
			assertThat(views).isExhausted();
		}
		buffer.writePosition(3);
		assertThat(text(buffer)).isEqualTo("abc");
		release(buffer);
	}

	@Test
	void byteBufferSharesTheContent() {
		PooledDataBuffer buffer = factory().allocateBuffer(2);
		ByteBuffer view = buffer.asByteBuffer(0, 2);
		buffer.write((byte) 'a');
		assertThat(view.get(0)).isEqualTo((byte) 'a');
		view.put(1, (byte) 'b');
		assertThat(text(buffer.writePosition(2))).isEqualTo("ab");
		assertThat(buffer.asByteBuffer().capacity()).isEqualTo(2);
		assertThat(view.isDirect()).isEqualTo(this.memory == MemoryKind.OFF_HEAP);
		release(buffer);
	}

	// Parts

	@Test
	void sliceSharesContentAndReferenceCount() {
		PooledDataBuffer buffer = factory().allocateBuffer(3);
		buffer.write(bytes("ab"));
		DataBuffer slice = buffer.slice(1, 2);
		buffer.write((byte) 'c');
		assertThat(text(slice)).isEqualTo("bc");
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> slice.capacity(3));
		release(slice);
		assertThat(buffer.isAllocated()).isFalse();
		assertThat(leased()).isZero();
	}

	@Test
	void retainedSliceNeedsAReleaseOfItsOwn() {
		PooledDataBuffer buffer = filled(factory(), "abc");
		DataBuffer slice = buffer.retainedSlice(1, 2);
		release(buffer);
		assertThat(text(slice)).isEqualTo("bc");
		assertThat(leased()).isOne();
		release(slice);
	}

	@Test
	void sliceOutlivesTheGrowthOfItsParent() {
		PooledDataBuffer buffer = filled(factory(), "abc");
		DataBuffer slice = buffer.slice(1, 2);
		buffer.ensureWritable(1000);
		assertThat(text(slice)).isEqualTo("bc");
		release(buffer);
	}

	@Test
	void sliceCanBeWrittenToItsParent() {
		PooledDataBuffer buffer = filled(factory(), "abcdef");
		DataBuffer slice = buffer.slice(3, 3);
		buffer.writePosition(3).write(slice);
		assertThat(text(buffer)).isEqualTo("abcdef");
		release(buffer);
	}

	@Test
	void partsOfASplitAreIndependent() {
		PooledDataBuffer buffer = factory().allocateBuffer(4);
		buffer.write(bytes("abc")).readPosition(1);
		PooledDataBuffer head = (PooledDataBuffer) buffer.split(2);
		assertThat(head.capacity()).isEqualTo(2);
		assertThat(text(head)).isEqualTo("b");
		assertThat(buffer.capacity()).isEqualTo(2);
		assertThat(text(buffer)).isEqualTo("c");
		head.write(bytes("x"));
		buffer.write(bytes("d"));
		assertThat(text(head)).isEqualTo("bx");
		assertThat(text(buffer)).isEqualTo("cd");
		release(head);
		assertThat(text(buffer)).as("the head had a reference of its own").isEqualTo("cd");
		release(buffer);
	}

	@Test
	void splitAtTheEndsLeavesEmptyParts() {
		PooledDataBuffer buffer = filled(factory(), "abc");
		DataBuffer none = buffer.split(0);
		DataBuffer all = buffer.split(3);
		assertThat(none.capacity()).isZero();
		assertThat(text(all)).isEqualTo("abc");
		assertThat(buffer.capacity()).isZero();
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> buffer.split(-1));
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> buffer.split(1));
		release(none, all, buffer);
	}

	// Factory

	@Test
	void joinTakesItsInputsOver() {
		PooledDataBufferFactory factory = factory();
		PooledDataBuffer first = filled(factory, "ab");
		PooledDataBuffer second = filled(factory, "xcd");
		second.readPosition(1);
		DataBuffer joined = factory.join(List.of(first, second));
		assertThat(text(joined)).isEqualTo("abcd");
		assertThat(joined.capacity()).isEqualTo(4);
		assertThat(leased()).isOne();
		release(joined);
		PooledDataBuffer single = filled(factory, "a");
		assertThat(factory.join(List.of(single))).isSameAs(single);
		release(single);
	}

	@Test
	void joinThatFailsLeavesNothingLeased() {
		PooledDataBufferFactory factory = factory();
		PooledDataBuffer first = filled(factory, "ab");
		PooledDataBuffer released = filled(factory, "cd");
		release(released);
		assertThatException().isThrownBy(() -> factory.join(List.of(first, released)));
		assertThat(leased()).isZero();
	}

	@Test
	void wrappedBytesAreNeitherCopiedNorPooled() {
		PooledDataBufferFactory factory = factory();
		byte[] bytes = bytes("abc");
		PooledDataBuffer ofArray = factory.wrap(bytes);
		PooledDataBuffer ofBuffer = factory.wrap(ByteBuffer.wrap(bytes, 1, 2));
		bytes[1] = 'x';
		assertThat(text(ofArray)).isEqualTo("axc");
		assertThat(text(ofBuffer)).isEqualTo("xc");
		assertThat(leased()).isZero();
		ofBuffer.write(bytes("d"));
		assertThat(text(ofBuffer)).isEqualTo("xcd");
		release(ofArray, ofBuffer);
	}

	@Test
	void wrappedLeaseHasAReferenceOfItsOwn() {
		PooledDataBufferFactory factory = factory();
		PooledBuffer lease = this.pools.get(0).acquire(3);
		lease.copyIn(0, bytes("abc"));
		PooledDataBuffer buffer = factory.wrap(lease);
		lease.release();
		assertThat(text(buffer)).isEqualTo("abc");
		release(buffer);
	}

	@Test
	void factoryTellsWhereItsMemoryIs() {
		PooledDataBufferFactory factory = factory();
		assertThat(factory.isDirect()).isEqualTo(this.memory == MemoryKind.OFF_HEAP);
		PooledDataBuffer buffer = factory.allocateBuffer();
		assertThat(buffer.capacity()).isEqualTo(256);
		release(buffer);
	}

	@Test
	void utilitiesOfSpringLeaveNothing() {
		PooledDataBufferFactory factory = factory();
		Flux<DataBuffer> parts = Flux.just("ab", "c", "def").map((text) -> filled(factory, text));
		DataBuffer joined = DataBufferUtils.join(parts).block();
		assertThat(joined).isNotNull();
		assertThat(text(joined)).isEqualTo("abcdef");
		release(joined);
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		DataBufferUtils.write(parts, out).map(DataBufferUtils::release).blockLast();
		assertThat(out).hasToString("abcdef");
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> DataBufferUtils.join(parts, 4).block());
		DataBuffer cut = DataBufferUtils.join(DataBufferUtils.takeUntilByteCount(parts, 4)).block();
		assertThat(cut).isNotNull();
		assertThat(text(cut)).isEqualTo("abcd");
		release(cut);
		DataBufferUtils.Matcher matcher = DataBufferUtils.matcher(bytes("c"));
		PooledDataBuffer searched = filled(factory, "abc");
		assertThat(matcher.match(searched)).isEqualTo(2);
		release(searched);
	}

}
