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

import java.util.ArrayList;
import java.util.List;

import io.mempool.core.Caps;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How the {@code max-idle} of a tier grows.
 */
class IdleGrowthTests {

	private static final int CAPACITY = 10;

	private final Account account = new Account("parts", SharedBudget.unlimited(), Long.MAX_VALUE);

	private Tier<TestBlock> tier(Caps caps) {
		return new Tier<>(this.account, CAPACITY, caps, new TestBlock.Source(false), null);
	}

	private static List<Integer> idleAfterWaves(Tier<TestBlock> tier, int held, int waves) throws Exception {
		List<Integer> idle = new ArrayList<>();
		for (int wave = 0; wave < waves; wave++) {
			List<TestBlock.Handle> handles = new ArrayList<>();
			for (int i = 0; i < held; i++) {
				TestBlock block = tier.claim();
				handles.add(new TestBlock.Handle(
						(block != null) ? block : tier.acquire(new Request<>(CAPACITY, false, 0))));
			}
			handles.forEach(TestBlock.Handle::release);
			assertThat(tier.statistics().caps()).isEqualTo(tier.caps());
			idle.add(tier.statistics().idle());
		}
		return idle;
	}

	@Test
	void capStaysUnlessItMayGrow() throws Exception {
		assertThat(idleAfterWaves(tier(Caps.ofIdle(2)), 5, 4)).containsExactly(2, 2, 2, 2);
	}

	@Test
	void capGrowsWhenWhatWasDiscardedIsNeededAgain() throws Exception {
		Tier<TestBlock> tier = tier(Caps.ofIdle(2));
		tier.growTo(100);
		assertThat(idleAfterWaves(tier, 5, 3)).containsExactly(2, 5, 5);
		assertThat(tier.caps()).isEqualTo(Caps.ofIdle(5));
	}

	@Test
	void capGrowsUpToItsBound() throws Exception {
		Tier<TestBlock> tier = tier(Caps.ofIdle(2));
		tier.growTo(4);
		assertThat(idleAfterWaves(tier, 10, 4)).containsExactly(2, 4, 4, 4);
		assertThat(tier.caps()).isEqualTo(Caps.ofIdle(4));
	}

	@Test
	void capOfNothingGrowsToo() throws Exception {
		Tier<TestBlock> tier = tier(Caps.ofIdle(0));
		tier.growTo(100);
		assertThat(idleAfterWaves(tier, 3, 3)).containsExactly(0, 3, 3);
	}

	@Test
	void capGrowsNoFurtherOnceItIsFixed() throws Exception {
		Tier<TestBlock> tier = tier(Caps.ofIdle(2));
		tier.growTo(100);
		idleAfterWaves(tier, 5, 3);
		tier.growTo(0);
		assertThat(idleAfterWaves(tier, 10, 3)).containsExactly(5, 5, 5);
	}

	@Test
	void preallocationIsKeptByGrowth() throws Exception {
		Tier<TestBlock> tier = tier(new Caps(2, Caps.UNLIMITED, 1));
		tier.growTo(100);
		idleAfterWaves(tier, 5, 2);
		assertThat(tier.caps()).isEqualTo(new Caps(5, Caps.UNLIMITED, 1));
	}

}
