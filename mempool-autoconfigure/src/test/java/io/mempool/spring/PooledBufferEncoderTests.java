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

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.LeaseException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;

import org.springframework.core.ResolvableType;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.MediaType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Leases as data buffers of the server or client that sends them.
 */
class PooledBufferEncoderTests {

	private static final ResolvableType TYPE = ResolvableType.forClass(PooledBuffer.class);

	private static final NettyDataBufferFactory NETTY = new NettyDataBufferFactory(PooledByteBufAllocator.DEFAULT);

	private static final DefaultDataBufferFactory OTHER = DefaultDataBufferFactory.sharedInstance;

	private BufferPool pool = BufferPool.builder("bodies").tiers(64).build();

	@AfterEach
	void nothingIsLeased() {
		assertThat(this.pool.statistics().leased()).isZero();
		assertThat(this.pool.statistics().doubleReleases()).isZero();
	}

	private PooledBuffer digits() {
		// The second block of an array, if blocks share arrays
		PooledBuffer first = this.pool.acquire(10);
		PooledBuffer buffer = this.pool.acquire(10);
		first.release();
		buffer.copyIn(0, "0123456789".getBytes(StandardCharsets.UTF_8));
		return buffer;
	}

	private static DataBuffer encode(PooledBufferEncoder encoder, PooledBuffer buffer, DataBufferFactory factory) {
		return encoder.encodeValue(buffer, factory, TYPE, null, null);
	}

	@ParameterizedTest
	@EnumSource(MemoryKind.class)
	void nettyGetsTheMemoryItselfAndItsCountEndsTheLease(MemoryKind memory) {
		this.pool = BufferPool.builder("bodies").memory(memory).tiers(64).build();
		PooledBuffer buffer = digits();
		DataBuffer encoded = encode(PooledBufferEncoder.closing(), buffer, NETTY);
		assertThat(buffer.isAlive()).isFalse();
		ByteBuf sent = NettyDataBufferFactory.toByteBuf(encoded);
		assertThat(sent.isDirect()).isEqualTo(memory == MemoryKind.OFF_HEAP);
		assertThat(sent.toString(StandardCharsets.UTF_8)).isEqualTo("0123456789");
		sent.retain();
		sent.release();
		assertThat(this.pool.statistics().leased()).isOne();
		sent.release();
	}

	@Test
	void memoryIsTheSame() {
		PooledBuffer buffer = digits();
		DataBuffer encoded = encode(PooledBufferEncoder.borrowing(), buffer, NETTY);
		buffer.put(0, (byte) 'x');
		assertThat(encoded.toString(StandardCharsets.UTF_8)).isEqualTo("x123456789");
		DataBufferUtils.release(encoded);
		assertThat(buffer.isAlive()).isTrue();
		buffer.release();
	}

	@Test
	void otherServersReleaseWhatTheySend() {
		PooledBuffer buffer = digits();
		DataBuffer encoded = encode(PooledBufferEncoder.closing(), buffer, OTHER);
		assertThat(buffer.isAlive()).isFalse();
		assertThat(encoded.factory()).isSameAs(OTHER);
		assertThat(encoded.toString(StandardCharsets.UTF_8)).isEqualTo("0123456789");
		assertThat(DataBufferUtils.release(encoded)).isTrue();
	}

	// As the connectors of the JDK and of Apache do
	@Test
	void otherClientsMayCopyWithoutARelease() {
		PooledBuffer buffer = digits();
		DataBuffer encoded = encode(PooledBufferEncoder.borrowing(), buffer, OTHER);
		ByteBuffer copy = ByteBuffer.allocate(encoded.readableByteCount());
		encoded.toByteBuffer(copy);
		assertThat(copy.array()).asString().isEqualTo("0123456789");
		buffer.release();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> encoded.toByteBuffer(copy));
	}

	@Test
	void viewOfABorrowedBufferKeepsItsMemoryWhileItIsOpen() {
		PooledBuffer buffer = digits();
		DataBuffer encoded = encode(PooledBufferEncoder.borrowing(), buffer, OTHER);
		try (DataBuffer.ByteBufferIterator views = encoded.readableByteBuffers()) {
			buffer.release();
			assertThat(this.pool.statistics().leased()).isOne();
			assertThat(StandardCharsets.UTF_8.decode(views.next()).toString()).isEqualTo("0123456789");
		}
	}

	@Test
	void eachOfSeveralBuffersIsEncoded() {
		Flux<DataBuffer> encoded = PooledBufferEncoder.closing()
			.encode(Flux.range(0, 3).map((index) -> digits()), NETTY, TYPE, MediaType.APPLICATION_OCTET_STREAM, null);
		List<String> texts = encoded.map((buffer) -> {
			String text = buffer.toString(StandardCharsets.UTF_8);
			DataBufferUtils.release(buffer);
			return text;
		}).collectList().block();
		assertThat(texts).containsExactly("0123456789", "0123456789", "0123456789");
	}

	@Test
	void releasedBufferIsRefused() {
		PooledBuffer buffer = digits();
		buffer.release();
		assertThatExceptionOfType(LeaseException.class)
			.isThrownBy(() -> encode(PooledBufferEncoder.closing(), buffer, NETTY));
	}

	@Test
	void onlyPooledBuffersAreEncoded() {
		PooledBufferEncoder encoder = PooledBufferEncoder.closing();
		assertThat(encoder.canEncode(TYPE, null)).isTrue();
		assertThat(encoder.canEncode(TYPE, MediaType.IMAGE_PNG)).isTrue();
		assertThat(encoder.canEncode(ResolvableType.forClass(byte[].class), null)).isFalse();
		assertThat(encoder.canEncode(ResolvableType.forClass(Object.class), null)).isFalse();
	}

}
