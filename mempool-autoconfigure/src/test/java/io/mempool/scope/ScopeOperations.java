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

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.mempool.core.LeaseException;
import io.mempool.core.PoolClosedException;
import io.mempool.core.UnitOfWork;
import io.mempool.engine.OwnedLease;
import io.mempool.engine.Unreleased;
import org.jspecify.annotations.Nullable;

/**
 * What the threads of one unit of work do to a scope: they let it own leases, take them
 * out of it, hold it for a task, and close it.
 */
public final class ScopeOperations {

	private static final int LEASES = 7;

	private final HeldItems scope = new HeldItems(Long.MAX_VALUE, null, false);

	private final List<CountedLease> leases = IntStream.range(0, LEASES).mapToObj((i) -> new CountedLease()).toList();

	/**
	 * Let the scope own a lease.
	 */
	public boolean own(int lease) {
		try {
			this.scope.own(this.leases.get(lease), 0);
			return true;
		}
		catch (PoolClosedException ex) {
			return false;
		}
	}

	/**
	 * Take a lease out of the scope.
	 */
	public boolean detach(int lease) {
		CountedLease wanted = this.leases.get(lease);
		return this.scope.remove((item) -> item == wanted) != null;
	}

	/**
	 * Hold the scope for a task.
	 */
	public boolean hold() {
		try {
			this.scope.hold();
			return true;
		}
		catch (PoolClosedException ex) {
			return false;
		}
	}

	/**
	 * Hold the scope for a task, that uses a lease meanwhile.
	 */
	public String task(int lease) {
		if (!hold()) {
			return "refused";
		}
		boolean alive = this.leases.get(lease).isAlive();
		this.scope.endHold();
		return alive ? "alive" : "dead";
	}

	/**
	 * End the hold of a task.
	 */
	public void endHold() {
		this.scope.endHold();
	}

	/**
	 * Close the scope.
	 */
	public void close() {
		this.scope.endByOwner();
	}

	/**
	 * Return how often each lease has ended.
	 */
	public List<Integer> ends() {
		return this.leases.stream().map((lease) -> lease.ends).toList();
	}

	/**
	 * A scope of one thread.
	 */
	public static final class Specification {

		private final List<Integer> owned = new ArrayList<>();

		private final List<Integer> ends = new ArrayList<>(List.of(0, 0, 0, 0, 0, 0, 0));

		private int holds;

		private boolean closed;

		private boolean isEnded() {
			return this.closed && this.holds == 0;
		}

		private void endIfLast() {
			if (isEnded()) {
				this.owned.forEach((lease) -> this.ends.set(lease, this.ends.get(lease) + 1));
				this.owned.clear();
			}
		}

		/**
		 * Own a lease.
		 */
		public boolean own(int lease) {
			return !isEnded() && this.owned.add(lease);
		}

		/**
		 * Take a lease out.
		 */
		public boolean detach(int lease) {
			return this.owned.remove((Integer) lease);
		}

		/**
		 * Begin a hold.
		 */
		public boolean hold() {
			if (isEnded()) {
				return false;
			}
			this.holds++;
			return true;
		}

		/**
		 * Use a lease.
		 */
		public String task(int lease) {
			if (isEnded()) {
				return "refused";
			}
			return (this.ends.get(lease) == 0) ? "alive" : "dead";
		}

		/**
		 * End a hold.
		 */
		public void endHold() {
			this.holds--;
			endIfLast();
		}

		/**
		 * Close the scope.
		 */
		public void close() {
			this.closed = true;
			endIfLast();
		}

		/**
		 * Return how often each lease has ended.
		 */
		public List<Integer> ends() {
			return List.copyOf(this.ends);
		}

	}

	/**
	 * A lease that counts how often it ended.
	 */
	private static final class CountedLease implements OwnedLease {

		private volatile int ends;

		@Override
		public void release() {
			if (this.ends > 0) {
				throw new LeaseException("Released twice");
			}
			this.ends++;
		}

		@Override
		public void close() {
			this.ends++;
		}

		@Override
		public void discard() {
			release();
		}

		@Override
		public void abandon() {
			close();
		}

		@Override
		public boolean isAlive() {
			return this.ends == 0;
		}

		@Override
		public int referenceCount() {
			return isAlive() ? 1 : 0;
		}

		@Override
		public void assign(Supplier<@Nullable UnitOfWork> work) {
		}

		@Override
		public void endedWithWork() {
		}

		@Override
		public void addTo(Unreleased unreleased, int size) {
		}

	}

}
