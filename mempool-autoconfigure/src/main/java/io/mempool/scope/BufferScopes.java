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

import java.util.concurrent.Callable;

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
