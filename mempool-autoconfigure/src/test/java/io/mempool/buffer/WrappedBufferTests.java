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

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

import io.mempool.core.LeaseException;
import io.mempool.scope.BufferScope;
import io.mempool.slice.Slice;
import io.mempool.testing.Together;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Bytes of the user as a buffer: the rules of a lease, and no pool.
 */
class WrappedBufferTests {

	private final byte[] bytes = "0123456789".getBytes(StandardCharsets.UTF_8);

	@Test
	void isTheMemoryItself() {
		PooledBuffer buffer = PooledBuffer.wrap(this.bytes, 2, 5);
		assertThat(buffer.size()).isEqualTo(5);
		assertThat(buffer.capacity()).isEqualTo(5);
		assertThat(buffer.array()).isSameAs(this.bytes);
		assertThat(buffer.arrayOffset()).isEqualTo(2);
		buffer.put(0, (byte) 'x');
		assertThat(this.bytes[2]).isEqualTo((byte) 'x');
		buffer.release();
	}

	@Test
	void rangeThatTheArrayDoesNotHaveIsRefused() {
		assertThatExceptionOfType(IndexOutOfBoundsException.class)
			.isThrownBy(() -> PooledBuffer.wrap(this.bytes, 6, 5));
	}

	@Test
	void remainingBytesOfAByteBufferAreWrapped() {
		ByteBuffer source = ByteBuffer.wrap(this.bytes, 3, 4);
		PooledBuffer buffer = PooledBuffer.wrap(source);
		assertThat(buffer.toString(StandardCharsets.UTF_8)).isEqualTo("3456");
		assertThat(source.position()).isEqualTo(3);
		buffer.release();
	}

	@Test
	void readOnlyBytesStayReadOnly() {
		PooledBuffer buffer = PooledBuffer.wrap(ByteBuffer.wrap(this.bytes).asReadOnlyBuffer());
		assertThat(buffer.hasArray()).isFalse();
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(buffer::array)
			.withMessageContaining("read-only");
		assertThatExceptionOfType(ReadOnlyBufferException.class).isThrownBy(() -> buffer.put(0, (byte) 1));
		assertThat(buffer.get(1)).isEqualTo((byte) '1');
		assertThat(buffer.referenceCount()).isOne();
		buffer.release();
	}

	@Test
	void numbersAreBigEndianWhateverTheOrderOfTheByteBuffer() {
		ByteBuffer source = ByteBuffer.allocateDirect(4).order(ByteOrder.LITTLE_ENDIAN);
		try (PooledBuffer buffer = PooledBuffer.wrap(source)) {
			buffer.putInt(0, 1);
			assertThat(buffer.toByteArray()).containsExactly(0, 0, 0, 1);
		}
	}

	@Test
	void bytesStayAsTheyAreAfterTheLastRelease() {
		PooledBuffer buffer = PooledBuffer.wrap(this.bytes);
		PooledBuffer retained = buffer.retain();
		PooledBuffer part = buffer.slice(2, 3);
		assertThat(buffer.referenceCount()).isEqualTo(3);
		buffer.release();
		retained.release();
		assertThat(part.toString(StandardCharsets.UTF_8)).isEqualTo("234");
		part.release();
		assertThat(this.bytes).asString(StandardCharsets.UTF_8).isEqualTo("0123456789");
	}

	@Test
	void releasedHandleIsDeadAlthoughOthersLive() {
		PooledBuffer buffer = PooledBuffer.wrap(this.bytes);
		PooledBuffer retained = buffer.retain();
		buffer.release();
		assertThat(buffer.isAlive()).isFalse();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> buffer.get(0))
			.withMessageStartingWith("Cannot read a buffer of 10 bytes of wrapped bytes: it was released before");
		assertThatExceptionOfType(LeaseException.class).isThrownBy(buffer::release);
		assertThatExceptionOfType(LeaseException.class).isThrownBy(buffer::discard);
		buffer.close();
		assertThat(retained.get(0)).isEqualTo((byte) '0');
		retained.release();
		assertThat(retained.isAlive()).isFalse();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(retained::retain);
	}

	@Test
	void oneOfSeveralThreadsReleasesIt() throws Exception {
		for (int round = 0; round < 200; round++) {
			PooledBuffer buffer = PooledBuffer.wrap(this.bytes);
			AtomicInteger released = new AtomicInteger();
			Together.run(2, (thread) -> {
				try {
					buffer.release();
					released.incrementAndGet();
				}
				catch (LeaseException ex) {
					// The other thread was first
				}
			});
			assertThat(released).hasValue(1);
		}
	}

	@Test
	void scopeOwnsItAndSaysSoLater() {
		BufferScope scope = new BufferScope(BufferPool.builder("uploads").build(), 100);
		PooledBuffer buffer = scope.adopt(PooledBuffer.wrap(this.bytes));
		assertThat(scope.remaining()).isEqualTo(90);
		scope.close();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> buffer.get(0))
			.withMessageContaining("the request or scope that owned it has ended");
	}

	@Test
	void scopeThatIsAbandonedEndsIt() {
		BufferScope scope = new BufferScope(BufferPool.builder("uploads").build(), 100, null, true);
		PooledBuffer buffer = scope.adopt(PooledBuffer.wrap(this.bytes));
		scope.abandon();
		assertThat(buffer.isAlive()).isFalse();
	}

	@Test
	void sliceHasItsReference() {
		PooledBuffer buffer = PooledBuffer.wrap(this.bytes);
		Slice slice = Slice.of(buffer);
		assertThat(slice.toByteArray()).isEqualTo(this.bytes);
		slice.release();
		assertThat(buffer.isAlive()).isFalse();
	}

	@Test
	void bytesAreSharedWithWhatReleasesThem() {
		PooledBuffer buffer = PooledBuffer.wrap(this.bytes);
		SharedBytes shared = buffer.share();
		buffer.release();
		assertThat(shared.bytes().get(9)).isEqualTo((byte) '9');
		shared.close();
	}

	@Test
	void noBytesAreABufferToo() {
		try (PooledBuffer buffer = PooledBuffer.wrap(new byte[0])) {
			assertThat(buffer.toByteArray()).isEmpty();
		}
	}

	@Test
	void toStringSaysThatItIsWrapped() {
		try (PooledBuffer buffer = PooledBuffer.wrap(this.bytes)) {
			assertThat(buffer).hasToString("PooledBuffer[wrapped, size=10, capacity=10, references=1]");
		}
	}

}
