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

package io.mempool.object;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.PoolChange;
import io.mempool.core.PoolClosedException;
import io.mempool.engine.Account;
import io.mempool.engine.AdmissionPolicy;
import io.mempool.engine.CloseListeners;
import io.mempool.engine.Housekeeping;
import io.mempool.engine.LeakSettings;
import io.mempool.engine.SettingChanges;
import io.mempool.engine.Tier;
import io.mempool.engine.UpdateListeners;
import org.jspecify.annotations.Nullable;

/**
 * The pool: one tier whose blocks hold one object each. And its unpooled twin, whose tier
 * keeps nothing.
 */
final class SingleTierObjectPool<T> implements ObjectPool<T> {

	private static final int ONE = 1;

	private final Account account;

	private volatile AdmissionPolicy terms;

	private final boolean pooling;

	private final boolean validates;

	private final Tier<ObjectBlock<T>> tier;

	private final UpdateListeners listeners = new UpdateListeners();

	private final CloseListeners closeListeners = new CloseListeners();

	// Guarded by the lock of the account from here on
	private @Nullable Duration idleTimeout;

	private Housekeeping.@Nullable Task expiry;

	SingleTierObjectPool(String name, ObjectSource<T> source, Caps caps, AdmissionPolicy terms,
			@Nullable Duration idleTimeout, boolean pooling, LeakSettings leaks) {
		this.account = Account.ofObjects(name);
		this.account.leaks().change(leaks);
		this.terms = terms;
		this.idleTimeout = idleTimeout;
		this.pooling = pooling;
		this.validates = source.validates();
		this.tier = new Tier<>(this.account, ONE, caps, source, pooling ? null : DiscardReason.UNPOOLED);
		if (pooling) {
			prefill();
			this.expiry = expireEvery(idleTimeout);
		}
	}

	private void prefill() {
		boolean complete = false;
		try {
			this.tier.reserve();
			this.tier.preallocate();
			complete = true;
		}
		finally {
			if (!complete) {
				close();
			}
		}
	}

	@Override
	public String name() {
		return this.account.pool();
	}

	@Override
	public PooledObject<T> acquire() {
		ObjectBlock<T> block = claim();
		return new ObjectLease<>((block != null) ? block : this.terms.acquire(this.tier, ONE));
	}

	@Override
	public PooledObject<T> acquire(Duration maxWait) throws InterruptedException {
		ObjectBlock<T> block = claim();
		return new ObjectLease<>((block != null) ? block : this.terms.acquire(this.tier, ONE, maxWait));
	}

	@Override
	public @Nullable PooledObject<T> tryAcquire() {
		ObjectBlock<T> block = claim();
		if (block == null) {
			block = this.terms.tryAcquire(this.tier, ONE);
		}
		return (block != null) ? new ObjectLease<>(block) : null;
	}

	private @Nullable ObjectBlock<T> claim() {
		ObjectBlock<T> block = this.tier.claim();
		return (block != null && this.validates) ? this.tier.fit(block) : block;
	}

	@Override
	public ObjectPoolStatistics statistics() {
		return this.account
			.exclusively(() -> new ObjectPoolStatistics(name(), this.pooling, this.terms.policy(), this.terms.maxWait(),
					this.idleTimeout, this.account.leaks().settings().detection(), this.tier.statistics()));
	}

	@Override
	public long trim() {
		return this.tier.discardIdle(DiscardReason.TRIMMED);
	}

	@Override
	public ObjectPoolUpdate update() {
		return new ObjectPoolUpdate(this::apply);
	}

	private List<PoolChange> apply(ObjectPoolUpdate update) {
		List<PoolChange> changes = this.account.exclusively(() -> change(update));
		this.listeners.tell(name(), changes);
		return changes;
	}

	private List<PoolChange> change(ObjectPoolUpdate update) {
		if (this.account.isClosed()) {
			throw new PoolClosedException("Cannot update pool '" + name() + "': it is closed");
		}
		Caps caps = update.on(this.tier.caps());
		AdmissionPolicy terms = update.on(this.terms);
		Duration idleTimeout = update.on(this.idleTimeout);
		LeakSettings leaks = update.on(this.account.leaks().settings());
		List<PoolChange> changes = new SettingChanges().add("max-idle", this.tier.caps().maxIdle(), caps.maxIdle())
			.add("max-total", this.tier.caps().maxTotal(), caps.maxTotal())
			.add("policy", this.terms.policy(), terms.policy())
			.add("max-wait", this.terms.maxWait(), terms.maxWait())
			.add("idle-timeout", this.idleTimeout, idleTimeout)
			.add("leak-detection", this.account.leaks().settings().detection(), leaks.detection())
			.toList();
		if (!changes.isEmpty()) {
			changeExpiry(idleTimeout);
			this.terms = terms;
			this.tier.retune(caps);
			this.account.leaks().change(leaks);
		}
		return changes;
	}

	private void changeExpiry(@Nullable Duration idleTimeout) {
		if (this.pooling && !Objects.equals(this.idleTimeout, idleTimeout)) {
			Housekeeping.Task expiry = expireEvery(idleTimeout);
			stopExpiry();
			this.expiry = expiry;
		}
		this.idleTimeout = idleTimeout;
	}

	private Housekeeping.@Nullable Task expireEvery(@Nullable Duration idleTimeout) {
		return (idleTimeout != null) ? Housekeeping.every(idleTimeout, this, SingleTierObjectPool::expire) : null;
	}

	private void stopExpiry() {
		if (this.expiry != null) {
			this.expiry.cancel();
			this.tier.keep();
		}
	}

	/**
	 * Destroy what has been idle since the last call.
	 */
	void expire() {
		this.tier.expire();
	}

	@Override
	public void onUpdate(Consumer<List<PoolChange>> listener) {
		this.listeners.add(listener);
	}

	@Override
	public void onClose(Runnable listener) {
		this.closeListeners.add(name(), listener);
	}

	@Override
	public void close() {
		this.account.exclusively(() -> {
			stopExpiry();
			this.tier.close();
			this.account.close();
			return null;
		});
		this.account.revoke();
		this.closeListeners.closed(name());
	}

	@Override
	public String toString() {
		return "ObjectPool[name=" + name() + "]";
	}

}
