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
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.LeaseException;
import org.junit.jupiter.api.Test;

import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.converter.ResourceHttpMessageConverter;
import org.springframework.mock.http.MockHttpOutputMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A buffer where Spring takes a {@link Resource}.
 */
class PooledBufferResourceTests {

	private final BufferPool pool = BufferPool.builder("uploads").tiers(64).build();

	private PooledBuffer digits() {
		PooledBuffer buffer = this.pool.acquire(10);
		buffer.copyIn(0, "0123456789".getBytes(StandardCharsets.UTF_8));
		return buffer;
	}

	private long leased() {
		return this.pool.statistics().leased();
	}

	@Test
	void hasTheBytesOfTheBuffer() throws IOException {
		try (PooledBuffer buffer = digits()) {
			Resource resource = PooledBufferResource.of(buffer);
			assertThat(resource.contentLength()).isEqualTo(10);
			assertThat(resource.getContentAsString(StandardCharsets.UTF_8)).isEqualTo("0123456789");
			assertThat(resource.getContentAsByteArray()).isEqualTo(buffer.toByteArray());
			assertThat(resource.getFilename()).isNull();
			assertThat(resource.exists()).isTrue();
			assertThat(resource.isReadable()).isTrue();
			assertThat(resource.isOpen()).as("it can be read again").isFalse();
			assertThat(resource.isFile()).isFalse();
		}
		assertThat(leased()).isZero();
	}

	@Test
	void eachStreamBeginsAtTheFirstByte() throws IOException {
		try (PooledBuffer buffer = digits()) {
			Resource resource = PooledBufferResource.of(buffer);
			try (InputStream first = resource.getInputStream(); InputStream second = resource.getInputStream()) {
				assertThat(first.readNBytes(5)).asString().isEqualTo("01234");
				assertThat(second.readAllBytes()).asString().isEqualTo("0123456789");
			}
		}
		assertThat(leased()).isZero();
	}

	@Test
	void streamKeepsTheMemoryUntilItIsClosed() throws IOException {
		PooledBuffer buffer = digits();
		Resource resource = PooledBufferResource.of(buffer);
		InputStream stream = resource.getInputStream();
		buffer.release();
		assertThat(resource.exists()).isFalse();
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		stream.transferTo(out);
		assertThat(out).hasToString("0123456789");
		assertThat(leased()).isOne();
		stream.close();
		stream.close();
		assertThat(leased()).isZero();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(stream::read);
	}

	@Test
	void streamOfAReleasedBufferIsRefused() {
		PooledBuffer buffer = digits();
		buffer.release();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(PooledBufferResource.of(buffer)::getInputStream);
		assertThat(PooledBufferResource.of(buffer).contentLength()).isEqualTo(10);
	}

	@Test
	void springWritesItAsABodyAndLeavesTheBufferToItsOwner() throws IOException {
		MockHttpOutputMessage message = new MockHttpOutputMessage();
		try (PooledBuffer buffer = digits()) {
			new ResourceHttpMessageConverter().write(PooledBufferResource.of(buffer),
					MediaType.APPLICATION_OCTET_STREAM, message);
			assertThat(buffer.referenceCount()).isOne();
		}
		assertThat(message.getBodyAsString()).isEqualTo("0123456789");
		assertThat(message.getHeaders().getFirst(HttpHeaders.CONTENT_LENGTH)).isEqualTo("10");
		assertThat(leased()).isZero();
	}

	@Test
	void descriptionHasNothingOfTheContent() throws IOException {
		try (PooledBuffer buffer = digits()) {
			assertThat(PooledBufferResource.of(buffer)).hasToString(buffer.toString());
		}
		assertThat(PooledBufferResource.of(this.pool.acquire(1)).toString()).doesNotContain("0123456789");
	}

	@Test
	void resourcesOfOneBufferAreEqual() {
		try (PooledBuffer buffer = digits(); PooledBuffer other = digits()) {
			assertThat(PooledBufferResource.of(buffer)).isEqualTo(PooledBufferResource.of(buffer))
				.hasSameHashCodeAs(PooledBufferResource.of(buffer))
				.isNotEqualTo(PooledBufferResource.of(other));
		}
	}

}
