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

package io.mempool.advice;

import java.util.List;

import io.mempool.buffer.BufferTier;

/**
 * Tiers, and what they waste: bytes lent beyond what was asked for.
 *
 * @param tiers the tiers, ascending
 * @param lentBytes how many bytes are lent for the requests that were counted
 * @param wastedBytes how many of them exceed the requested sizes
 * @since 0.1.0
 */
public record TierPlan(List<BufferTier> tiers, long lentBytes, long wastedBytes) {

	/**
	 * Copy the list.
	 */
	public TierPlan {
		tiers = List.copyOf(tiers);
	}

	/**
	 * Return which part of what is lent is wasted.
	 * @return percent
	 */
	public double wastedPercent() {
		return (this.lentBytes != 0) ? 100.0 * this.wastedBytes / this.lentBytes : 0;
	}

}
