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

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import io.mempool.core.PoolChange;
import io.mempool.core.PoolClosedException;

/**
 * The settings that a running pool has, and how it gets others. Safe for use by several
 * threads.
 *
 * @param <S> the type of the settings: immutable, with {@code equals}
 */
public final class LiveSettings<S> {

	private final Account account;

	private final BiFunction<S, S, List<PoolChange>> differences;

	private final BiConsumer<S, S> application;

	private final UpdateListeners listeners = new UpdateListeners();

	// Written with the lock of the account held
	private volatile S current;

	/**
	 * Hold the settings of a pool.
	 * @param account the account of the pool
	 * @param initial its first settings
	 * @param differences returns the changes between former and next settings
	 * @param application gives the pool its next settings, with the lock of the account
	 * held. After a failure it can be called again for the same settings
	 */
	public LiveSettings(Account account, S initial, BiFunction<S, S, List<PoolChange>> differences,
			BiConsumer<S, S> application) {
		this.account = account;
		this.current = initial;
		this.differences = differences;
		this.application = application;
	}

	/**
	 * Return the settings that the pool has now.
	 * @return the settings
	 */
	public S current() {
		return this.current;
	}

	/**
	 * Change the settings, in one step for all other threads. Then call the listeners,
	 * without a lock held.
	 * @param change returns the next settings for the former ones. It is called again if
	 * another update came first
	 * @return what was changed
	 * @throws PoolClosedException if the pool is closed
	 */
	public List<PoolChange> update(UnaryOperator<S> change) {
		List<PoolChange> changes = null;
		while (changes == null) {
			S former = this.current;
			S next = change.apply(former);
			changes = this.account.exclusively(() -> this.current.equals(former) ? change(former, next) : null);
		}
		this.listeners.call(this.account.pool(), changes);
		return changes;
	}

	private List<PoolChange> change(S former, S next) {
		if (this.account.isClosed()) {
			throw new PoolClosedException("Cannot update pool '" + this.account.pool() + "': it is closed");
		}
		List<PoolChange> changes = this.differences.apply(former, next);
		if (!changes.isEmpty()) {
			this.application.accept(former, next);
			// Last: after an error, the same update finishes what it began
			this.current = next;
		}
		return changes;
	}

	/**
	 * Call a listener after each update that changed something.
	 * @param listener what to call with the changes
	 */
	public void onUpdate(Consumer<List<PoolChange>> listener) {
		this.listeners.add(listener);
	}

}
