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
 * Who is told when settings of a pool were changed. Safe for use by several threads.
 */
public final class UpdateListeners {

	private final List<Consumer<List<PoolChange>>> listeners = new CopyOnWriteArrayList<>();

	/**
	 * Add one.
	 * @param listener what to call with the changes
	 */
	public void add(Consumer<List<PoolChange>> listener) {
		this.listeners.add(listener);
	}

	/**
	 * Tell all of them, without a lock held. What fails is logged: the change is made.
	 * @param pool the name of the pool
	 * @param changes what was changed; if nothing was, nobody is told
	 */
	public void tell(String pool, List<PoolChange> changes) {
		if (changes.isEmpty()) {
			return;
		}
		for (Consumer<List<PoolChange>> listener : this.listeners) {
			try {
				listener.accept(changes);
			}
			catch (Throwable ex) {
				QuietLog.log(UpdateListeners.class, Level.WARNING,
						"Failed to tell that settings of pool '" + pool + "' were changed", ex);
			}
		}
	}

}
