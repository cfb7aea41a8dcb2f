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

package io.mempool.pressure;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.mempool.buffer.BufferPool;
import io.mempool.engine.Account;
import io.mempool.engine.AccountedPool;
import io.mempool.engine.HeapReading;
import io.mempool.engine.HeapWatch;
import io.mempool.engine.Relief;
import io.mempool.object.ObjectPool;

/**
 * Lets pools give idle memory back when the heap is nearly full: when more than a share
 * of it is used after a collection of the whole heap. They give as much as is needed to
 * come below the threshold: what has been idle longest first, and of that the largest
 * blocks. What is leased stays, and so does what a waiting request is about to get.
 * <p>
 * Pools of objects give theirs only if the memory of all other pools does not suffice,
 * since what an object weighs is unknown. Memory outside of the heap stays.
 * {@code preallocate} is no floor: blocks are created again when they are needed.
 * <p>
 * It is woken by the garbage collector and polls nothing. If the JVM lacks the modules
 * {@code java.management} or {@code jdk.management}, or its collector does not tell
 * collections of the whole heap from others (generational Shenandoah), it does nothing,
 * and a line in the log says so.
 * <p>
 * Safe for use by several threads. Pools are held weakly. A pool holds those that it was
 * added to.
 *
 * @since 0.1.0
 */
public final class HeapPressure implements AutoCloseable {

	private static final int WHOLE = 100;

	private final int heapAbove;

	private final ReliefReports reports;

	private final HeapWatch watch;

	// Held here, since the watch holds it weakly
	private final Subscriber subscriber = new Subscriber();

	// Guarded by this. No annotation says so: users would need its class to compile

	private final List<WeakReference<Account>> accounts = new ArrayList<>();

	private boolean closed;

	HeapPressure(int heapAbove, HeapWatch watch) {
		if (heapAbove <= 0 || heapAbove >= WHOLE) {
			throw new IllegalArgumentException("'heapAbove' must be from 1 to 99 percent but is " + heapAbove);
		}
		this.heapAbove = heapAbove;
		this.reports = new ReliefReports(heapAbove);
		this.watch = watch;
	}

	/**
	 * Create it for a threshold. It has no pools yet.
	 * @param percent the share of the maximum heap above which pools give memory back,
	 * from 1 to 99
	 * @return a new instance, to be closed when its pools no longer need it
	 * @throws IllegalArgumentException if the share is none
	 */
	public static HeapPressure above(int percent) {
		return new HeapPressure(percent, HeapWatch.shared());
	}

	/**
	 * Return the threshold.
	 * @return a share of the maximum heap, in percent
	 */
	public int heapAbove() {
		return this.heapAbove;
	}

	/**
	 * Add a pool of buffers. A pool outside of the heap, or one that this library did not
	 * build, has no effect.
	 * @param pool the pool
	 */
	public void add(BufferPool pool) {
		if (pool instanceof AccountedPool accounted) {
			add(accounted.account(), pool::onClose);
		}
	}

	/**
	 * Add a pool of objects. One that this library did not build has no effect.
	 * @param pool the pool
	 */
	public void add(ObjectPool<?> pool) {
		if (pool instanceof AccountedPool accounted) {
			add(accounted.account(), pool::onClose);
		}
	}

	private void add(Account account, Consumer<Runnable> onClose) {
		if (!account.isOnHeap()) {
			return;
		}
		synchronized (this) {
			if (this.closed || find(account)) {
				return;
			}
			if (this.accounts.isEmpty()) {
				this.watch.add(this.subscriber);
			}
			this.accounts.add(new WeakReference<>(account));
		}
		onClose.accept(() -> remove(account));
	}

	private boolean find(Account account) {
		this.accounts.removeIf((reference) -> reference.refersTo(null));
		return this.accounts.stream().anyMatch((reference) -> reference.refersTo(account));
	}

	private synchronized void remove(Account account) {
		if (this.accounts.removeIf((reference) -> reference.refersTo(account) || reference.refersTo(null))
				&& this.accounts.isEmpty()) {
			this.watch.remove(this.subscriber);
		}
	}

	/**
	 * Add a listener.
	 * @param listener what to call, held until this object is closed
	 */
	public void addListener(HeapReliefListener listener) {
		this.reports.add(listener);
	}

	private synchronized List<Account> accounts() {
		List<Account> accounts = new ArrayList<>();
		for (WeakReference<Account> reference : this.accounts) {
			Account account = reference.get();
			if (account != null) {
				accounts.add(account);
			}
		}
		return accounts;
	}

	/**
	 * End. Pools keep their idle memory from now on. A further call has no effect.
	 */
	@Override
	public synchronized void close() {
		this.closed = true;
		this.accounts.clear();
		this.watch.remove(this.subscriber);
		this.reports.close();
	}

	@Override
	public String toString() {
		return "HeapPressure[heapAbove=" + heapAbove() + " %]";
	}

	/**
	 * What the watch calls, in one thread.
	 */
	private final class Subscriber implements HeapWatch.Subscriber {

		private final List<HeapRelief> reliefs = new ArrayList<>();

		private boolean rehearses;

		@Override
		public long collected(HeapReading reading, long given) {
			long threshold = reading.capacity() / WHOLE * HeapPressure.this.heapAbove;
			long excess = reading.used() - given - threshold;
			this.rehearses = reading.isRehearsal();
			if (excess <= 0 && !this.rehearses) {
				return 0;
			}
			long bytes = 0;
			for (Map.Entry<Account, Long> part : new Relief(accounts()).give(Math.max(0, excess)).entrySet()) {
				Account account = part.getKey();
				boolean isMemory = account.countsBytes();
				long amount = part.getValue();
				bytes += isMemory ? amount : 0;
				this.reliefs.add(new HeapRelief(account.pool(), isMemory ? amount : 0, isMemory ? 0 : amount,
						reading.used(), threshold));
			}
			return bytes;
		}

		@Override
		public void given() {
			new Relief(accounts()).look();
			this.reliefs.forEach(HeapPressure.this.reports::add);
			this.reliefs.clear();
			if (this.rehearses) {
				HeapPressure.this.reports.rehearse();
			}
		}

	}

}
