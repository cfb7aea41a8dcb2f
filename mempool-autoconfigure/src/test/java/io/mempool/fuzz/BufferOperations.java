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

package io.mempool.fuzz;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.ContentReader;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.PooledOutputStream;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolExhaustedException;
import org.jspecify.annotations.Nullable;

/**
 * What is done to buffers, and to the streams and readers that fill them, beside arrays
 * to which the same is done.
 */
final class BufferOperations {

	private final BufferPool pool;

	private final FuzzInput input;

	private final List<Handle> handles = new ArrayList<>();

	BufferOperations(BufferPool pool, FuzzInput input) {
		this.pool = pool;
		this.input = input;
	}

	/**
	 * Access buffers.
	 */
	String access() throws Exception {
		try {
			int size = this.input.size(2048);
			this.handles.add(new Handle(this.pool.acquire(size), new byte[size], 0, size));
			while (!this.input.isAtEnd()) {
				step(this.input.pick(this.handles));
			}
			this.handles.forEach(Handle::checkContent);
			return "buffers";
		}
		finally {
			this.handles.forEach((handle) -> handle.buffer.close());
		}
	}

	private void step(Handle handle) throws Exception {
		int index = this.input.index(handle.size);
		switch (this.input.below(16)) {
			case 0 -> handle.access(index, 1, (model) -> model.put((byte) 5), (buffer) -> buffer.put(index, (byte) 5));
			case 1 -> handle.access(index, 2, (model) -> model.putShort((short) 0x1234),
					(buffer) -> buffer.putShort(index, (short) 0x1234));
			case 2 -> handle.access(index, 4, (model) -> model.putInt(0x12345678),
					(buffer) -> buffer.putInt(index, 0x12345678));
			case 3 -> handle.access(index, 8, (model) -> model.putLong(0x123456789abcdef0L),
					(buffer) -> buffer.putLong(index, 0x123456789abcdef0L));
			case 4 -> handle.access(index, 1, (model) -> {
			}, (buffer) -> Checks.same(buffer.get(index), handle.view().get(index), "The byte"));
			case 5 -> handle.access(index, 2, (model) -> {
			}, (buffer) -> Checks.same(buffer.getShort(index), handle.view().getShort(index), "The number"));
			case 6 -> handle.access(index, 4, (model) -> {
			}, (buffer) -> Checks.same(buffer.getInt(index), handle.view().getInt(index), "The number"));
			case 7 -> handle.access(index, 8, (model) -> {
			}, (buffer) -> Checks.same(buffer.getLong(index), handle.view().getLong(index), "The number"));
			case 8 -> {
				byte[] bytes = this.input.bytes(this.input.size(300));
				handle.access(index, bytes.length, (model) -> model.put(bytes),
						(buffer) -> buffer.copyIn(index, ByteBuffer.wrap(bytes)));
			}
			case 9 -> copyPart(handle, index);
			case 10 -> {
				byte[] target = new byte[this.input.size(300)];
				handle.access(index, target.length, (model) -> {
				}, (buffer) -> {
					buffer.copyOut(index, target);
					Checks.same(target, handle.copy(index, target.length), "The copy");
				});
			}
			case 11 -> {
				int length = this.input.index(handle.size);
				handle.access(index, length, (model) -> {
				}, (buffer) -> {
					ByteArrayOutputStream out = new ByteArrayOutputStream();
					buffer.writeTo(out, index, length);
					Checks.same(out.toByteArray(), handle.copy(index, length), "What was written");
				});
			}
			case 12 -> readFully(handle, index);
			case 13 -> share(handle, index);
			case 14 -> readStream(handle);
			default -> writeStream(handle);
		}
	}

	private void copyPart(Handle handle, int index) throws Exception {
		byte[] bytes = this.input.bytes(this.input.size(64));
		int offset = this.input.index(bytes.length);
		int length = this.input.index(bytes.length);
		if (offset < 0 || length < 0 || offset > bytes.length - length) {
			if (handle.alive) {
				Checks.fails(IndexOutOfBoundsException.class, "A copy of a part that is not there",
						() -> handle.buffer.copyIn(index, bytes, offset, length));
			}
			return;
		}
		handle.access(index, length, (model) -> model.put(bytes, offset, length),
				(buffer) -> buffer.copyIn(index, bytes, offset, length));
	}

	private void readFully(Handle handle, int index) throws Exception {
		byte[] bytes = this.input.bytes(this.input.size(300));
		int length = this.input.index(bytes.length);
		if (handle.alive && length > bytes.length && handle.has(index, length)) {
			Checks.fails(IOException.class, "A read beyond the end",
					() -> handle.buffer.readFully(new ByteArrayInputStream(bytes), index, length));
			handle.view().position(index).put(bytes);
			return;
		}
		handle.access(index, length, (model) -> model.put(bytes, 0, length),
				(buffer) -> buffer.readFully(new UnevenSource(this.input, bytes), index, length));
	}

	private void share(Handle handle, int index) throws Exception {
		if (this.handles.size() > 6) {
			handle.release();
		}
		else if (this.input.flag() && handle.alive) {
			this.handles.add(new Handle(handle.buffer.retain(), handle.model, handle.offset, handle.size));
		}
		else {
			int length = this.input.index(handle.size);
			handle.access(index, length, (model) -> {
			}, (buffer) -> this.handles
				.add(new Handle(buffer.slice(index, length), handle.model, handle.offset + index, length)));
		}
	}

	private void readStream(Handle handle) throws Exception {
		if (!handle.alive) {
			Checks.fails(LeaseException.class, "A stream of a dead buffer", handle.buffer::inputStream);
			return;
		}
		InputStream actual = handle.buffer.inputStream();
		InputStream expected = new ByteArrayInputStream(handle.copy(0, handle.size));
		for (int steps = this.input.below(6); steps > 0; steps--) {
			byte[] target = new byte[this.input.size(100)];
			byte[] model = new byte[target.length];
			long count = this.input.number();
			switch (this.input.below(7)) {
				case 0 -> Checks.same(actual.read(), expected.read(), "The byte of the stream");
				case 1 -> {
					// Which an array's stream forgets at its end
					int read = (model.length > 0) ? expected.read(model) : 0;
					Checks.same(actual.read(target), read, "The count of the stream");
					Checks.same(target, model, "What the stream has read");
				}
				case 2 -> Checks.same(actual.skip(count), expected.skip(count), "What was skipped of " + count);
				case 3 -> Checks.same(actual.available(), expected.available(), "What is available");
				case 4 -> {
					actual.mark(0);
					expected.mark(0);
				}
				case 5 -> {
					actual.reset();
					expected.reset();
				}
				default -> {
					ByteArrayOutputStream out = new ByteArrayOutputStream();
					ByteArrayOutputStream modelOut = new ByteArrayOutputStream();
					Checks.same(actual.transferTo(out), expected.transferTo(modelOut), "What was transferred");
					Checks.same(out.toByteArray(), modelOut.toByteArray(), "The transferred bytes");
				}
			}
		}
	}

	private void writeStream(Handle handle) throws Exception {
		if (!handle.alive) {
			Checks.fails(LeaseException.class, "A stream of a dead buffer", handle.buffer::outputStream);
			return;
		}
		OutputStream out = handle.buffer.outputStream();
		int position = 0;
		for (int steps = this.input.below(5); steps > 0; steps--) {
			byte[] bytes = this.input.bytes(this.input.size(100));
			if (Checks.failsIf(bytes.length > handle.size - position, IOException.class, "A write that does not fit",
					() -> out.write(bytes))) {
				handle.view().position(position).put(bytes);
				position += bytes.length;
			}
			handle.checkContent();
		}
	}

	/**
	 * Write to a stream that grows.
	 */
	String grow() throws Exception {
		int maximum = this.input.flag() ? this.input.size(5000) : Math.max(0, this.input.integer());
		int expected = this.input.flag() ? BytesTarget.lentOrRefused(this.input.integer()) : 0;
		PooledOutputStream out = new PooledOutputStream(this.pool, expected, maximum);
		ByteArrayOutputStream model = new ByteArrayOutputStream();
		try {
			while (!this.input.isAtEnd()) {
				write(out, model, maximum);
				Checks.same(out.size(), model.size(), "The size of the stream");
			}
			try (PooledBuffer buffer = out.toBuffer()) {
				Checks.same(buffer.toByteArray(), model.toByteArray(), "The content of the stream");
			}
			Checks.fails(LeaseException.class, "A second buffer of a stream", out::toBuffer);
			return "streams";
		}
		catch (SizeLimitExceededException | PoolExhaustedException ex) {
			throw new AssertionError("Room that is only likely was refused: " + expected + " of " + maximum, ex);
		}
		finally {
			out.release();
		}
	}

	private void write(PooledOutputStream out, ByteArrayOutputStream model, int maximum) throws Exception {
		byte[] bytes = this.input.bytes(this.input.size(700));
		boolean beyond = bytes.length > maximum - model.size();
		boolean written = switch (this.input.below(4)) {
			case 0 -> Checks.failsIf(beyond, SizeLimitExceededException.class, "A write beyond the maximum",
					() -> out.write(bytes));
			case 1 -> Checks.failsIf(beyond, SizeLimitExceededException.class, "A write beyond the maximum",
					() -> out.write(ByteBuffer.wrap(bytes).asReadOnlyBuffer()));
			case 2 -> {
				if (bytes.length > 0 && Checks.failsIf(maximum == model.size(), SizeLimitExceededException.class,
						"A byte beyond the maximum", () -> out.write(bytes[0]))) {
					model.write(bytes[0]);
				}
				yield false;
			}
			default -> {
				if (!Checks.failsIf(beyond, SizeLimitExceededException.class, "A transfer beyond the maximum",
						() -> out.transferFrom(new UnevenSource(this.input, bytes)))) {
					// What fitted was written
					model.write(bytes, 0, maximum - model.size());
				}
				yield !beyond;
			}
		};
		if (written) {
			model.write(bytes);
		}
	}

	/**
	 * Read content that arrives in parts.
	 */
	String read() throws Exception {
		byte[] content = this.input.bytes(this.input.size(5000));
		long expected = switch (this.input.below(4)) {
			case 0 -> -1;
			case 1 -> announced(this.input.number());
			default -> content.length + this.input.below(3) - 1;
		};
		int maximum = this.input.flag() ? Math.max(0, BytesTarget.lentOrRefused(this.input.integer()))
				: this.input.size(6000);
		ContentReader reader = new ContentReader(this.pool, expected, maximum);
		boolean beyond = content.length > maximum;
		boolean pieces = this.input.flag();
		boolean refused = !pieces && Math.min(expected, maximum) >= BytesTarget.LIMIT;
		PooledBuffer[] read = new PooledBuffer[1];
		Checks.failsIf(beyond || refused, refused ? RuntimeException.class : SizeLimitExceededException.class,
				"Content beyond the maximum", () -> read[0] = pieces ? readPieces(reader, content)
						: reader.read(new UnevenSource(this.input, content)));
		if (read[0] != null) {
			try (PooledBuffer buffer = read[0]) {
				Checks.same(buffer.toByteArray(), content, "The content of " + expected + " announced bytes");
				Checks.same(buffer.toString(StandardCharsets.UTF_8), new String(content, StandardCharsets.UTF_8),
						"The text");
			}
		}
		Checks.fails(LeaseException.class, "A second buffer of a reader", reader::toBuffer);
		return beyond ? "content is refused" : "content";
	}

	private static long announced(long number) {
		return (number > BytesTarget.LENT && number <= 2 * BytesTarget.LIMIT) ? number + 2 * BytesTarget.LIMIT : number;
	}

	private PooledBuffer readPieces(ContentReader reader, byte[] content) {
		ByteBuffer rest = ByteBuffer.wrap(content);
		while (rest.hasRemaining()) {
			ByteBuffer piece = rest.slice(rest.position(), Math.min(rest.remaining(), 1 + this.input.octet() * 4));
			int length = piece.remaining();
			if (!this.input.flag() || !reader.tryWrite(piece)) {
				reader.write(piece);
			}
			Checks.same(piece.remaining(), 0, "The rest of a piece");
			rest.position(rest.position() + length);
		}
		PooledBuffer whole = this.input.flag() ? reader.tryToBuffer() : null;
		return (whole != null) ? whole : reader.toBuffer();
	}

	/**
	 * A handle and the part of an array that has the same content.
	 */
	private static final class Handle {

		private final PooledBuffer buffer;

		private final byte[] model;

		private final int offset;

		private final int size;

		private boolean alive = true;

		Handle(PooledBuffer buffer, byte[] model, int offset, int size) {
			this.buffer = buffer;
			this.model = model;
			this.offset = offset;
			this.size = size;
			Checks.same(buffer.size(), size, "The size of a buffer");
		}

		boolean has(int index, int length) {
			return index >= 0 && length >= 0 && index <= this.size - (long) length;
		}

		ByteBuffer view() {
			return ByteBuffer.wrap(this.model, this.offset, this.size).slice();
		}

		byte[] copy(int index, int length) {
			return Arrays.copyOfRange(this.model, this.offset + index, this.offset + index + length);
		}

		void access(int index, int length, java.util.function.Consumer<ByteBuffer> onModel, Access onBuffer)
				throws Exception {
			Class<? extends Exception> failure = failure(index, length);
			if (failure != null) {
				Checks.fails(failure, "An access of " + length + " bytes at " + index + " of " + this.size,
						() -> onBuffer.to(this.buffer));
			}
			else {
				onBuffer.to(this.buffer);
				onModel.accept(view().position(index));
			}
		}

		private @Nullable Class<? extends Exception> failure(int index, int length) {
			if (!this.alive) {
				// Whichever is found first
				return has(index, length) ? LeaseException.class : RuntimeException.class;
			}
			return has(index, length) ? null : IndexOutOfBoundsException.class;
		}

		void checkContent() {
			if (this.alive) {
				Checks.same(this.buffer.toByteArray(), copy(0, this.size), "The content");
			}
		}

		void release() throws Exception {
			Checks.failsIf(!this.alive, LeaseException.class, "A release of a dead handle", this.buffer::release);
			this.alive = false;
		}

		interface Access {

			void to(PooledBuffer buffer) throws Exception;

		}

	}

}
