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

package io.mempool.docs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.PooledBufferedOutputStream;
import io.mempool.buffer.SharedBytes;
import io.mempool.spring.PooledBufferResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.core.io.Resource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The snippets of the page on buffers.
 */
class BuffersTests {

	private static final Charset UTF_8 = StandardCharsets.UTF_8;

	private final BufferPool pool = BufferPool.builder("uploads").tiers(64, 4096).build();

	@AfterEach
	void nothingIsLeasedAtTheEnd() {
		assertThat(this.pool.statistics().leased()).isZero();
	}

	@Test
	void headerIsWrittenAndRead() {
		BufferPool pool = this.pool;
		// tag::numbers[]
		try (PooledBuffer header = pool.acquire(13)) {
			header.put(0, (byte) 1);
			header.putInt(1, 42);
			header.putLong(5, System.nanoTime());
			int length = header.getInt(1);
			// end::numbers[]
			assertThat(length).isEqualTo(42);
			// tag::numbers[]
		}
		// end::numbers[]
	}

	@Test
	void bytesAndTextAreCopied() {
		BufferPool pool = this.pool;
		// tag::copies[]
		try (PooledBuffer buffer = pool.acquire(64)) {
			buffer.copyIn(0, "Hello ".getBytes(UTF_8));
			buffer.copyIn(6, ByteBuffer.wrap("world".getBytes(UTF_8)));
			try (PooledBuffer greeting = buffer.slice(0, 11)) {
				String text = greeting.toString(UTF_8);
				byte[] bytes = greeting.toByteArray();
				// end::copies[]
				assertThat(text).isEqualTo("Hello world");
				assertThat(bytes).hasSize(11);
				// tag::copies[]
			}
		}
		// end::copies[]
	}

	@Test
	void frameIsReadFromAStreamAndWrittenToAnother() throws IOException {
		ByteArrayOutputStream frame = new ByteArrayOutputStream();
		DataOutputStream data = new DataOutputStream(frame);
		data.writeInt(5);
		data.writeBytes("hello");
		ByteArrayOutputStream target = new ByteArrayOutputStream();
		copyFrame(new ByteArrayInputStream(frame.toByteArray()), target);
		assertThat(target).hasToString("hello");
	}

	private void copyFrame(InputStream source, OutputStream target) throws IOException {
		BufferPool pool = this.pool;
		// tag::streams[]
		try (PooledBuffer header = pool.acquire(4)) {
			header.readFully(source);
			try (PooledBuffer payload = pool.acquire(header.getInt(0))) {
				payload.readFully(source);
				payload.writeTo(target);
			}
		}
		// end::streams[]
	}

	@Test
	void streamIsCopiedThroughABuffer() throws IOException {
		ByteArrayOutputStream target = new ByteArrayOutputStream();
		copy(new ByteArrayInputStream(new byte[10_000]), target);
		assertThat(target.size()).isEqualTo(10_000);
	}

	private void copy(InputStream source, OutputStream target) throws IOException {
		BufferPool pool = this.pool;
		// tag::copy[]
		try (PooledBuffer buffer = pool.acquire(4096)) {
			int count;
			while ((count = buffer.readFrom(source, 0, buffer.size())) >= 0) {
				buffer.writeTo(target, 0, count);
			}
		}
		// end::copy[]
	}

	@Test
	void smallWritesGoThroughABuffer() throws IOException {
		ByteArrayOutputStream socket = new ByteArrayOutputStream();
		BufferPool pool = this.pool;
		// tag::buffered[]
		try (DataOutputStream out = new DataOutputStream(new PooledBufferedOutputStream(pool, socket, 4096))) {
			out.writeInt(42);
			out.writeUTF("hello");
		}
		// end::buffered[]
		assertThat(socket.size()).isEqualTo(11);
	}

	@Test
	void anotherThreadKeepsTheBuffer() {
		BufferPool pool = this.pool;
		StringBuilder log = new StringBuilder();
		// tag::retain[]
		try (PooledBuffer buffer = pool.acquire(64)) {
			PooledBuffer retained = buffer.retain();
			Thread thread = new Thread(() -> {
				try (retained) {
					log.append(retained.size());
				}
			});
			thread.start();
			// end::retain[]
			thread.join();
			// tag::retain[]
		} // the memory returns when both are released
			// end::retain[]
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
		assertThat(log).hasToString("64");
	}

	@Test
	void viewGoesToAnApiWithoutLeases() {
		BufferPool pool = this.pool;
		Consumer<ByteBuffer> codec = (bytes) -> assertThat(bytes.remaining()).isEqualTo(64);
		// tag::share[]
		try (PooledBuffer buffer = pool.acquire(64)) {
			SharedBytes shared = buffer.share();
			codec.accept(shared.bytes());
			shared.release().run(); // acts once, from any thread
		}
		// end::share[]
	}

	@Test
	void bytesOfTheCallerAreWrapped() throws IOException {
		byte[] bytes = "hello".getBytes(UTF_8);
		ByteArrayOutputStream target = new ByteArrayOutputStream();
		// tag::wrap[]
		try (PooledBuffer buffer = PooledBuffer.wrap(bytes)) {
			send(buffer, target);
		} // nothing is cleared or pooled
			// end::wrap[]
		assertThat(target).hasToString("hello");
	}

	private static void send(PooledBuffer buffer, OutputStream target) throws IOException {
		assertThat(buffer.isTransient()).isTrue();
		buffer.writeTo(target);
	}

	@Test
	void bufferIsAResource() throws IOException {
		try (PooledBuffer buffer = this.pool.acquire(5)) {
			buffer.copyIn(0, "hello".getBytes(UTF_8));
			// tag::resource[]
			Resource resource = PooledBufferResource.of(buffer);
			try (InputStream stream = resource.getInputStream()) {
				stream.transferTo(OutputStream.nullOutputStream());
			}
			// end::resource[]
			assertThat(resource.contentLength()).isEqualTo(5);
		}
	}

	@Test
	void viewIsWrittenToAChannel() throws IOException {
		BufferPool pool = this.pool;
		WritableByteChannel channel = Channels.newChannel(new ByteArrayOutputStream());
		// tag::view[]
		try (PooledBuffer buffer = pool.acquire(4096)) {
			ByteBuffer view = buffer.byteBuffer();
			for (int i = 0; i < 1024; i++) {
				view.putInt(i * i);
			}
			channel.write(view.flip());
		} // do not use the view from here on
			// end::view[]
	}

}
