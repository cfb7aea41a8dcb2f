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

package io.mempool.sample.soak;

import java.util.SplittableRandom;

/**
 * Sizes of content: those at the borders of tiers, and any between them.
 */
final class Sizes {

	/**
	 * More than the largest tier has.
	 */
	static final int OVERSIZED = 1536 * 1024;

	private static final int[] TIERS = { 4 * 1024, 16 * 1024, 64 * 1024, 256 * 1024, 1024 * 1024 };

	private Sizes() {
	}

	/**
	 * Return a size: at the border of a tier, or of any magnitude. Large ones are rarer,
	 * or nothing but their copying would be seen.
	 */
	static int next(SplittableRandom random, int maximum) {
		int size;
		if (random.nextInt(2) == 0) {
			int tier = Math.min(random.nextInt(TIERS.length), random.nextInt(TIERS.length));
			size = TIERS[tier] - 1 + random.nextInt(3);
		}
		else {
			size = random.nextInt(2 << random.nextInt(21));
		}
		return Math.max(1, Math.min(size, maximum));
	}

}
