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

package io.mempool.engine;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * The listeners that are called once when a pool has been closed. Safe for use by several
 * threads.
 */
public final class CloseListeners {

	// null once the pool was closed
	@GuardedBy("this")
	private @Nullable List<Runnable> listeners = new ArrayList<>();

	/**
	 * Add a listener. If the pool was closed before, the calling thread calls it at once.
	 * @param pool the name of the pool
	 * @param listener what to call
	 */
	public void add(String pool, Runnable listener) {
		synchronized (this) {
			if (this.listeners != null) {
				this.listeners.add(listener);
				return;
			}
		}
		call(pool, listener);
	}

	/**
	 * Call all listeners, without a lock held, and release them. A listener that fails is
	 * logged. A second call has no effect.
	 * @param pool the name of the pool
	 */
	public void closed(String pool) {
		List<Runnable> listeners;
		synchronized (this) {
			listeners = this.listeners;
			this.listeners = null;
		}
		if (listeners != null) {
			listeners.forEach((listener) -> call(pool, listener));
		}
	}

	private static void call(String pool, Runnable listener) {
		try {
			listener.run();
		}
		catch (Throwable ex) {
			QuietLog.log(CloseListeners.class, Level.WARNING, "A listener failed after pool '" + pool + "' was closed",
					ex);
		}
	}

}
