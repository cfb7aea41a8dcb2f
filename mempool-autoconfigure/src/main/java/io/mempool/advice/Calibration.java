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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.ToDoubleFunction;

import io.mempool.advice.MeasuredCosts.Sample;
import io.mempool.buffer.MemoryKind;
import io.mempool.object.CreationCost;

/**
 * Measures until what leases and allocations cost is steady, or its time is over.
 */
final class Calibration {

	/*
	 * Blocks. A block is some rounds of everything in a row, of which the medians count:
	 * what hits fewer than half of the rounds does not show. Pauses between blocks spread
	 * them over time, so that blocks in a row do not see the same moment.
	 *
	 * Steady. The figures of a size are steady when the medians of the last blocks differ
	 * by no more than a tolerance. That holds for slow code too, between one compilation
	 * and the next: so nothing is steady while the JVM compiles much, which includes the
	 * time in which the code measured waits for the compiler. It holds too while arrays
	 * lie in pages of the heap that were never used before, which can take a hundred
	 * times as long: so nothing on the heap is steady while the JVM touches new ones.
	 *
	 * Cost. About 6 MiB of garbage per block on the heap, 1.5 MiB off the heap.
	 */

	/**
	 * How much steady figures may differ, as a factor.
	 */
	static final double TOLERANCE = 1.25;

	/**
	 * How many blocks have to agree.
	 */
	static final int WINDOW = 5;

	/**
	 * After which time it is over.
	 */
	static final long LIMIT_NANOS = 1_000_000_000;

	/**
	 * How much they may differ in any case: clocks cannot tell less apart in batches of
	 * the smallest buffers.
	 */
	static final double TOLERATED_NANOS = 4;

	private static final long PAUSE_NANOS = 40_000_000;

	// The JVM compiles much if it does so for more than this part of the time
	private static final double COMPILING = 0.1;

	// New pages count if they are more than this part of what was touched before
	private static final double TOUCHING = 0.001;

	private static final long NANOS_PER_MILLI = 1_000_000;

	private final MemoryKind memory;

	private final CostProbe probe;

	private final Machine machine;

	private final int rounds;

	private final int maximumBlocks;

	private final Deque<Block> blocks = new ArrayDeque<>();

	/**
	 * Create a calibration.
	 * @param memory what is measured
	 * @param probe measures, and is closed in the end
	 * @param machine what it measures on
	 */
	Calibration(MemoryKind memory, CostProbe probe, Machine machine) {
		this.memory = memory;
		this.probe = probe;
		this.machine = machine;
		// Direct buffers are slow to make, and go when the collector finds them
		this.rounds = (memory == MemoryKind.HEAP) ? 9 : 3;
		this.maximumBlocks = (memory == MemoryKind.HEAP) ? 25 : 8;
	}

	static MeasuredCosts measure(MemoryKind memory) {
		Machine machine = Machine.REAL;
		return new Calibration(memory, new PoolCostProbe(memory, machine::nanoTime), machine).measure();
	}

	static MeasuredCosts measure(CreationCost cost) {
		Machine machine = Machine.REAL;
		return new Calibration(MemoryKind.HEAP, new ObjectCostProbe(cost, machine::nanoTime), machine).measure();
	}

	/**
	 * Measure. Takes a quarter of a second if all is steady, and little more than
	 * {@link #LIMIT_NANOS} if not.
	 * @return what was measured in the last blocks; each sample says whether it is steady
	 */
	MeasuredCosts measure() {
		long begin = this.machine.nanoTime();
		try (CostProbe probe = this.probe) {
			probe.warmUp();
			for (int count = 1;; count++) {
				if (this.blocks.size() == WINDOW) {
					this.blocks.removeFirst();
				}
				this.blocks.addLast(block(probe));
				boolean over = count >= this.maximumBlocks || this.machine.nanoTime() - begin >= LIMIT_NANOS;
				if (over || this.blocks.size() == WINDOW) {
					MeasuredCosts costs = costs();
					if (over || costs.steady()) {
						return costs;
					}
				}
				this.machine.pause(PAUSE_NANOS);
			}
		}
	}

	private Block block(CostProbe probe) {
		long begin = this.machine.nanoTime();
		long compiled = this.machine.compilationMillis();
		long touched = this.machine.touchedHeap();
		List<List<Sample>> samples = new ArrayList<>(this.rounds);
		for (int i = 0; i < this.rounds; i++) {
			samples.add(probe.measure());
		}
		return new Block(begin, compiled, touched, medians(samples));
	}

	private MeasuredCosts costs() {
		List<List<Sample>> samples = this.blocks.stream().map(Block::samples).toList();
		boolean complete = samples.size() == WINDOW && !isCompiling() && !isTouching();
		List<Sample> costs = new ArrayList<>();
		for (Sample median : medians(samples)) {
			List<Sample> ofSize = samples.stream()
				.flatMap(List::stream)
				.filter((sample) -> sample.size() == median.size())
				.toList();
			boolean steady = complete && agree(ofSize, Sample::clearedNanos) && agree(ofSize, Sample::unclearedNanos)
					&& agree(ofSize, Sample::allocationNanos);
			costs.add(new Sample(median.size(), median.clearedNanos(), median.unclearedNanos(),
					median.allocationNanos(), steady));
		}
		return new MeasuredCosts(List.copyOf(costs));
	}

	private boolean isCompiling() {
		Block first = this.blocks.getFirst();
		double compiled = (double) (this.machine.compilationMillis() - first.compiledMillis()) * NANOS_PER_MILLI;
		return compiled > COMPILING * (this.machine.nanoTime() - first.begin());
	}

	private boolean isTouching() {
		long before = this.blocks.getFirst().touchedHeap();
		return this.memory == MemoryKind.HEAP && this.machine.touchedHeap() - before > TOUCHING * before;
	}

	private static boolean agree(List<Sample> samples, ToDoubleFunction<Sample> figure) {
		double least = samples.stream().mapToDouble(figure).min().orElse(0);
		double most = samples.stream().mapToDouble(figure).max().orElse(0);
		return most <= tolerated(least);
	}

	/**
	 * Return up to which figure a larger one may be the same.
	 */
	static double tolerated(double nanos) {
		return Math.max(nanos * TOLERANCE, nanos + TOLERATED_NANOS);
	}

	private static List<Sample> medians(List<List<Sample>> samples) {
		List<Sample> medians = new ArrayList<>();
		for (int i = 0; i < samples.get(0).size(); i++) {
			int index = i;
			List<Sample> ofSize = samples.stream().map((each) -> each.get(index)).toList();
			medians.add(new Sample(ofSize.get(0).size(), median(ofSize, Sample::clearedNanos),
					median(ofSize, Sample::unclearedNanos), median(ofSize, Sample::allocationNanos), false));
		}
		return medians;
	}

	private static double median(List<Sample> samples, ToDoubleFunction<Sample> figure) {
		double[] figures = samples.stream().mapToDouble(figure).toArray();
		Arrays.sort(figures);
		return figures[figures.length / 2];
	}

	/**
	 * The medians of some rounds.
	 *
	 * @param begin when it began
	 * @param compiledMillis how long the JVM had compiled by then
	 * @param touchedHeap how much of the heap for new objects was in use at once by then
	 * @param samples one for each size
	 */
	private record Block(long begin, long compiledMillis, long touchedHeap, List<Sample> samples) {

	}

}
