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

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

import io.mempool.core.Caps;
import io.mempool.core.LeaseException;
import io.mempool.testing.Together;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Several threads at one handle, many times: slots without a list, to have many.
 */
class LeaseTests {

	private static final int COUNT = 100_000;

	private Tier<TestBlock> tier(boolean resets) {
		return new Tier<>(new Account("parts", SharedBudget.unlimited(), Long.MAX_VALUE), 10, Caps.ofIdle(4),
				new TestBlock.Source(resets), null);
	}

	private static TestBlock.Handle lend(Tier<TestBlock> tier) {
		Slot<TestBlock> slot = new Slot<>(tier, Slot.IDLE, 10, null, true);
		TestBlock block = new TestBlock(10);
		slot.block = block;
		block.slot = slot;
		assertThat(slot.tryClaim()).isSameAs(block);
		return new TestBlock.Handle(block);
	}

	private static TestBlock.Handle[] lendAll(Tier<TestBlock> tier) {
		TestBlock.Handle[] handles = new TestBlock.Handle[COUNT];
		Arrays.setAll(handles, (i) -> lend(tier));
		return handles;
	}

	private static int releaseAll(int threads, TestBlock.Handle[] handles) throws Exception {
		AtomicInteger released = new AtomicInteger();
		Together.run(threads, (thread) -> {
			int count = 0;
			for (TestBlock.Handle handle : handles) {
				if (handle.end()) {
					count++;
				}
			}
			released.addAndGet(count);
		});
		return released.get();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void handleMadeOfADeadOneIsDeadAlsoWhenTheBlockHasANewOwner(boolean resets) {
		Tier<TestBlock> tier = tier(resets);
		TestBlock.Handle dead = lend(tier);
		TestBlock block = dead.use();
		dead.release();
		Slot<?> slot = block.slot;
		assertThat(slot).isNotNull();
		assertThat(slot.tryClaim()).isSameAs(block);
		TestBlock.Handle next = new TestBlock.Handle(block);
		TestBlock.Handle copy = dead.copied();
		assertThat(copy.isAlive()).isFalse();
		assertThat(copy.end()).isFalse();
		assertThat(next.isAlive()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void handleIsReleasedOnce(boolean resets) throws Exception {
		TestBlock.Handle[] handles = lendAll(tier(resets));
		assertThat(releaseAll(3, handles)).isEqualTo(COUNT);
		assertThat(handles).noneMatch(BlockLease::isAlive);
	}

	@Test
	void referenceOfAPinIsNotMistakenForThatOfTheHandle() {
		// Or else a second release that was a moment too late would take it
		TestBlock.Handle handle = lend(tier(false));
		Slot<?> slot = handle.pinned().slot;
		handle.end();
		assertThat(slot.state).isEqualTo(Slot.VERSION_ONE | Slot.SHARED | 1);
		handle.unpinned();
		assertThat(slot.state).isEqualTo(Slot.VERSION_ONE | Slot.IDLE);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void handleIsReleasedOnceWhileItIsPinned(boolean resets) throws Exception {
		TestBlock.Handle[] handles = lendAll(tier(resets));
		Slot<?>[] slots = Arrays.stream(handles).map((handle) -> handle.pinned().slot).toArray(Slot<?>[]::new);
		assertThat(releaseAll(3, handles)).isEqualTo(COUNT);
		assertThat(slots).as("pinned").allMatch((slot) -> Slot.isLeased(slot.state));
		for (TestBlock.Handle handle : handles) {
			handle.unpinned();
		}
		assertThat(slots).as("home").allMatch((slot) -> slot.state == (Slot.VERSION_ONE | Slot.IDLE));
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void handleIsReleasedOnceWhileAnotherIsRetained(boolean resets) throws Exception {
		TestBlock.Handle[] handles = lendAll(tier(resets));
		TestBlock.Handle[] retained = Arrays.stream(handles)
			.map(TestBlock.Handle::retain)
			.toArray(TestBlock.Handle[]::new);
		assertThat(releaseAll(3, handles)).isEqualTo(COUNT);
		assertThat(retained).allMatch((handle) -> handle.referenceCount() == 1);
		assertThat(releaseAll(3, retained)).isEqualTo(COUNT);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void handleIsReleasedOnceWhileOthersPinAndUnpinIt(boolean resets) throws Exception {
		TestBlock.Handle[] handles = lendAll(tier(resets));
		AtomicInteger released = new AtomicInteger();
		Together.run(4, (thread) -> {
			for (TestBlock.Handle handle : handles) {
				if (thread < 2) {
					released.addAndGet(handle.end() ? 1 : 0);
					continue;
				}
				try {
					handle.pinned();
				}
				catch (LeaseException ex) {
					continue;
				}
				handle.unpinned();
			}
		});
		assertThat(released).hasValue(COUNT);
		assertThat(handles).noneMatch(BlockLease::isAlive);
	}

}
