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

package io.mempool.web;

import java.util.function.Function;
import java.util.function.Supplier;

import io.mempool.buffer.BufferPool;
import io.mempool.core.UnitOfWork;
import io.mempool.scope.BufferScope;
import io.mempool.scope.BufferScopes;
import io.mempool.scope.ScopeQuota;
import io.mempool.slice.SlicingAllocator;
import org.jspecify.annotations.Nullable;

/**
 * What requests may hold, and the pool that they use.
 *
 * @param pool supplies the pool that requests use, when the first of them needs it
 * @param limit how many bytes a request may hold, {@link Long#MAX_VALUE} for no limit
 * @param maxBodySize how many bytes of a body may be read into a buffer
 * @param reportsUnreleased whether to report to the listeners of the pools what requests
 * leave to their end
 * @param reserve how many free bytes precede each slice that a request carves
 * @param areaSize how many bytes the areas of these slices have,
 * {@link #DEFAULT_AREA_SIZE} to leave that to the pool
 * @param quota how many bytes requests with the same key may hold together, {@code null}
 * for no quota
 * @since 0.1.0
 */
public record RequestSettings(Supplier<BufferPool> pool, long limit, int maxBodySize, boolean reportsUnreleased,
		int reserve, int areaSize, @Nullable ScopeQuota quota) {

	/**
	 * Leaves the size of areas of slices to the pool.
	 */
	public static final int DEFAULT_AREA_SIZE = 0;

	static final String LIMIT_PROPERTY = "mempool.request.limit";

	/**
	 * The property that sets the quota.
	 */
	public static final String QUOTA_PROPERTY = "mempool.request.quota";

	private static final String BODY_SIZE_PROPERTY = "mempool.request.max-body-size";

	/**
	 * Create settings without reports and with slices as the pool has them.
	 * @param pool supplies the pool that requests use, when the first of them needs it
	 * @param limit how many bytes a request may hold, {@link Long#MAX_VALUE} for no limit
	 * @param maxBodySize how many bytes of a body may be read into a buffer
	 */
	public RequestSettings(Supplier<BufferPool> pool, long limit, int maxBodySize) {
		this(pool, limit, maxBodySize, false, 0, DEFAULT_AREA_SIZE, null);
	}

	/**
	 * Open the scope of a request.
	 * @param pool the pool that requests use
	 * @param work names the request
	 * @param request what the key of the quota is determined of, if there is one
	 * @param key determines the key when the scope first acquires something
	 * @param <R> the type of the request
	 * @return a scope, which the caller ends
	 */
	public <R> BufferScope open(BufferPool pool, Supplier<@Nullable UnitOfWork> work, R request,
			Function<? super R, ? extends @Nullable Object> key) {
		// A request without a quota creates nothing for it
		return (this.quota != null) ? BufferScopes.open(pool, this.limit, work, this.reportsUnreleased, this.quota,
				() -> key.apply(request)) : new BufferScope(pool, this.limit, work, this.reportsUnreleased);
	}

	/**
	 * Return an allocator of slices for a request.
	 * @param scope the scope of the request
	 * @return an allocator whose areas and slices the scope owns
	 */
	public SlicingAllocator slicingAllocator(BufferScope scope) {
		BufferPool areas = this.pool.get();
		return scope.slicingAllocator(areas, this.reserve,
				(this.areaSize != DEFAULT_AREA_SIZE) ? this.areaSize : SlicingAllocator.defaultAreaSize(areas));
	}

	/**
	 * Return how much of its body a request may read now.
	 * @param scope the scope of the request
	 * @param pool where the memory comes from
	 * @return the limit
	 */
	public BodyLimit bodyLimit(BufferScope scope, BufferPool pool) {
		long remaining = scope.remaining();
		if (remaining >= this.maxBodySize) {
			return new BodyLimit(this.maxBodySize, pool.name(), BODY_SIZE_PROPERTY);
		}
		boolean byQuota = this.quota != null && BufferScopes.limit(scope) < this.limit;
		return new BodyLimit(remaining, pool.name(), byQuota ? QUOTA_PROPERTY : LIMIT_PROPERTY);
	}

}
