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
import java.util.function.UnaryOperator;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.OpenLease;
import io.mempool.core.PoolChange;
import io.mempool.core.PoolListener;
import io.mempool.engine.Account;
import io.mempool.engine.AccountedPool;
import io.mempool.engine.AdmissionPolicy;
import io.mempool.engine.CloseListeners;
import io.mempool.engine.Housekeeping;
import io.mempool.engine.LiveSettings;
import io.mempool.engine.Tier;
import org.jspecify.annotations.Nullable;

/**
 * The pool: one tier whose blocks hold one object each. And its unpooled twin, whose tier
 * keeps nothing.
 */
final class SingleTierObjectPool<T> implements ObjectPool<T>, AccountedPool {

	private static final int ONE = 1;

	private final Account account;

	private final LiveSettings<ObjectPoolSettings> settings;

	private volatile AdmissionPolicy admission;

	private final boolean validates;

	private final CreationCost creationCost;

	private final Tier<ObjectBlock<T>> tier;

	private final CloseListeners closeListeners = new CloseListeners();

	// Guarded by the lock of the account
	private Housekeeping.@Nullable Task expiry;

	SingleTierObjectPool(ObjectPoolSettings settings, ObjectSource<T> source) {
		this.account = Account.ofObjects(settings.name());
		this.account.leaks().change(settings.leaks());
		this.settings = new LiveSettings<>(this.account, settings, ObjectPoolSettings::changesTo, this::apply);
		this.admission = settings.admission();
		this.validates = source.validates();
		this.creationCost = source.cost();
		this.tier = new Tier<>(this.account, ONE, settings.caps(), source,
				settings.pooling() ? null : DiscardReason.UNPOOLED);
		this.tier.growTo(limitOfGrowth(settings));
		if (settings.pooling()) {
			preallocate();
			this.expiry = expireEvery(settings.idleTimeout());
		}
	}

	private void preallocate() {
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
	public Account account() {
		return this.account;
	}

	@Override
	public String name() {
		return this.account.pool();
	}

	@Override
	public PooledObject<T> acquire() {
		ObjectBlock<T> block = claim();
		return new ObjectLease<>((block != null) ? block : this.admission.acquire(this.tier, ONE));
	}

	@Override
	public PooledObject<T> acquire(Duration maxWait) throws InterruptedException {
		ObjectBlock<T> block = claim();
		return new ObjectLease<>((block != null) ? block : this.admission.acquire(this.tier, ONE, maxWait));
	}

	@Override
	public @Nullable PooledObject<T> tryAcquire() {
		ObjectBlock<T> block = claim();
		if (block == null) {
			block = this.admission.tryAcquire(this.tier, ONE);
		}
		return (block != null) ? new ObjectLease<>(block) : null;
	}

	private @Nullable ObjectBlock<T> claim() {
		ObjectBlock<T> block = this.tier.claim();
		return (block != null && this.validates) ? this.tier.fit(block) : block;
	}

	@Override
	public ObjectPoolStatistics statistics() {
		return this.account.exclusively(() -> new ObjectPoolStatistics(settings(), this.tier.statistics()));
	}

	@Override
	public CreationCost creationCost() {
		return this.creationCost;
	}

	@Override
	public List<OpenLease> openLeases() {
		return this.account.leaks().openLeases();
	}

	@Override
	public long trim() {
		return this.tier.discardIdle(DiscardReason.TRIMMED);
	}

	@Override
	public ObjectPoolSettings settings() {
		return this.settings.current();
	}

	@Override
	public List<PoolChange> update(UnaryOperator<ObjectPoolSettings> change) {
		return this.settings.update((former) -> former.updatedTo(change.apply(former)));
	}

	private void apply(ObjectPoolSettings former, ObjectPoolSettings next) {
		changeExpiry(former, next);
		this.tier.growTo(limitOfGrowth(next));
		this.tier.retune(grown(next));
		this.account.leaks().change(next.leaks());
		this.admission = next.admission();
	}

	private static int limitOfGrowth(ObjectPoolSettings settings) {
		return settings.maxIdleGrows() ? ObjectPoolOptions.GROWN_MAX_IDLE : 0;
	}

	/**
	 * Return the caps that settings mean. What has grown stays, unless it is set.
	 */
	private Caps grown(ObjectPoolSettings settings) {
		Caps caps = settings.caps();
		return settings.maxIdleGrows()
				? caps.with(Math.max(caps.maxIdle(), this.tier.caps().maxIdle()), caps.maxTotal()) : caps;
	}

	private void changeExpiry(ObjectPoolSettings former, ObjectPoolSettings next) {
		if (Objects.equals(former.idleTimeout(), next.idleTimeout()) || !next.pooling()) {
			return;
		}
		Housekeeping.Task expiry = expireEvery(next.idleTimeout());
		stopExpiry();
		this.expiry = expiry;
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
		this.settings.onUpdate(listener);
	}

	@Override
	public void addListener(PoolListener listener) {
		this.account.listeners().add(listener);
	}

	@Override
	public void removeListener(PoolListener listener) {
		this.account.listeners().remove(listener);
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
