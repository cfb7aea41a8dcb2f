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

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.slice.Slice;
import io.mempool.slice.SliceReader;
import io.mempool.slice.SliceWriter;
import io.mempool.slice.SlicingAllocator;

/**
 * What is done to slices, and to what reads and writes them, beside arrays to which the
 * same is done.
 */
final class SliceOperations {

	private final BufferPool pool;

	private final FuzzInput input;

	private final List<Part> parts = new ArrayList<>();

	SliceOperations(BufferPool pool, FuzzInput input) {
		this.pool = pool;
		this.input = input;
	}

	/**
	 * Carve slices and move their ends.
	 */
	String carve() throws Exception {
		int reserve = this.input.size(40);
		int areaSize = this.input.between(1, 1024);
		try (SlicingAllocator allocator = new SlicingAllocator(this.pool, reserve, areaSize)) {
			Area area = null;
			while (!this.input.isAtEnd()) {
				int size = BytesTarget.lentOrRefused(this.input.index(200) + reserve) - reserve;
				if (this.parts.isEmpty() || this.input.oneIn(4)) {
					area = allocate(allocator, area, size);
				}
				else {
					step(this.input.pick(this.parts), size);
				}
			}
			this.parts.forEach(Part::checkContent);
		}
		finally {
			this.parts.forEach((part) -> part.slice.close());
		}
		return "slices";
	}

	private Area allocate(SlicingAllocator allocator, Area area, int size) throws Exception {
		long needed = (long) allocator.reserve() + size;
		if (size < 0) {
			Checks.fails(IllegalArgumentException.class, "A slice of " + size, () -> allocator.allocate(size));
			return area;
		}
		if (needed > BytesTarget.LENT) {
			Checks.fails((size > BytesTarget.LIMIT) ? RuntimeException.class : PoolExhaustedException.class,
					"A slice beyond the limit", () -> allocator.allocate(size));
			return area;
		}
		Area used = area;
		if (needed > allocator.areaSize()) {
			used = new Area((int) needed, false);
		}
		else if (used == null || needed > used.bytes.length - used.next) {
			if (used != null) {
				used.held = false;
			}
			used = new Area(allocator.areaSize(), true);
			area = used;
		}
		Slice slice = allocator.allocate(size);
		Part part = new Part(slice, used, used.next, used.next + allocator.reserve(), used.next + (int) needed);
		used.next += (int) needed;
		this.parts.add(part);
		part.checkSize();
		return area;
	}

	private void step(Part part, int count) throws Exception {
		Part other = this.input.pick(this.parts);
		if (!part.alive) {
			Checks.fails(LeaseException.class, "A dead slice", () -> part.slice.truncateFront(0));
			Checks.fails(LeaseException.class, "A dead slice", part.slice::release);
			return;
		}
		switch (this.input.below(12)) {
			case 0 -> {
				if (Checks.failsIf(count < 0, IllegalArgumentException.class, "A negative count", () -> Checks
					.same(part.slice.truncateFront(count), Math.min(count, part.size()), "What was truncated"))) {
					part.base += Math.min(count, part.size());
				}
			}
			case 1 -> {
				boolean fits = count <= part.base - part.free;
				if (Checks.failsIf(count < 0, IllegalArgumentException.class, "A negative count",
						() -> Checks.same(part.slice.expandFront(count), fits, "Whether " + count + " fit"))) {
					part.base -= fits ? count : 0;
				}
			}
			case 2 -> inherit(part, other);
			case 3 -> {
				boolean only = part.free == 0 || part.area.isOnly(this.parts);
				Checks.same(part.slice.freeEntirePrefix(), only, "Whether the prefix is free");
				part.free = only ? 0 : part.free;
			}
			case 4 -> coalesce(count);
			case 5 -> add(part.slice.retain(), part, part.base, part.end);
			case 6 -> {
				int length = this.input.index(part.size());
				if (this.parts.size() < 12) {
					Checks.failsIf(!part.has(count, length), IndexOutOfBoundsException.class,
							"A part that is not there", () -> add(part.slice.slice(count, length), part,
									part.base + count, part.base + count + length));
				}
			}
			case 7 -> {
				byte[] bytes = this.input.bytes(this.input.size(64));
				if (Checks.failsIf(!part.has(count, bytes.length), IndexOutOfBoundsException.class,
						"A copy that does not fit", () -> part.slice.copyIn(count, bytes))) {
					System.arraycopy(bytes, 0, part.area.bytes, part.base + count, bytes.length);
				}
			}
			case 8 -> {
				if (Checks.failsIf(!part.has(count, Long.BYTES), IndexOutOfBoundsException.class,
						"A number that does not fit", () -> part.slice.putLong(count, 0x123456789abcdef0L))) {
					ByteBuffer.wrap(part.area.bytes).putLong(part.base + count, 0x123456789abcdef0L);
				}
			}
			case 9 -> Checks.failsIf(!part.has(count, Integer.BYTES), IndexOutOfBoundsException.class,
					"A number that is not there", () -> Checks.same(part.slice.getInt(count),
							ByteBuffer.wrap(part.area.bytes).getInt(part.base + count), "The number"));
			case 10 -> {
				part.slice.release();
				part.alive = false;
			}
			default -> part.checkContent();
		}
		part.checkSize();
	}

	private void add(Slice slice, Part of, int base, int end) {
		Part part = new Part(slice, of.area, base, base, end);
		part.shared = true;
		of.shared = true;
		this.parts.add(part);
	}

	private void inherit(Part part, Part previous) throws Exception {
		if (previous == part) {
			Checks.fails(IllegalArgumentException.class, "A slice before itself",
					() -> part.slice.releasePrevious(part.slice));
			return;
		}
		boolean adjacent = previous.alive && previous.area == part.area && previous.end == part.free
				&& !previous.shared;
		if (Checks.failsIf(!previous.alive, LeaseException.class, "A dead slice before one",
				() -> Checks.same(part.slice.releasePrevious(previous.slice), adjacent && previous.end > previous.free,
						"Whether the prefix grew"))) {
			part.free = adjacent ? previous.free : part.free;
			previous.alive = false;
		}
	}

	private void coalesce(int maximum) throws Exception {
		List<Part> alive = this.parts.stream().filter((part) -> part.alive).toList();
		List<Slice> slices = alive.stream().map((part) -> part.slice).toList();
		List<Slice> merged = new ArrayList<>();
		if (!Checks.failsIf(maximum < 0, IllegalArgumentException.class, "A negative maximum",
				() -> merged.addAll(Slice.coalesce(slices, maximum)))) {
			return;
		}
		List<Slice> expected = new ArrayList<>();
		Part last = null;
		for (Part part : alive) {
			if (last != null && last.area == part.area && last.end == part.base
					&& last.size() + part.size() <= maximum) {
				last.end = part.end;
				last.shared |= part.shared;
				part.alive = false;
			}
			else {
				expected.add(part.slice);
				last = part;
			}
		}
		Checks.same(merged, expected, "The merged slices");
	}

	/**
	 * Read slices from a source.
	 */
	String read() throws Exception {
		byte[] content = this.input.bytes(this.input.size(4000));
		UnevenSource source = new UnevenSource(this.input, content);
		int areaSize = this.input.between(1, 1024);
		try (SliceReader reader = this.input.flag() ? new SliceReader(this.pool, (java.io.InputStream) source, areaSize)
				: new SliceReader(this.pool, (java.nio.channels.ReadableByteChannel) source, areaSize)) {
			int position = 0;
			while (!this.input.isAtEnd()) {
				int size = BytesTarget.lentOrRefused(this.input.index(300));
				position += read(reader, size, content, position);
				Checks.check(reader.buffered() <= content.length - position, "More is read ahead than there is",
						reader);
				if (this.input.oneIn(8)) {
					Checks.same(reader.isAtEnd(), position == content.length, "Whether the source is at its end");
				}
			}
			return "is read";
		}
		finally {
			this.parts.forEach(Part::checkContent);
			this.parts.forEach((part) -> part.slice.close());
		}
	}

	private int read(SliceReader reader, int size, byte[] content, int position) throws Exception {
		boolean wait = this.input.flag();
		try (Slice slice = wait ? reader.read(size) : reader.tryRead(size)) {
			if (slice == null) {
				return 0;
			}
			Checks.check(size >= 0 && size <= content.length - position, "What is not there was read", size);
			Checks.same(slice.toByteArray(), Arrays.copyOfRange(content, position, position + size), "The slice");
			if (this.parts.size() < 8) {
				Area area = new Area(content.length, false);
				System.arraycopy(content, 0, area.bytes, 0, content.length);
				this.parts.add(new Part(slice.retain(), area, position, position, position + size));
			}
			return size;
		}
		catch (EOFException ex) {
			Checks.check(size > content.length - position, "The source ended early", size, ex.getMessage());
			return 0;
		}
		catch (IllegalArgumentException ex) {
			Checks.check(size < 0, "A size was refused", size, ex.getMessage());
			return 0;
		}
		catch (PoolExhaustedException | SizeLimitExceededException ex) {
			Checks.check(size > BytesTarget.LENT, "A size was refused", size, ex.getMessage());
			return 0;
		}
	}

	/**
	 * Write slices to a channel that takes some of them, or to a stream.
	 */
	String write() throws Exception {
		ByteArrayOutputStream written = new ByteArrayOutputStream();
		ByteArrayOutputStream expected = new ByteArrayOutputStream();
		try (SlicingAllocator allocator = new SlicingAllocator(this.pool, this.input.below(4), 512);
				SliceWriter writer = this.input.flag() ? new SliceWriter((OutputStream) written)
						: new SliceWriter(new UnevenChannel(this.input, written))) {
			while (!this.input.isAtEnd()) {
				byte[] bytes = this.input.bytes(this.input.size(300));
				expected.write(bytes);
				writer.add(allocator.copy(bytes));
				if (this.input.oneIn(3)) {
					writer.flush();
				}
				Checks.same(writer.pending() + written.size(), (long) expected.size(), "What is pending and written");
			}
			for (int i = 0; !writer.flush(); i++) {
				Checks.check(i < 100_000, "Nothing is written any more", writer);
			}
		}
		Checks.same(written.toByteArray(), expected.toByteArray(), "What was written");
		return "is written";
	}

	/**
	 * Takes some of what is written to it.
	 */
	private record UnevenChannel(FuzzInput input, ByteArrayOutputStream target) implements GatheringByteChannel {

		@Override
		public int write(ByteBuffer source) {
			int length = this.input.isAtEnd() ? source.remaining() : Math.min(source.remaining(), this.input.octet());
			for (int i = 0; i < length; i++) {
				this.target.write(source.get());
			}
			return length;
		}

		@Override
		public long write(ByteBuffer[] sources, int offset, int length) {
			long all = 0;
			for (int i = offset; i < offset + length; i++) {
				all += write(sources[i]);
				if (sources[i].hasRemaining()) {
					break;
				}
			}
			return all;
		}

		@Override
		public long write(ByteBuffer[] sources) throws IOException {
			return write(sources, 0, sources.length);
		}

		@Override
		public boolean isOpen() {
			return true;
		}

		@Override
		public void close() {
		}

	}

	/**
	 * An area, and where in it the next slice begins.
	 */
	private static final class Area {

		private final byte[] bytes;

		private int next;

		// Whether an allocator holds it
		private boolean held;

		Area(int size, boolean held) {
			this.bytes = new byte[size];
			this.held = held;
		}

		boolean isOnly(List<Part> parts) {
			return parts.stream().filter((part) -> part.alive && part.area == this).count() == 1;
		}

	}

	/**
	 * A slice and the part of an area that has the same content.
	 */
	private static final class Part {

		private final Slice slice;

		private final Area area;

		private int free;

		private int base;

		private int end;

		private boolean shared;

		private boolean alive = true;

		Part(Slice slice, Area area, int free, int base, int end) {
			this.slice = slice;
			this.area = area;
			this.free = free;
			this.base = base;
			this.end = end;
		}

		int size() {
			return this.end - this.base;
		}

		boolean has(int index, int length) {
			return index >= 0 && length >= 0 && index <= size() - (long) length;
		}

		void checkSize() {
			if (this.alive) {
				Checks.same(this.slice.size(), size(), "The size of a slice");
				Checks.same(this.slice.freePrefix(), this.base - this.free, "The free prefix");
			}
			Checks.same(this.slice.isAlive(), this.alive, "Whether a slice is alive");
		}

		void checkContent() {
			if (this.alive) {
				Checks.same(this.slice.toByteArray(), Arrays.copyOfRange(this.area.bytes, this.base, this.end),
						"The content of a slice");
			}
		}

	}

}
