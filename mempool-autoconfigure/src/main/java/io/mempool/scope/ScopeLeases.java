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
import java.util.function.Consumer;

import io.mempool.buffer.BufferPool;
import io.mempool.core.LeaseException;
import io.mempool.object.ObjectPool;
import io.mempool.object.PooledObject;
import org.jspecify.annotations.Nullable;

/**
 * What a scope does with leases that it does not keep: it acquires several objects, all
 * or none, and knows the lease of an object.
 */
final class ScopeLeases {

	private ScopeLeases() {
	}

	/**
	 * Acquire objects and let a scope own them.
	 * @param owner adds a lease to the scope, or closes it and fails
	 * @return the objects
	 */
	static <T> List<T> acquire(ObjectPool<T> pool, int count, Consumer<PooledObject<T>> owner) {
		if (count < 0) {
			throw new IllegalArgumentException("Cannot acquire " + count + " objects from pool '" + pool.name()
					+ "': 'count' must not be negative");
		}
		List<PooledObject<T>> leases = new ArrayList<>(count);
		try {
			while (leases.size() < count) {
				leases.add(pool.acquire());
			}
			List<T> objects = leases.stream().map(PooledObject::get).toList();
			leases.forEach(owner);
			return objects;
		}
		catch (RuntimeException | Error ex) {
			closeAll(leases, ex);
			throw ex;
		}
	}

	private static void closeAll(List<? extends PooledObject<?>> leases, Throwable failure) {
		for (int i = leases.size() - 1; i >= 0; i--) {
			try {
				leases.get(i).close();
			}
			catch (RuntimeException | Error ex) {
				ScopeEnd.join(failure, ex);
			}
		}
	}

	@SuppressWarnings("ReferenceEquality")
	static boolean isLeaseOf(PooledObject<?> lease, Object object) {
		try {
			return lease.isAlive() && lease.get() == object;
		}
		catch (LeaseException ex) {
			// Released by its user a moment ago
			return false;
		}
	}

	/**
	 * Return the pool of a scope.
	 * @param instead the call that names a pool
	 * @throws IllegalStateException if the scope has none
	 */
	static BufferPool require(@Nullable BufferPool pool, String instead) {
		if (pool == null) {
			throw new IllegalStateException("This scope has no pool of buffers: call " + instead
					+ ", or open the scope with new BufferScope(pool)");
		}
		return pool;
	}

}
