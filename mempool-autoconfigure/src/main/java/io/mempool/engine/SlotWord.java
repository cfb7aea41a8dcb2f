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
 * The fields that each claim and return writes, in a class of their own so that they lie
 * between the paddings.
 *
 * @param <B> the kind of block
 */
abstract class SlotWord<B extends Block> extends SlotPadding<B> {

	volatile long state;

	// The hint below, on the stack of the thread that returned the block last: see
	// FreeList. The JVM would lay an int into a gap before the padding
	long below;

	SlotWord(Tier<B> tier, long state, long weight, @Nullable DiscardReason reasonNotKept, boolean counted) {
		super(tier, weight, reasonNotKept, counted);
		this.state = state;
	}

}
