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

package io.mempool.buffer;

import java.time.Duration;
import java.util.List;

import io.mempool.core.BlockSource;
import io.mempool.core.Budget;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.Terms;

/**
 * What a builder was told, checked.
 */
record PoolSettings(String name, MemoryKind memory, boolean pageAligned, List<BufferTier> tiers, long limit,
		Budget budget, ExhaustionPolicy policy, Duration maxWait, Clearing clearing, boolean pooling,
		RecentSizes recentSizes) {

	BlockSource<MemoryBlock> source() {
		return switch (this.memory) {
			case HEAP -> new HeapSource(this.name, this.clearing);
			case OFF_HEAP -> new NativeSource(this.name, this.clearing, this.pageAligned);
		};
	}

	Terms terms() {
		return new Terms(this.policy, this.maxWait);
	}

}
