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

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.MemoryKind;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.spring.PooledDataBufferFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.core.io.buffer.PooledDataBuffer;

/**
 * Any operations of data buffers in pooled memory do what they do to those of Spring, and
 * no lease is left behind.
 */
final class DataBuffersTarget implements FuzzTarget {

	// A data buffer of Spring really takes what it is asked for
	private static final int MOST = 100_000;

	private static final int LIMIT = 64 * 1024 * 1024;

	private final BufferPool heap = pool("heap", MemoryKind.HEAP);

	private final BufferPool offHeap = pool("off-heap", MemoryKind.OFF_HEAP);

	private FuzzInput input = new FuzzInput(new byte[0]);

	private final List<Pair> pairs = new ArrayList<>();

	private static BufferPool pool(String name, MemoryKind memory) {
		return BufferPool.builder(name)
			.memory(memory)
			.tiers(64, 256, 1024, 8192, 128 * 1024, 1024 * 1024)
			.limit(LIMIT)
			.policy(ExhaustionPolicy.FAIL)
			.build();
	}

	@Override
	public String run(FuzzInput input) throws Exception {
		this.input = input;
		BufferPool pool = input.flag() ? this.heap : this.offHeap;
		PooledDataBufferFactory factory = new PooledDataBufferFactory(pool);
		try {
			this.pairs.add(create(factory));
			// One of twice the size, beside its former memory, is far within the limit
			while (!input.isAtEnd() && capacity() <= LIMIT / 64) {
				step(input.pick(this.pairs), factory);
				this.pairs.forEach((pair) -> pair.check("a step"));
			}
		}
		finally {
			this.pairs.forEach((pair) -> DataBufferUtils.release(pair.actual));
			this.pairs.clear();
		}
		Checks.same(pool.statistics().leased(), 0L, "What is leased afterwards");
		return pool.name();
	}

	private long capacity() {
		return this.pairs.stream().mapToLong((pair) -> pair.model.capacity()).sum();
	}

	@SuppressWarnings("deprecation")
	private Pair create(DataBufferFactory factory) {
		int capacity = this.input.size(600);
		DataBufferFactory model = DefaultDataBufferFactory.sharedInstance;
		if (this.input.oneIn(4)) {
			byte[] bytes = this.input.bytes(capacity);
			return new Pair(factory.wrap(bytes.clone()), model.wrap(bytes));
		}
		// What another owner wrote is not there any more
		return new Pair(factory.allocateBuffer(capacity),
				model.allocateBuffer(Math.max(1, capacity)).capacity(capacity));
	}

	@SuppressWarnings("deprecation")
	private void step(Pair pair, DataBufferFactory factory) throws IOException {
		DataBuffer model = pair.model;
		int index = this.input.index(model.capacity());
		int length = this.input.index(model.readableByteCount());
		switch (this.input.below(24)) {
			case 0 -> pair.both("write(byte)", (buffer) -> buffer.write((byte) 7));
			case 1 -> {
				byte[] bytes = this.input.bytes(this.input.size(300));
				int offset = this.input.index(bytes.length);
				int part = this.input.index(bytes.length);
				if (offset < 0 || part < 0 || offset > bytes.length - part) {
					Checks.check(failure(() -> pair.actual.write(bytes, offset, part)), "There is no such part", offset,
							part);
				}
				else {
					pair.both("write(byte[], int, int)", (buffer) -> buffer.write(bytes, offset, part));
				}
			}
			case 2 -> {
				byte[] bytes = this.input.bytes(this.input.size(300));
				pair.both("write(ByteBuffer...)",
						(buffer) -> buffer.write(ByteBuffer.wrap(bytes), ByteBuffer.wrap(bytes).asReadOnlyBuffer()));
			}
			case 3 -> {
				Pair other = this.input.pick(this.pairs);
				if (other != pair && model.readableByteCount() < MOST) {
					pair.both("write(DataBuffer...)",
							(buffer) -> buffer.write((buffer == pair.actual) ? other.actual : other.model));
				}
			}
			case 4 -> pair.both("read()", DataBuffer::read);
			case 5 -> {
				byte[] actual = new byte[this.input.size(300)];
				byte[] expected = new byte[actual.length];
				int offset = this.input.index(actual.length);
				pair.both("read(byte[], int, int)",
						(buffer) -> buffer.read((buffer == pair.actual) ? actual : expected, offset, length));
				Checks.same(actual, expected, "What was read");
			}
			case 6 -> pair.both("getByte(int)", (buffer) -> buffer.getByte(index));
			case 7 -> pair.both("readPosition(int)", (buffer) -> buffer.readPosition(index));
			case 8 -> pair.both("writePosition(int)", (buffer) -> buffer.writePosition(index));
			case 9 -> {
				// What was cut off and comes back is the buffer's own, of which the model
				// forgets the content
				if (index < 0 || index >= model.capacity()) {
					resize(pair, "capacity(int)", index, (buffer) -> buffer.capacity(index));
				}
			}
			case 10 -> resize(pair, "ensureWritable(int)", (long) model.writePosition() + length,
					(buffer) -> buffer.ensureWritable(length));
			case 11 -> pair.both("indexOf(..)", (buffer) -> buffer.indexOf((value) -> value == 7, index));
			case 12 -> pair.both("lastIndexOf(..)", (buffer) -> buffer.lastIndexOf((value) -> value == 7, index));
			case 13 -> pair.ranged("toString(..)", index, length,
					(buffer) -> buffer.toString(index, length, StandardCharsets.UTF_8));
			case 14 -> pair.ranged("toByteBuffer(int, int)", index, length,
					(buffer) -> bytes(buffer.toByteBuffer(index, length)));
			case 15 -> {
				int at = this.input.index(300);
				pair.ranged("toByteBuffer(int, ByteBuffer, int, int)", index, length, (buffer) -> {
					ByteBuffer target = ByteBuffer.allocate(300);
					buffer.toByteBuffer(index, target, at, length);
					return bytes(target.clear());
				});
			}
			case 16 -> slice(pair, index, length);
			case 17 -> split(pair, index);
			case 18 -> pair.both("readableByteBuffers()", DataBuffersTarget::readable);
			case 19 -> pair.both("asInputStream()", DataBuffersTarget::readAll);
			case 20 -> {
				if (this.pairs.size() < 6) {
					this.pairs.add(create(factory));
				}
			}
			case 21 -> {
				// One alone may stay what it is
				if (this.pairs.size() > 1) {
					join(factory);
				}
			}
			case 22 -> retain(pair);
			default -> pair.both("forEachByte(..)",
					(buffer) -> (index >= 0 && length >= 0 && (long) index + length <= model.writePosition())
							? buffer.forEachByte(index, length, (value) -> value != 7) : null);
		}
	}

	// What is too much for the model fails as a whole
	private void resize(Pair pair, String what, long needed, Function<DataBuffer, @Nullable Object> change) {
		if (needed <= MOST) {
			pair.both(what, change);
			return;
		}
		int position = pair.actual.writePosition();
		try {
			change.apply(pair.actual);
			Checks.check(needed <= LIMIT, "Too much was lent", what, needed);
		}
		catch (RuntimeException ex) {
			Checks.same(pair.actual.writePosition(), position, "The position after " + what + " of " + needed);
		}
		pair.align();
	}

	@SuppressWarnings("deprecation")
	private void slice(Pair pair, int index, int length) {
		boolean retained = this.input.flag();
		pair.ranged("slice(int, int)", index, length, (buffer) -> {
			DataBuffer slice = retained ? buffer.retainedSlice(index, length) : buffer.slice(index, length);
			List<Object> seen = List.of(slice.capacity(), slice.readableByteCount(), slice.writableByteCount(),
					slice.toString(StandardCharsets.ISO_8859_1), failure(() -> slice.capacity(1)),
					failure(() -> slice.write((byte) 1)), failure(() -> slice.getByte(length)));
			if (retained) {
				DataBufferUtils.release(slice);
			}
			return seen;
		});
	}

	private static boolean failure(Runnable action) {
		try {
			action.run();
			return false;
		}
		catch (RuntimeException ex) {
			return true;
		}
	}

	private void split(Pair pair, int index) {
		if (this.pairs.size() > 5) {
			return;
		}
		DataBuffer[] heads = new DataBuffer[2];
		pair.both("split(int)", (buffer) -> {
			DataBuffer head = buffer.split(index);
			heads[(buffer == pair.actual) ? 0 : 1] = head;
			return null;
		});
		if (heads[0] != null) {
			this.pairs.add(new Pair(heads[0], heads[1]));
		}
	}

	private void join(DataBufferFactory factory) {
		List<DataBuffer> actual = this.pairs.stream().map((pair) -> pair.actual).toList();
		List<DataBuffer> model = this.pairs.stream().map((pair) -> pair.model).toList();
		Pair joined = new Pair(factory.join(actual), DefaultDataBufferFactory.sharedInstance.join(model));
		this.pairs.clear();
		this.pairs.add(joined);
	}

	private void retain(Pair pair) {
		PooledDataBuffer buffer = (PooledDataBuffer) pair.actual;
		buffer.retain();
		Checks.check(!buffer.release(), "The second reference was the last", buffer);
		Checks.check(buffer.isAllocated(), "The first reference is gone", buffer);
	}

	private static List<Byte> readable(DataBuffer buffer) {
		List<Byte> bytes = new ArrayList<>();
		try (DataBuffer.ByteBufferIterator parts = buffer.readableByteBuffers()) {
			parts.forEachRemaining((part) -> bytes.addAll(bytes(part)));
		}
		return bytes;
	}

	private static List<Byte> bytes(ByteBuffer part) {
		List<Byte> bytes = new ArrayList<>(part.remaining());
		while (part.hasRemaining()) {
			bytes.add(part.get());
		}
		return bytes;
	}

	private static List<Byte> readAll(DataBuffer buffer) {
		try (InputStream in = buffer.asInputStream()) {
			return bytes(ByteBuffer.wrap(in.readAllBytes()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.heap.close();
		this.offHeap.close();
	}

	/**
	 * A data buffer of ours and one of Spring.
	 */
	private record Pair(DataBuffer actual, DataBuffer model) {

		void both(String what, Function<DataBuffer, @Nullable Object> operation) {
			Object expected = outcome(this.model, operation);
			Object result = outcome(this.actual, operation);
			boolean bothFail = expected instanceof RuntimeException && result instanceof RuntimeException;
			if (!bothFail && !(expected instanceof DataBuffer && result instanceof DataBuffer)) {
				Checks.same(result, expected, what + " of " + this.actual);
			}
			align();
			check(what);
		}

		/**
		 * Do something with a range, beyond which a data buffer of Spring may read.
		 */
		void ranged(String what, int index, int length, Function<DataBuffer, @Nullable Object> operation) {
			if (index >= 0 && length >= 0 && (long) index + length <= this.model.capacity()) {
				both(what, operation);
			}
			else {
				Checks.check(outcome(this.actual, operation) instanceof RuntimeException, "It has no such range", what,
						index, length, this.actual);
			}
		}

		private static @Nullable Object outcome(DataBuffer buffer, Function<DataBuffer, @Nullable Object> operation) {
			try {
				return operation.apply(buffer);
			}
			catch (RuntimeException ex) {
				return ex;
			}
		}

		/**
		 * Give both the same capacity: each grows in its own way.
		 */
		@SuppressWarnings("deprecation")
		void align() {
			if (this.actual.capacity() > this.model.capacity()) {
				this.model.capacity(this.actual.capacity());
			}
			else if (this.actual.capacity() < this.model.capacity()) {
				this.actual.capacity(this.model.capacity());
			}
		}

		void check(String after) {
			Checks.same(this.actual.readPosition(), this.model.readPosition(), "The read position after " + after);
			Checks.same(this.actual.writePosition(), this.model.writePosition(), "The write position after " + after);
			Checks.same(this.actual.capacity(), this.model.capacity(), "The capacity after " + after);
			Checks.same(this.actual.toString(StandardCharsets.ISO_8859_1),
					this.model.toString(StandardCharsets.ISO_8859_1), "The content after " + after);
		}

	}

}
