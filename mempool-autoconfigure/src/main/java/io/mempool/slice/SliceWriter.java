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

package io.mempool.slice;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

import io.mempool.core.LeaseException;

/**
 * Writes slices to a channel, many at a time: slices that lie next to each other go out
 * as one, and several of those with one gathering write. To a stream, each of those goes
 * out with one write. Each slice is released as soon as all of it is written.
 *
 * <pre class="code">
 * try (SliceWriter writer = new SliceWriter(channel)) {
 *     writer.add(frame);
 *     writer.add(anotherFrame);
 *     while (!writer.flush()) {
 *         selector.select(); // a blocking channel never gets here
 *     }
 * }
 * </pre>
 *
 * <strong>Ownership.</strong> The writer owns what was added to it and not yet written,
 * and releases that when it is closed. It closes neither channel nor stream.
 * <p>
 * <strong>Threads.</strong> For use by one thread at a time.
 *
 * @since 0.1.0
 */
public final class SliceWriter implements AutoCloseable {

	// Per write. The runtime copies what lies on the heap into native memory first, and
	// keeps as much of that for each thread
	private static final int MAXIMUM_SLICES = 64;

	private static final int MAXIMUM_BYTES = 1024 * 1024;

	private final Target target;

	// What was written of the first one is truncated from it
	private final Deque<Slice> pending = new ArrayDeque<>();

	private boolean closed;

	/**
	 * Open a writer.
	 * @param channel where slices are written to, blocking or not
	 */
	public SliceWriter(GatheringByteChannel channel) {
		this.target = () -> writeTo(channel);
	}

	/**
	 * Open a writer.
	 * @param stream where slices are written to, and which each {@link #flush} flushes
	 */
	public SliceWriter(OutputStream stream) {
		this.target = () -> writeTo(stream);
	}

	/**
	 * Add a slice behind those that wait to be written. Nothing is written yet.
	 * @param slice a slice that the caller owned until now
	 * @throws LeaseException if the slice was released, or the writer is closed; then the
	 * caller still owns the slice
	 */
	public void add(Slice slice) {
		slice.checkAlive("write");
		if (this.closed) {
			throw new LeaseException("Cannot write " + slice.describe() + ": the writer is closed. Open another one");
		}
		Slice last = this.pending.peekLast();
		if (last == null || !last.append(slice, Integer.MAX_VALUE)) {
			this.pending.addLast(slice);
		}
	}

	/**
	 * Write what was added, until all is written or the channel takes no more.
	 * @return whether all is written, which is always so with a stream. If not, the
	 * channel is a non-blocking one that is full: call again when it can be written
	 * @throws IOException if the channel or stream fails. What a channel has not taken is
	 * kept. A stream does not say how much it has taken: the slice at which it failed is
	 * kept with those behind it
	 * @throws LeaseException if a slice that was added has been released meanwhile
	 */
	public boolean flush() throws IOException {
		dropEmpty();
		return this.target.write();
	}

	private boolean writeTo(GatheringByteChannel channel) throws IOException {
		while (!this.pending.isEmpty()) {
			ByteBuffer[] batch = batch();
			channel.write(batch);
			long written = Stream.of(batch).mapToLong(ByteBuffer::position).sum();
			if (written == 0) {
				return false;
			}
			drop(written);
		}
		return true;
	}

	private boolean writeTo(OutputStream stream) throws IOException {
		while (!this.pending.isEmpty()) {
			this.pending.getFirst().writeTo(stream);
			this.pending.removeFirst().release();
			dropEmpty();
		}
		stream.flush();
		return true;
	}

	/**
	 * Return how many bytes wait to be written.
	 * @return bytes
	 */
	public long pending() {
		return this.pending.stream().mapToLong(Slice::size).sum();
	}

	private ByteBuffer[] batch() {
		List<ByteBuffer> views = new ArrayList<>(Math.min(MAXIMUM_SLICES, this.pending.size()));
		int bytes = MAXIMUM_BYTES;
		for (Slice slice : this.pending) {
			if (views.size() == MAXIMUM_SLICES || bytes == 0) {
				break;
			}
			ByteBuffer view = slice.byteBuffer();
			views.add(view.limit(Math.min(view.limit(), bytes)));
			bytes -= view.limit();
		}
		return views.toArray(ByteBuffer[]::new);
	}

	private void drop(long written) {
		for (long left = written; left > 0;) {
			left -= this.pending.getFirst().truncateFront((int) Math.min(left, MAXIMUM_BYTES));
			dropEmpty();
		}
	}

	private void dropEmpty() {
		Slice first = this.pending.peekFirst();
		while (first != null && first.size() == 0) {
			this.pending.removeFirst();
			first.release();
			first = this.pending.peekFirst();
		}
	}

	/**
	 * Release what was added and not written. Closing again has no effect.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.pending.forEach(Slice::close);
		this.pending.clear();
	}

	@Override
	public String toString() {
		return "SliceWriter[slices=" + this.pending.size() + ", closed=" + this.closed + "]";
	}

	/**
	 * Writes what is pending.
	 */
	@FunctionalInterface
	private interface Target {

		/**
		 * Write and release.
		 * @return whether all is written
		 */
		boolean write() throws IOException;

	}

}
