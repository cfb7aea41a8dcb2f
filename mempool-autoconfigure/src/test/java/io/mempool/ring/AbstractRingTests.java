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

package io.mempool.ring;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import io.mempool.testing.Together;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * B9: a ring of recent values. What holds for every {@link Ring}.
 */
abstract class AbstractRingTests {

	private static final int THREADS = 4;

	private static final int PUSHES = 4_000;

	abstract <T> Ring<T> ring(int capacity);

	@Test
	void sevenPushesIntoThreePlaces() {
		Ring<Integer> ring = ring(3);
		List<List<Integer>> snapshots = new ArrayList<>();
		for (int i = 1; i <= 7; i++) {
			ring.push(i);
			snapshots.add(ring.snapshot());
		}
		assertThat(snapshots).containsExactly(List.of(1), List.of(1, 2), List.of(1, 2, 3), List.of(2, 3, 4),
				List.of(3, 4, 5), List.of(4, 5, 6), List.of(5, 6, 7));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 7, 8, 100, 256 })
	void lastElementsAreKeptInOrder(int capacity) {
		Ring<Integer> ring = ring(capacity);
		for (int count = 1; count <= 3 * capacity + 1; count++) {
			ring.push(count);
			assertThat(ring.snapshot())
				.isEqualTo(IntStream.rangeClosed(Math.max(1, count - capacity + 1), count).boxed().toList());
		}
	}

	@Test
	void elementsOfAnyTypeAreKept() {
		Ring<String> ring = ring(2);
		ring.push("one");
		ring.push("two");
		assertThat(ring.snapshot()).containsExactly("one", "two");
	}

	@Test
	void pushReturnsWhatItOverwrites() {
		Ring<String> ring = ring(2);
		assertThat(ring.push("one")).isNull();
		assertThat(ring.push("two")).isNull();
		assertThat(ring.push("three")).isEqualTo("one");
	}

	@Test
	void pushOverwritesNothingAfterPop() {
		Ring<String> ring = ring(2);
		ring.push("one");
		ring.push("two");
		ring.pop();
		assertThat(ring.push("three")).isNull();
		assertThat(ring.snapshot()).containsExactly("two", "three");
	}

	@Test
	void popReturnsTheOldestUntilTheRingIsEmpty() {
		Ring<Integer> ring = ring(3);
		IntStream.rangeClosed(1, 5).forEach(ring::push);
		assertThat(ring.pop()).isEqualTo(3);
		assertThat(ring.pop()).isEqualTo(4);
		assertThat(ring.pop()).isEqualTo(5);
		assertThat(ring.pop()).isNull();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 8 })
	void elementsLeaveInTheOrderInWhichTheyCame(int capacity) {
		Ring<Integer> ring = ring(capacity);
		int next = 0;
		for (int i = 0; i < 100; i++) {
			ring.push(i);
			if (i % 3 > 0) {
				next = Math.max(next, i + 1 - capacity);
				assertThat(ring.pop()).isEqualTo(next++);
			}
		}
	}

	@Test
	void peekReturnsTheOldestAndLeavesIt() {
		Ring<Integer> ring = ring(2);
		assertThat(ring.peek()).isNull();
		IntStream.rangeClosed(1, 3).forEach(ring::push);
		assertThat(ring.peek()).isEqualTo(2);
		assertThat(ring.peek()).isEqualTo(2);
		assertThat(ring.size()).isEqualTo(2);
	}

	@Test
	void sizeFollowsPushAndPop() {
		Ring<Integer> ring = ring(3);
		List<Integer> sizes = new ArrayList<>();
		sizes.add(ring.size());
		for (int i = 0; i < 4; i++) {
			ring.push(i);
			sizes.add(ring.size());
		}
		for (int i = 0; i < 4; i++) {
			ring.pop();
			sizes.add(ring.size());
		}
		assertThat(sizes).containsExactly(0, 1, 2, 3, 3, 2, 1, 0, 0);
		assertThat(ring.capacity()).isEqualTo(3);
	}

	@Test
	void emptyAndFullAreTold() {
		Ring<Integer> ring = ring(2);
		assertThat(ring.isEmpty()).isTrue();
		assertThat(ring.isFull()).isFalse();
		ring.push(1);
		assertThat(ring.isEmpty()).isFalse();
		assertThat(ring.isFull()).isFalse();
		ring.push(2);
		assertThat(ring.isFull()).isTrue();
		ring.pop();
		ring.pop();
		assertThat(ring.isEmpty()).isTrue();
	}

	@Test
	void clearRemovesEverythingAndTheRingGoesOn() {
		Ring<Integer> ring = ring(3);
		IntStream.rangeClosed(1, 5).forEach(ring::push);
		ring.clear();
		assertThat(ring.isEmpty()).isTrue();
		assertThat(ring.size()).isZero();
		assertThat(ring.snapshot()).isEmpty();
		ring.push(6);
		assertThat(ring.snapshot()).containsExactly(6);
	}

	@Test
	void snapshotIsACopy() {
		Ring<Integer> ring = ring(2);
		ring.push(1);
		List<Integer> snapshot = ring.snapshot();
		ring.push(2);
		assertThat(snapshot).containsExactly(1).isUnmodifiable();
	}

	@Test
	void nullIsNoElement() {
		Ring<Integer> ring = ring(2);
		assertThatNullPointerException().isThrownBy(() -> ring.push(null)).withMessage("'element' must not be null");
		assertThat(ring.isEmpty()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, -1, Integer.MIN_VALUE })
	void capacityIsPositive(int capacity) {
		assertThatIllegalArgumentException().isThrownBy(() -> ring(capacity))
			.withMessage("'capacity' must be positive but is " + capacity);
	}

	@Test
	void textTellsNumbersAndNoElements() {
		Ring<String> ring = ring(3);
		ring.push("secret");
		assertThat(ring).hasToString(ring.getClass().getSimpleName() + "[size=1, capacity=3]");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, 64 })
	void everyElementIsPoppedOrOverwrittenOnce(int capacity) throws Exception {
		Ring<Integer> ring = ring(capacity);
		List<List<Integer>> gone = Together.call(2 * THREADS, (thread) -> {
			List<Integer> mine = new ArrayList<>();
			for (int i = 0; i < PUSHES; i++) {
				Integer element = (thread < THREADS) ? ring.push(thread * PUSHES + i) : ring.pop();
				if (element != null) {
					mine.add(element);
				}
			}
			return mine;
		});
		List<Integer> all = new ArrayList<>(ring.snapshot());
		gone.forEach(all::addAll);
		assertThat(all).hasSize(THREADS * PUSHES).doesNotHaveDuplicates();
	}

	@Test
	void elementsOfOneThreadArePoppedInTheirOrder() throws Exception {
		Ring<Integer> ring = ring(16);
		List<List<Integer>> popped = Together.call(3, (thread) -> {
			List<Integer> mine = new ArrayList<>();
			for (int i = 0; i < PUSHES; i++) {
				Integer element = (thread == 0) ? ring.push(i) : ring.pop();
				if (thread > 0 && element != null) {
					mine.add(element);
				}
			}
			return mine;
		});
		assertThat(popped).allSatisfy((elements) -> assertThat(elements).isSorted());
	}

	@Test
	void snapshotWhileAnotherThreadPushesHasNoGap() throws Exception {
		Ring<Integer> ring = ring(7);
		AtomicBoolean done = new AtomicBoolean();
		Together.run(2, (thread) -> {
			if (thread == 0) {
				IntStream.range(0, 10 * PUSHES).forEach(ring::push);
				done.set(true);
				return;
			}
			while (!done.get()) {
				List<Integer> snapshot = ring.snapshot();
				if (!snapshot.isEmpty()) {
					int first = snapshot.get(0);
					assertThat(snapshot).isEqualTo(IntStream.range(first, first + snapshot.size()).boxed().toList());
				}
			}
		});
	}

}
