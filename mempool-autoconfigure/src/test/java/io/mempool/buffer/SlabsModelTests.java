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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import io.mempool.buffer.Slab.Range;
import io.mempool.buffer.Slab.State;
import io.mempool.testing.Flaw;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Slabs against a model that knows which line of which slab has an owner, and nothing of
 * holes: random claims, releases and losses, and an overflow of the stack at every depth.
 */
class SlabsModelTests {

	private static final int LINE = HeapLayout.LINE;

	private static final int MIB = 1024 * 1024;

	private static final long LIMIT = 16 * MIB;

	private final Random random = new Random(7);

	static Stream<HeapLayout> layouts() {
		return Stream.of(HeapLayoutTests.g1(), HeapLayoutTests.zgc(), HeapLayoutTests.serial());
	}

	@ParameterizedTest
	@MethodSource("layouts")
	void holdAsTheModelDoes(HeapLayout layout) {
		Model model = new Model(layout);
		for (int step = 0; step < 2_000; step++) {
			model.step();
			if (step % 50 == 0) {
				model.check();
			}
		}
		model.releaseAll();
		model.check();
		assertThat(model.slabs.footprint()).isZero();
		assertThat(model.dropped).as("slabs that came and went").isGreaterThan(10);
	}

	@Test
	void overflowOfTheStackChangesNothing() {
		Model model = new Model(HeapLayoutTests.g1());
		for (int i = 0; i < 200; i++) {
			model.step();
		}
		int failures = 0;
		for (int round = 0; round < 60; round++) {
			failures += model.stepWhereTheStackOverflows();
			model.check();
		}
		assertThat(failures).as("steps that failed, and were taken nearer to the surface").isGreaterThan(60);
	}

	@Tag("slow")
	@ParameterizedTest
	@EnumSource(names = { "HOLES_NOT_MERGED", "DROPPED_WITH_A_BLOCK", "HOLE_OF_A_RETIRED_SLAB", "FIRST_HOLE_TAKEN" })
	void brokenSlabsAreRejected(Flaw flaw, @TempDir Path directory) throws Exception {
		Callable<?> suite = flaw.suite(Suite.class, directory);
		assertThatThrownBy(suite::call).hasStackTraceContaining(SlabsModelTests.class.getName());
	}

	/**
	 * The comparison with the model, once.
	 */
	private static final class Suite implements Callable<Void> {

		@Override
		public Void call() {
			new SlabsModelTests().holdAsTheModelDoes(HeapLayoutTests.g1());
			return null;
		}

	}

	/**
	 * Slabs with what is known of them.
	 */
	private final class Model {

		private final HeapLayout layout;

		private final Slabs slabs;

		private final List<Owned> owned = new ArrayList<>();

		private final List<Known> known = new ArrayList<>();

		private int dropped;

		private boolean overflows;

		private int failures;

		private @Nullable Range range;

		private long given;

		Model(HeapLayout layout) {
			this.layout = layout;
			this.slabs = new Slabs(layout, 1024L * MIB, LIMIT);
		}

		int stepWhereTheStackOverflows() {
			this.overflows = true;
			this.failures = 0;
			step();
			this.overflows = false;
			return this.failures;
		}

		// What is run calls nothing after the slabs have done their work
		private void run(Runnable action) {
			if (this.overflows) {
				diveInAThreadOfItsOwn(action);
			}
			else {
				action.run();
			}
		}

		private void diveInAThreadOfItsOwn(Runnable action) {
			Thread thread = new Thread(null, () -> dive(action), "diver", 192 * 1024);
			thread.start();
			try {
				thread.join();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		// At the bottom first, then a frame higher each time until there is room enough
		private void dive(Runnable action) {
			try {
				dive(action);
			}
			catch (StackOverflowError ex) {
				this.failures++;
				action.run();
				this.failures--;
			}
		}

		void step() {
			// So that it fills and empties now and then
			boolean more = random().nextInt(100) < ((this.slabs.footprint() > LIMIT / 2) ? 45 : 60);
			if (more || this.owned.isEmpty()) {
				acquire(length());
			}
			else {
				giveBack(random().nextInt(this.owned.size()), random().nextInt(200) == 0);
			}
		}

		private Random random() {
			return SlabsModelTests.this.random;
		}

		private int length() {
			return switch (random().nextInt(3)) {
				case 0 -> MIB / 8 << random().nextInt(5);
				case 1 -> 1 + random().nextInt(2 * MIB);
				default -> 1 + random().nextInt(64 * 1024);
			};
		}

		private void acquire(int length) {
			int lines = (length + LINE - 1) / LINE;
			int shortest = shortestHole(lines);
			run(() -> this.range = this.slabs.claim(length));
			Range range = this.range;
			if (shortest == 0) {
				assertThat(range).isNull();
				range = create(length);
			}
			else {
				assertThat(range).isNotNull();
				assertThat(known(range).holeAt(range)).as("the shortest hole that fits").isEqualTo(shortest);
			}
			if (range != null) {
				assertThat(range.length()).isEqualTo(lines * LINE);
				known(range).own(range);
				this.owned.add(new Owned(range));
			}
		}

		private @Nullable Range create(int length) {
			long available = LIMIT - this.slabs.footprint();
			int planned = this.slabs.plan(length, available);
			if (planned == 0) {
				return null;
			}
			assertThat(this.layout.footprint(planned)).isLessThanOrEqualTo(available);
			Slab slab = this.slabs.create(planned);
			this.known.add(new Known(slab, (planned - this.layout.firstLine()) / LINE));
			run(() -> this.range = this.slabs.add(slab, length));
			return this.range;
		}

		private void giveBack(int index, boolean lost) {
			Range range = this.owned.get(index).range();
			run(lost ? () -> this.given = this.slabs.retire(range) : () -> this.given = this.slabs.release(range));
			long given = this.given;
			this.owned.remove(index);
			Known known = known(range);
			known.disown(range, lost);
			if (known.owners == 0) {
				assertThat(given).isEqualTo(known.slab.footprint());
				this.known.remove(known);
				this.dropped++;
			}
			else {
				assertThat(given).isZero();
			}
		}

		void releaseAll() {
			while (!this.owned.isEmpty()) {
				giveBack(this.owned.size() - 1, false);
			}
		}

		private int shortestHole(int lines) {
			return this.known.stream()
				.filter((known) -> !known.lost)
				.mapToInt((known) -> known.shortestHole(lines))
				.filter((hole) -> hole > 0)
				.min()
				.orElse(0);
		}

		private Known known(Range range) {
			return this.known.stream().filter((known) -> known.slab == range.slab()).findFirst().orElseThrow();
		}

		void check() {
			assertThat(this.slabs.count()).isEqualTo(this.known.size());
			assertThat(this.slabs.footprint())
				.isEqualTo(this.known.stream().mapToLong((known) -> known.slab.footprint()).sum());
			assertThat(this.slabs.taken())
				.isEqualTo(this.owned.stream().mapToLong((owned) -> owned.range().length()).sum());
			this.known.forEach(Known::check);
		}

	}

	/**
	 * What has an owner.
	 */
	private record Owned(Range range) {

	}

	/**
	 * A slab, line by line.
	 */
	private static final class Known {

		private final Slab slab;

		private final boolean[] lines;

		private int owners;

		private boolean lost;

		Known(Slab slab, int lines) {
			this.slab = slab;
			this.lines = new boolean[lines];
		}

		private int start(Range range) {
			return (range.offset() - this.slab.first().offset()) / LINE;
		}

		void own(Range range) {
			for (int i = 0; i < range.length() / LINE; i++) {
				assertThat(this.lines[start(range) + i]).as("owned twice").isFalse();
				this.lines[start(range) + i] = true;
			}
			this.owners++;
		}

		void disown(Range range, boolean lost) {
			for (int i = 0; i < range.length() / LINE && !lost; i++) {
				this.lines[start(range) + i] = false;
			}
			this.lost |= lost;
			this.owners--;
		}

		int shortestHole(int lines) {
			int shortest = 0;
			for (int i = 0, hole = 0; i <= this.lines.length; i++) {
				if (i < this.lines.length && !this.lines[i]) {
					hole++;
				}
				else {
					if (hole >= lines && (shortest == 0 || hole < shortest)) {
						shortest = hole;
					}
					hole = 0;
				}
			}
			return shortest;
		}

		int holeAt(Range range) {
			int end = start(range);
			while (end < this.lines.length && !this.lines[end]) {
				end++;
			}
			return end - start(range);
		}

		void check() {
			int line = 0;
			Range previous = null;
			for (Range range = this.slab.first(); range != null; range = range.next()) {
				assertThat(range.previous()).isSameAs(previous);
				assertThat(start(range)).isEqualTo(line);
				boolean hole = range.state() == State.FREE;
				assertThat(!this.lost && hole && previous != null && previous.state() == State.FREE)
					.as("two holes side by side")
					.isFalse();
				int wrong = 0;
				for (int end = line + range.length() / LINE; line < end; line++) {
					wrong += (this.lines[line] == hole) ? 1 : 0;
				}
				assertThat(wrong).as("lines whose owner is another").isZero();
				previous = range;
			}
			assertThat(line).as("no line is lost").isEqualTo(this.lines.length);
			assertThat(this.slab.taken()).isEqualTo(this.owners);
		}

	}

}
