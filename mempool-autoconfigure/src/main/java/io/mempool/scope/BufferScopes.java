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

package io.mempool.scope;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

import com.google.errorprone.annotations.CheckReturnValue;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.ContentReader;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.PoolClosedException;
import io.mempool.core.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * The scope that the calling thread works for. A thread has one while it runs a task that
 * a {@linkplain BufferScope#wrap scope wrapped}, a method annotated with
 * {@code @PooledScope}, or code between {@link #bind} and the end of the binding.
 * <p>
 * A binding belongs to one thread, platform or virtual, and hides the one before it. It
 * does not keep a scope open: a scope that has ended refuses to acquire.
 *
 * @since 0.1.0
 */
public final class BufferScopes {

	private static final ThreadLocal<@Nullable BufferScope> CURRENT = new ThreadLocal<>();

	private BufferScopes() {
	}

	/**
	 * Return the scope of the calling thread.
	 * @return the scope that was bound last, which may have ended
	 * @throws IllegalStateException if there is none
	 */
	public static BufferScope current() {
		BufferScope scope = CURRENT.get();
		if (scope == null) {
			throw new IllegalStateException("No scope is bound to the thread '" + Thread.currentThread().getName()
					+ "'. Annotate the method that the thread runs with @PooledScope, give it a task that "
					+ "BufferScope.wrap(..) returned, or use try (BufferScope scope = new BufferScope(pool)). "
					+ "In a request, use RequestBuffers");
		}
		return scope;
	}

	/**
	 * Return the scope of the calling thread, if there is one.
	 * @return the scope that was bound last, which may have ended; {@code null} if there
	 * is none
	 */
	public static @Nullable BufferScope find() {
		return CURRENT.get();
	}

	/**
	 * Acquire a buffer of any pool, and wait for it as long as said, whatever the policy
	 * of the pool says.
	 * @param scope the scope
	 * @param pool the pool
	 * @param size bytes, {@code 0} or more
	 * @param maxWait how long to wait at most
	 * @return a buffer that the scope owns
	 * @throws InterruptedException if the thread was interrupted while it waited
	 * @throws SizeLimitExceededException if the scope would hold more than its limit
	 * @throws PoolClosedException if the scope or the pool is closed
	 * @see BufferPool#acquire(int, Duration)
	 */
	@CheckReturnValue
	public static PooledBuffer acquire(BufferScope scope, BufferPool pool, int size, Duration maxWait)
			throws InterruptedException {
		return scope.acquireBuffer(pool, size, maxWait);
	}

	/**
	 * Return a reader of content, for example of a body. The scope owns the buffer that
	 * comes of it. What the reader holds until then counts towards a quota, and not
	 * towards the limit of the scope. The caller ends the reader.
	 * @param scope the scope
	 * @param pool the source of memory
	 * @param expected how many bytes were announced, negative if unknown
	 * @param maximum how many bytes may be read
	 * @return a reader
	 */
	public static ContentReader reader(BufferScope scope, BufferPool pool, long expected, int maximum) {
		return scope.reader(pool, expected, maximum);
	}

	/**
	 * Return how much the scope may hold at once: its limit, or a quota that it has a
	 * part in, if that is less.
	 * @param scope the scope
	 * @return bytes, {@link Long#MAX_VALUE} without a limit
	 */
	public static long limit(BufferScope scope) {
		return scope.bound();
	}

	/**
	 * Open a scope for a unit of work that shares a quota with others.
	 * @param pool the pool that {@link BufferScope#acquire(int)} uses
	 * @param limit how many bytes it may hold at once, as requested, of all pools;
	 * {@link Long#MAX_VALUE} for no limit
	 * @param work names the unit of work for reports of leaks, {@code null} if it has no
	 * name; called by any thread, as long as the scope is open or is being closed
	 * @param reportsUnreleased whether to report to the listeners of the pools what is
	 * left when the scope ends
	 * @param quota how much scopes with the same key may hold together
	 * @param key supplies the key, {@code null} for no quota. Called by the thread that
	 * first acquires, once or, if several do at that moment, by each of them. What it
	 * throws, that acquire throws
	 * @return a scope
	 */
	public static BufferScope open(BufferPool pool, long limit, @Nullable Supplier<@Nullable UnitOfWork> work,
			boolean reportsUnreleased, ScopeQuota quota, Supplier<? extends @Nullable Object> key) {
		return new BufferScope(pool, limit, work, reportsUnreleased, quota, key);
	}

	/**
	 * Make a scope that of the calling thread. <pre class="code">
	 * try (BufferScope scope = new BufferScope(pool); BufferScopes.Binding binding = BufferScopes.bind(scope)) {
	 *     ...
	 * }
	 * </pre>
	 * @param scope the scope, {@code null} to hide the present one
	 * @return the binding, which the same thread closes
	 */
	public static Binding bind(@Nullable BufferScope scope) {
		BufferScope before = CURRENT.get();
		set(scope);
		return () -> set(before);
	}

	private static void set(@Nullable BufferScope scope) {
		if (scope != null) {
			CURRENT.set(scope);
		}
		else {
			CURRENT.remove();
		}
	}

	/**
	 * Return a task that holds a scope from now on, and runs bound to it.
	 * @param type names the task
	 */
	static <T> ScopeTask<T> task(BufferScope scope, Callable<T> task, Class<?> type) {
		scope.hold();
		boolean held = false;
		try {
			ScopeTask<T> holding = ScopeTask.of(() -> {
				Binding binding = bind(scope);
				try {
					return task.call();
				}
				finally {
					binding.close();
				}
			}, type, scope::endHold);
			held = true;
			return holding;
		}
		finally {
			if (!held) {
				scope.endHold();
			}
		}
	}

	/**
	 * What makes a scope that of a thread, until it is closed.
	 */
	public interface Binding extends AutoCloseable {

		/**
		 * Make the scope before this one that of the thread again.
		 */
		@Override
		void close();

	}

}
