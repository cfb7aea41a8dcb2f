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

package io.mempool.autoconfigure;

import java.util.function.Supplier;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferTier;
import io.mempool.scope.ScopeQuota;
import io.mempool.web.RequestSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.util.unit.DataSize;

/**
 * The memory of requests, checked.
 */
final class RequestDefinition {

	private static final String PREFIX = MempoolProperties.PREFIX + ".request.";

	private static final String AREA_SIZE = "slices.area-size";

	// An area has no more unless that is set
	private static final int MOST_RESERVE = 64 * 1024 - 1;

	private final BodyDefinition body;

	private final long limit;

	private final @Nullable ScopeQuota quota;

	private final int reserve;

	private final int areaSize;

	/**
	 * Check the settings.
	 * @param properties the settings
	 * @param beanFactory what knows all pools
	 * @param pools the pools that properties describe
	 */
	RequestDefinition(MempoolProperties.Request properties, BeanFactory beanFactory, BufferPoolFactory pools) {
		this.body = new BodyDefinition(PREFIX, properties.getPool(), properties.getMaxBodySize(), beanFactory, pools);
		this.limit = limit("limit", properties.getLimit());
		this.quota = quota(properties.getQuota());
		this.areaSize = areaSize(properties.getSlices().getAreaSize());
		this.reserve = reserve(properties.getSlices().getReserve());
	}

	private static long limit(String key, @Nullable DataSize limit) {
		PropertyDefinition.checkLimit(PREFIX + key, limit);
		return (limit != null) ? limit.toBytes() : Long.MAX_VALUE;
	}

	private static @Nullable ScopeQuota quota(@Nullable DataSize quota) {
		return (quota != null) ? new ScopeQuota(RequestSettings.QUOTA_PROPERTY, limit("quota", quota)) : null;
	}

	private int areaSize(@Nullable DataSize size) {
		if (size == null) {
			return RequestSettings.DEFAULT_AREA_SIZE;
		}
		PoolDefinition definition = this.body.definition();
		long largest = (definition != null) ? definition.maximumSize() : BufferTier.MAXIMUM_SIZE;
		if (size.toBytes() <= 0 || size.toBytes() > largest) {
			throw new InvalidMempoolPropertyException(PREFIX + AREA_SIZE,
					"the size must be from 1 to " + largest + " bytes, which the largest tier of the pool '"
							+ this.body.pool() + "' has",
					"Set a size of one of its tiers, or give the pool a larger one.");
		}
		if (definition != null) {
			this.body.checkRoom(AREA_SIZE, "an area", (int) size.toBytes(), definition);
		}
		return (int) size.toBytes();
	}

	private int reserve(@Nullable DataSize size) {
		long bytes = (size != null) ? size.toBytes() : 0;
		long most = (this.areaSize > 0) ? this.areaSize - 1 : MOST_RESERVE;
		if (bytes < 0 || bytes > most) {
			throw new InvalidMempoolPropertyException(PREFIX + "slices.reserve",
					"the reserve must be from 0 to " + most + " bytes"
							+ ((this.areaSize > 0) ? ", since an area has " + this.areaSize : ""),
					"Set a size such as 16B, or remove the property for none.");
		}
		return (int) bytes;
	}

	/**
	 * Return the settings of an application.
	 * @param properties what it sets
	 * @param beanFactory what knows all pools
	 * @param pools the pools that properties describe
	 */
	static RequestSettings settings(MempoolProperties.Request properties, BeanFactory beanFactory,
			BufferPoolFactory pools) {
		RequestDefinition checked = new RequestDefinition(properties, beanFactory, pools);
		Supplier<BufferPool> pool = SingletonSupplier
			.of(() -> beanFactory.getBean(checked.body.pool(), BufferPool.class));
		return new RequestSettings(pool, checked.limit, checked.body.maxSize(), properties.isReportUnreleased(),
				checked.reserve, checked.areaSize, checked.quota);
	}

}
