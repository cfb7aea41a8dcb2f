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

package io.mempool.web.reactive;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.AcquireInterruptedException;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.Lease;
import io.mempool.object.ObjectPool;
import io.mempool.object.PooledObject;
import io.mempool.scope.BufferScope;
import io.mempool.scope.BufferScopes;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/**
 * An acquire that waits in a thread of its own, for one subscriber.
 *
 * @param <L> the type of the lease
 * @param <T> what the subscriber gets
 */
final class LaterAcquire<L extends Lease, T> implements Runnable {

	/*
	 * States. WAITING until there is a lease or a failure, or the subscriber has gone.
	 * The thread that leaves WAITING decides what becomes of it: the subscriber gets it,
	 * or the lease goes back.
	 */

	private enum State {

		WAITING, DECIDED, CANCELLED

	}

	private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

	private final long start = System.nanoTime();

	private final Source<L> source;

	private final Duration maxWait;

	private final Function<L, T> result;

	private final MonoSink<T> sink;

	private LaterAcquire(Source<L> source, Duration maxWait, Function<L, T> result, MonoSink<T> sink) {
		this.source = source;
		this.maxWait = maxWait;
		this.result = result;
		this.sink = sink;
	}

	static Mono<PooledBuffer> of(ExchangeMemory memory, BufferPool pool, int size) {
		return Mono.defer(() -> {
			BufferScope scope = memory.scope();
			boolean waits = pool.settings().policy() == ExhaustionPolicy.WAIT;
			// What the scope refuses needs no wait
			return (waits && !scope.isClosed() && size >= 0 && size <= scope.remaining())
					? wait((maxWait) -> BufferScopes.acquire(scope, pool, size, maxWait), pool.settings().maxWait(),
							Function.identity())
					: Mono.just(scope.acquire(pool, size));
		});
	}

	static <T> Mono<T> of(ExchangeMemory memory, ObjectPool<T> pool) {
		return Mono.defer(() -> {
			BufferScope scope = memory.scope();
			boolean waits = pool.settings().policy() == ExhaustionPolicy.WAIT;
			return (waits && !scope.isClosed())
					? wait((maxWait) -> own(scope, pool.acquire(maxWait)), pool.settings().maxWait(), PooledObject::get)
					: Mono.just(scope.acquire(pool));
		});
	}

	private static <L extends Lease> L own(BufferScope scope, L lease) {
		boolean owned = false;
		try {
			scope.adopt(lease);
			owned = true;
			return lease;
		}
		finally {
			if (!owned) {
				lease.close();
			}
		}
	}

	private static <L extends Lease, T> Mono<T> wait(Source<L> source, Duration maxWait, Function<L, T> result) {
		return Mono.create((sink) -> {
			LaterAcquire<L, T> acquire = new LaterAcquire<>(source, maxWait, result, sink);
			Disposable thread = Schedulers.boundedElastic().schedule(acquire);
			sink.onCancel(() -> acquire.cancel(thread));
		});
	}

	@Override
	public void run() {
		L lease;
		try {
			lease = acquire();
		}
		catch (Throwable ex) {
			// A wait that the subscriber has ended fails for no one
			if (this.state.compareAndSet(State.WAITING, State.DECIDED)) {
				this.sink.error(ex);
			}
			return;
		}
		if (!this.state.compareAndSet(State.WAITING, State.DECIDED)) {
			lease.close();
			return;
		}
		T result;
		try {
			result = this.result.apply(lease);
		}
		catch (RuntimeException ex) {
			lease.close();
			this.sink.error(ex);
			return;
		}
		this.sink.success(result);
	}

	// The time in which no thread was free counts too
	private L acquire() {
		try {
			return this.source.acquire(this.maxWait.minusNanos(System.nanoTime() - this.start));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AcquireInterruptedException("Interrupted while waiting for a lease of a request", ex);
		}
	}

	private void cancel(Disposable thread) {
		if (this.state.compareAndSet(State.WAITING, State.CANCELLED)) {
			thread.dispose();
		}
	}

	/**
	 * Lends within a time what the scope owns.
	 *
	 * @param <L> the type of the lease
	 */
	@FunctionalInterface
	private interface Source<L> {

		L acquire(Duration maxWait) throws InterruptedException;

	}

}
