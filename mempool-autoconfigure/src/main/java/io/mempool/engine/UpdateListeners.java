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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import io.mempool.core.PoolChange;

/**
 * The listeners for changed settings of a pool. Safe for use by several threads.
 */
public final class UpdateListeners {

	private final List<Consumer<List<PoolChange>>> listeners = new CopyOnWriteArrayList<>();

	/**
	 * Add a listener.
	 * @param listener what to call with the changes
	 */
	public void add(Consumer<List<PoolChange>> listener) {
		this.listeners.add(listener);
	}

	/**
	 * Call all listeners, without a lock held. A failure is logged: the change stays.
	 * @param pool the name of the pool
	 * @param changes the changes; if there are none, no listener is called
	 */
	public void call(String pool, List<PoolChange> changes) {
		if (changes.isEmpty()) {
			return;
		}
		for (Consumer<List<PoolChange>> listener : this.listeners) {
			try {
				listener.accept(changes);
			}
			catch (Throwable ex) {
				QuietLog.log(UpdateListeners.class, Level.WARNING,
						"A listener failed after settings of pool '" + pool + "' changed", ex);
			}
		}
	}

}
