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

package io.mempool.test;

import java.util.List;

import io.mempool.buffer.BufferPool;
import io.mempool.core.OpenLease;
import io.mempool.object.ObjectPool;
import org.jspecify.annotations.Nullable;

/**
 * A pool of either kind as a check sees it.
 */
interface CheckedPool {

	/**
	 * Return the name of the pool.
	 */
	String name();

	/**
	 * Return the open leases, {@code null} if the pool does not list them: its leak
	 * detection is lower, or it is of another make.
	 */
	@Nullable List<OpenLease> openLeases();

	/**
	 * Return how many leases are open.
	 */
	long leased();

	/**
	 * Return how many leases were lost.
	 */
	long leaked();

	/**
	 * Return a pool as a check sees it.
	 * @param pool any object
	 * @return {@code null} if it is no pool, or has no name because it is a mock
	 */
	static @Nullable CheckedPool of(@Nullable Object pool) {
		if (pool instanceof BufferPool buffers) {
			return isMock(buffers.name()) ? null : new Buffers(buffers);
		}
		if (pool instanceof ObjectPool<?> objects) {
			return isMock(objects.name()) ? null : new Objects(objects);
		}
		return null;
	}

	private static boolean isMock(@Nullable String name) {
		return name == null;
	}

	/**
	 * A pool of buffers. Equal to another if the pools are.
	 */
	record Buffers(BufferPool pool) implements CheckedPool {

		@Override
		public String name() {
			return this.pool.name();
		}

		@Override
		public @Nullable List<OpenLease> openLeases() {
			try {
				return this.pool.openLeases();
			}
			catch (IllegalStateException | UnsupportedOperationException ex) {
				return null;
			}
		}

		@Override
		public long leased() {
			return this.pool.statistics().leased();
		}

		@Override
		public long leaked() {
			return this.pool.statistics().leaked();
		}

	}

	/**
	 * A pool of objects. Equal to another if the pools are.
	 */
	record Objects(ObjectPool<?> pool) implements CheckedPool {

		@Override
		public String name() {
			return this.pool.name();
		}

		@Override
		public @Nullable List<OpenLease> openLeases() {
			try {
				return this.pool.openLeases();
			}
			catch (IllegalStateException | UnsupportedOperationException ex) {
				return null;
			}
		}

		@Override
		public long leased() {
			return this.pool.statistics().leased();
		}

		@Override
		public long leaked() {
			return this.pool.statistics().leaked();
		}

	}

}
