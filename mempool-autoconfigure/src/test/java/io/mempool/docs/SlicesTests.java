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
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

import io.mempool.buffer.BufferPool;
import io.mempool.scope.BufferScope;
import io.mempool.slice.Slice;
import io.mempool.slice.SliceReader;
import io.mempool.slice.SliceWriter;
import io.mempool.slice.SlicingAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The snippets of the page on slices.
 */
class SlicesTests {

	private static final Charset UTF_8 = StandardCharsets.UTF_8;

	private final BufferPool pool = BufferPool.builder("frames").tiers(1 << 16).build();

	@AfterEach
	void nothingIsLeasedAtTheEnd() {
		assertThat(this.pool.statistics().leased()).isZero();
	}

	@Test
	void framesCrossAPipe() throws IOException {
		Pipe pipe = Pipe.open();
		try (Pipe.SinkChannel sink = pipe.sink(); Pipe.SourceChannel source = pipe.source()) {
			send(sink, "hello".getBytes(UTF_8));
			assertThat(receive(source)).isEqualTo("hello");
		}
	}

	private void send(GatheringByteChannel channel, byte[] message) throws IOException {
		BufferPool pool = this.pool;
		// tag::send[]
		try (SlicingAllocator allocator = new SlicingAllocator(pool, 4);
				SliceWriter writer = new SliceWriter(channel)) {
			Slice frame = allocator.copy(message);
			frame.expandFront(4);
			frame.putInt(0, message.length);
			writer.add(frame); // the writer owns it now
			writer.flush();
		}
		// end::send[]
	}

	private String receive(ReadableByteChannel channel) throws IOException {
		BufferPool pool = this.pool;
		// tag::receive[]
		try (SliceReader reader = new SliceReader(pool, channel)) {
			int length;
			try (Slice header = reader.read(4)) {
				length = header.getInt(0);
			}
			try (Slice payload = reader.read(length)) {
				return payload.toString(UTF_8);
			}
		}
		// end::receive[]
	}

	@Test
	void partsOfAFrameGoToSeveralOwners() throws IOException {
		ByteArrayOutputStream target = new ByteArrayOutputStream();
		BufferPool pool = this.pool;
		// tag::parts[]
		try (SliceReader reader = new SliceReader(pool, new ByteArrayInputStream("name=value".getBytes(UTF_8)));
				Slice line = reader.read(10)) {
			Slice name = line.slice(0, 4);
			Slice value = line.slice(5, 5);
			try (name; value) {
				value.writeTo(target);
				assertThat(name.toString(UTF_8)).isEqualTo("name");
			}
		}
		// end::parts[]
		assertThat(target).hasToString("value");
	}

	@Test
	void slicesGoToAStream() throws IOException {
		ByteArrayOutputStream socket = new ByteArrayOutputStream();
		write(socket);
		assertThat(socket).hasToString("ab");
	}

	private void write(OutputStream stream) throws IOException {
		BufferPool pool = this.pool;
		// tag::stream[]
		try (SlicingAllocator allocator = new SlicingAllocator(pool, 0); SliceWriter writer = new SliceWriter(stream)) {
			writer.add(allocator.copy("a".getBytes(UTF_8)));
			writer.add(allocator.copy("b".getBytes(UTF_8)));
			writer.flush(); // one write, as they are neighbours
		}
		// end::stream[]
	}

	@Test
	void scopeOwnsWhatIsCarved() {
		BufferPool pool = this.pool;
		// tag::scope[]
		try (BufferScope scope = new BufferScope(pool)) {
			SlicingAllocator allocator = scope.slicingAllocator();
			Slice first = allocator.allocate(100);
			Slice second = allocator.copy(ByteBuffer.allocate(50));
			first.putInt(0, second.size());
		} // slices and areas are back
			// end::scope[]
	}

	@Test
	void channelOfAStreamCanBeRead() throws IOException {
		byte[] frame = { 0, 0, 0, 2, 'o', 'k' };
		assertThat(receive(Channels.newChannel(new ByteArrayInputStream(frame)))).isEqualTo("ok");
	}

}
