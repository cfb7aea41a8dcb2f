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

import java.util.Map;

import io.mempool.buffer.PooledBuffer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

import org.springframework.core.ResolvableType;
import org.springframework.core.codec.AbstractEncoder;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.util.ClassUtils;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/**
 * Writes pooled buffers as messages. Netty gets the memory itself: the memory of an
 * off-heap pool goes to the socket without a copy.
 * <p>
 * <strong>Ownership.</strong> {@link #closing()} closes the buffers that it is given, as
 * a server has to. {@link #borrowing()} leaves them to their owner: a client sends a body
 * again after a redirect or a retry. The owner releases it when the call has ended.
 *
 * @since 0.1.0
 */
public final class PooledBufferEncoder extends AbstractEncoder<PooledBuffer> {

	private static final boolean NETTY = ClassUtils.isPresent("io.netty.buffer.ByteBuf",
			PooledBufferEncoder.class.getClassLoader());

	private final boolean closes;

	private PooledBufferEncoder(boolean closes) {
		super(MimeTypeUtils.APPLICATION_OCTET_STREAM, MimeTypeUtils.ALL);
		this.closes = closes;
	}

	/**
	 * Return an encoder that closes what it is given. The data buffers that it makes have
	 * references of their own, which end with these.
	 * @return an encoder for responses of a server
	 */
	public static PooledBufferEncoder closing() {
		return new PooledBufferEncoder(true);
	}

	/**
	 * Return an encoder that leaves what it is given to its owner.
	 * @return an encoder for requests of a client
	 */
	public static PooledBufferEncoder borrowing() {
		return new PooledBufferEncoder(false);
	}

	@Override
	public boolean canEncode(ResolvableType elementType, @Nullable MimeType mimeType) {
		return PooledBuffer.class.isAssignableFrom(elementType.toClass()) && super.canEncode(elementType, mimeType);
	}

	@Override
	public Flux<DataBuffer> encode(Publisher<? extends PooledBuffer> input, DataBufferFactory factory,
			ResolvableType elementType, @Nullable MimeType mimeType, @Nullable Map<String, Object> hints) {
		Flux<DataBuffer> encoded = Flux.from(input)
			.map((buffer) -> encodeValue(buffer, factory, elementType, mimeType, hints));
		return this.closes ? encoded.doOnDiscard(PooledBuffer.class, PooledBuffer::close) : encoded;
	}

	@Override
	public DataBuffer encodeValue(PooledBuffer buffer, DataBufferFactory factory, ResolvableType valueType,
			@Nullable MimeType mimeType, @Nullable Map<String, Object> hints) {
		try {
			if (NETTY && factory instanceof NettyDataBufferFactory netty) {
				return NettyLeases.wrap(buffer, netty);
			}
			return this.closes ? LeaseDataBuffer.full(factory, DataBufferMemory.HEAP, buffer.retain())
					: LeaseDataBuffer.borrowed(factory, buffer);
		}
		finally {
			if (this.closes) {
				buffer.close();
			}
		}
	}

	@Override
	public String toString() {
		return "PooledBufferEncoder[closes=" + this.closes + "]";
	}

}
