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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.mempool.buffer.ContentReader;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.SizeLimitExceededException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * Copies data buffers into the memory of a reader, one after the other.
 */
final class PooledBodyMono extends Mono<PooledBuffer> {

	/*
	 * Why an operator of its own. Those of Reactor that drop their values pass each one
	 * to a discard hook, and Spring has one that releases data buffers: a value that was
	 * copied and released would be released twice.
	 *
	 * States. READING until the buffer is emitted, a failure is, or the subscriber
	 * cancels. The one thread that leaves READING emits, or ends the reader.
	 *
	 * Signals. Each is noted in its field and counted in 'signals'. The thread that
	 * raises the count from zero handles all of them, until the count is zero again. If
	 * memory must be waited for, it leaves the count as it is, and passes its place to a
	 * thread that may wait. So one thread at a time uses the reader, and each sees what
	 * the one before did.
	 *
	 * Demand. One data buffer is requested at a time, so that none has to be kept while
	 * another one waits for memory.
	 */

	private final Publisher<? extends DataBuffer> body;

	private final ContentReader reader;

	private final @Nullable SizeLimitExceededException tooLarge;

	private final boolean mayBeEmpty;

	/**
	 * Create the publisher.
	 * @param body the body
	 * @param reader the memory, for use by one subscriber
	 * @param tooLarge what to fail with, {@code null} unless more is announced than may
	 * be read
	 * @param mayBeEmpty whether to wait for the first byte before that failure
	 */
	PooledBodyMono(Publisher<? extends DataBuffer> body, ContentReader reader,
			@Nullable SizeLimitExceededException tooLarge, boolean mayBeEmpty) {
		this.body = body;
		this.reader = reader;
		this.tooLarge = tooLarge;
		this.mayBeEmpty = mayBeEmpty;
	}

	@Override
	public void subscribe(CoreSubscriber<? super PooledBuffer> actual) {
		Flux.from(this.body).subscribe(new Reading(actual, this.reader, this.tooLarge, this.mayBeEmpty));
	}

	private enum State {

		READING, ENDED

	}

	private static final class Reading implements CoreSubscriber<DataBuffer>, Subscription {

		private final CoreSubscriber<? super PooledBuffer> actual;

		private final ContentReader reader;

		private final @Nullable SizeLimitExceededException tooLarge;

		private final boolean mayBeEmpty;

		private final AtomicInteger signals = new AtomicInteger();

		private final AtomicReference<State> state = new AtomicReference<>(State.READING);

		private final AtomicReference<@Nullable DataBuffer> next = new AtomicReference<>();

		private final AtomicBoolean requested = new AtomicBoolean();

		private @Nullable Subscription upstream;

		private @Nullable Throwable failure;

		private volatile boolean complete;

		Reading(CoreSubscriber<? super PooledBuffer> actual, ContentReader reader,
				@Nullable SizeLimitExceededException tooLarge, boolean mayBeEmpty) {
			this.actual = actual;
			this.reader = reader;
			this.tooLarge = tooLarge;
			this.mayBeEmpty = mayBeEmpty;
		}

		@Override
		public Context currentContext() {
			return this.actual.currentContext();
		}

		@Override
		public void onSubscribe(Subscription upstream) {
			if (Operators.validate(this.upstream, upstream)) {
				this.upstream = upstream;
				this.actual.onSubscribe(this);
			}
		}

		// From downstream

		@Override
		public void request(long count) {
			if (!Operators.validate(count) || !this.requested.compareAndSet(false, true)) {
				return;
			}
			try {
				check();
			}
			catch (Throwable ex) {
				fail(ex);
			}
			requestNext();
		}

		private void check() {
			if (this.tooLarge == null) {
				this.reader.checkExpected();
			}
			else if (!this.mayBeEmpty) {
				throw this.tooLarge;
			}
		}

		@Override
		public void cancel() {
			if (this.state.compareAndSet(State.READING, State.ENDED)) {
				stop();
				signal();
			}
		}

		// From upstream

		@Override
		public void onNext(DataBuffer buffer) {
			if (this.next.compareAndSet(null, buffer)) {
				signal();
			}
			else {
				DataBufferUtils.release(buffer);
				onError(Exceptions.failWithOverflow());
			}
		}

		@Override
		public void onError(Throwable failure) {
			this.failure = failure;
			onComplete();
		}

		@Override
		public void onComplete() {
			this.complete = true;
			signal();
		}

		// One thread at a time

		private void signal() {
			if (this.signals.getAndIncrement() == 0) {
				handleSignals(false);
			}
		}

		private void handleSignals(boolean mayWait) {
			int handled;
			do {
				handled = this.signals.get();
				if (!handle(mayWait)) {
					handOver();
					return;
				}
			}
			while (this.signals.addAndGet(-handled) > 0);
		}

		private void handOver() {
			try {
				Schedulers.boundedElastic().schedule(() -> handleSignals(true));
			}
			catch (RuntimeException ex) {
				// The scheduler takes no more work. The state is ended now, so that no
				// signal needs memory
				fail(ex);
				handleSignals(false);
			}
		}

		/**
		 * Handle all that was signalled.
		 * @return whether that was possible without a wait
		 */
		private boolean handle(boolean mayWait) {
			for (;;) {
				// In this order: the last data buffer comes before completion
				boolean complete = this.complete;
				DataBuffer buffer = this.next.get();
				boolean ended = this.state.get() == State.ENDED;
				if (buffer == null) {
					return ended || !complete || finish(mayWait);
				}
				if (!take(buffer, ended, mayWait)) {
					return false;
				}
			}
		}

		private boolean finish(boolean mayWait) {
			if (this.failure != null) {
				fail(this.failure);
				return true;
			}
			return emit(mayWait);
		}

		private boolean take(DataBuffer buffer, boolean ended, boolean mayWait) {
			boolean taken = true;
			try {
				taken = ended || copy(buffer, mayWait);
			}
			catch (Throwable ex) {
				fail(ex);
			}
			if (taken) {
				this.next.set(null);
				DataBufferUtils.release(buffer);
				requestNext();
			}
			return taken;
		}

		private boolean copy(DataBuffer buffer, boolean mayWait) {
			if (this.tooLarge != null && buffer.readableByteCount() > 0) {
				throw this.tooLarge;
			}
			int before = this.reader.size();
			boolean complete = true;
			try (DataBuffer.ByteBufferIterator parts = buffer.readableByteBuffers()) {
				while (complete && parts.hasNext()) {
					complete = copy(parts.next(), mayWait);
				}
			}
			if (!complete) {
				buffer.readPosition(buffer.readPosition() + this.reader.size() - before);
			}
			return complete;
		}

		private boolean copy(ByteBuffer part, boolean mayWait) {
			if (mayWait) {
				this.reader.write(part);
			}
			return mayWait || this.reader.tryWrite(part);
		}

		private boolean emit(boolean mayWait) {
			PooledBuffer body;
			try {
				body = mayWait ? this.reader.toBuffer() : this.reader.tryToBuffer();
			}
			catch (Throwable ex) {
				fail(ex);
				return true;
			}
			if (body != null && this.state.compareAndSet(State.READING, State.ENDED)) {
				this.actual.onNext(body);
				this.actual.onComplete();
			}
			else if (body != null) {
				body.close();
			}
			return body != null;
		}

		private void fail(Throwable failure) {
			if (this.state.compareAndSet(State.READING, State.ENDED)) {
				stop();
				this.actual.onError(failure);
			}
		}

		private void stop() {
			try {
				this.reader.close();
			}
			finally {
				upstream().cancel();
			}
		}

		private void requestNext() {
			if (this.state.get() == State.READING) {
				upstream().request(1);
			}
		}

		private Subscription upstream() {
			Subscription upstream = this.upstream;
			if (upstream == null) {
				throw new IllegalStateException("Cannot use the subscription before there is one");
			}
			return upstream;
		}

	}

}
