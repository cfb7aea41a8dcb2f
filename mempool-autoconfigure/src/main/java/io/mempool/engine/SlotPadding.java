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

package io.mempool.engine;

import io.mempool.core.DiscardReason;
import org.jspecify.annotations.Nullable;

/**
 * The padding before the word of a slot. A thread that takes the cache line of the word
 * takes no other data that another processor reads.
 *
 * @param <B> the kind of block
 */
@SuppressWarnings("unused")
abstract class SlotPadding<B extends Block> extends SlotFields<B> {

	long before0;

	long before1;

	long before2;

	long before3;

	long before4;

	long before5;

	long before6;

	long before7;

	SlotPadding(Tier<B> tier, long weight, @Nullable DiscardReason reasonNotKept, boolean counted) {
		super(tier, weight, reasonNotKept, counted);
	}

}
