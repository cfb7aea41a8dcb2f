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

package io.mempool.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What this project aims at, and how near it is.
 */
final class Goals {

	private static final String OURS = "mempool";

	private final Map<Cell, Measurement> medians;

	private final List<String> lines = new ArrayList<>();

	Goals(Map<Cell, Measurement> medians) {
		this.medians = medians;
	}

	/**
	 * Return a line of a Markdown table for each goal that was measured.
	 */
	List<String> lines() {
		atMost("Hit path against one exchange and one release store", ratio(pair(OURS, 1), pair("floor-exchange", 1)),
				2, "times");
		atMost("Hit path against one exchange, one compare-and-set and a handle",
				ratio(pair(OURS, 1), pair("floor-sound", 1)), 2, "times");
		atMost("Allocated per pair", bytes(pair(OURS, 1)), 32, "bytes");
		atLeast("Netty adaptive against ours, in the worst shape", worst("netty-adaptive"), 2.5, "times");
		atLeast("Jetty against ours, in the worst shape", worst("jetty"), 1.5, "times");
		atMost("Ours against Stormpot, in the worst shape", 1 / worst("stormpot"), 1.5, "times");
		atMost("Two threads against one", ratio(pair(OURS, 2), pair(OURS, 1)), 1.3, "times");
		atMost("The same for one exchange and one release store",
				ratio(pair("floor-exchange", 2), pair("floor-exchange", 1)), 1.3, "times");
		atMost("Hand-off, less the queue, against the plain case", beyondNothing(Goals::handOff, OURS), 2, "times");
		atMost("The same for a queue of arrays and nothing else", beyondNothing(Goals::handOff, "jctools-mpmc"), 2,
				"times");
		atMost("The same for a compare-and-set each way, a handle, and blocks in turn",
				beyondNothing(Goals::handOff, "floor-ring"), 2, "times");
		atMost("Virtual threads, less the threads, against the plain case", beyondNothing(Goals::virtualThreads, OURS),
				2, "times");
		atLeast("Hit rate with virtual threads", hitRate(virtualThreads(OURS)), 99, "percent");
		atMost("Off-heap against heap", ratio(pair("mempool-off-heap", 1), pair(OURS, 1)), 1.1, "times");
		atMost("Recording sizes", nanos(pair(OURS, 1)) - nanos(pair("mempool-unrecorded", 1)), 1, "ns");
		atMost("Typed pool against buffers", ratio(pair("mempool-objects", 1), pair(OURS, 1)), 1.3, "times");
		Cell pool = Cell.ofMethod(ScopeBenchmark.class, "pool", 1);
		Cell request = Cell.ofMethod(ScopeBenchmark.class, "request", 1);
		atMost("Through the scope of a request", nanos(request) - nanos(pool), 15, "ns more");
		atMost("Allocated for that", bytes(request) - bytes(pool), 8, "bytes more");
		Cell filtered = Cell.ofMethod(ScopeBenchmark.class, "requestWithoutAcquire", 1);
		atMost("Filter, request that acquires nothing",
				nanos(filtered) - nanos(Cell.ofMethod(ScopeBenchmark.class, "chain", 1)), 100, "ns");
		atMost("Allocated for that", bytes(filtered), 0.5, "bytes");
		return this.lines;
	}

	private static Cell pair(String subject, int threads) {
		return Cell.of(PairBenchmark.class, subject, Plan.SIZE, threads);
	}

	private double nanos(Cell cell) {
		Measurement median = this.medians.get(cell);
		return (median != null) ? median.nanos() : Double.NaN;
	}

	private double bytes(Cell cell) {
		Measurement median = this.medians.get(cell);
		return (median != null) ? median.bytes() : Double.NaN;
	}

	private double hitRate(Cell cell) {
		Measurement median = this.medians.get(cell);
		return (median != null) ? median.hitRate() : Double.NaN;
	}

	private double ratio(Cell cell, Cell other) {
		return nanos(cell) / nanos(other);
	}

	// Of all that both were measured in
	private double worst(String peer) {
		return this.medians.keySet()
			.stream()
			.filter((cell) -> cell.subject().equals(peer))
			.filter((cell) -> !cell.benchmark().startsWith(VirtualThreadBenchmark.class.getSimpleName()))
			.mapToDouble((cell) -> ratio(cell, new Cell(cell.benchmark(), OURS, cell.size(), cell.threads())))
			.filter(Double::isFinite)
			.min()
			.orElse(Double.NaN);
	}

	private static Cell handOff(String subject) {
		return Cell.of(HandOffBenchmark.class, subject, Plan.SIZE, 2);
	}

	private static Cell virtualThreads(String subject) {
		return Cell.ofMethod(VirtualThreadBenchmark.class, "pairs", subject, Plan.SIZE, 1);
	}

	private double beyondNothing(Function<String, Cell> cells, String subject) {
		return (nanos(cells.apply(subject)) - nanos(cells.apply("nothing"))) / nanos(pair(OURS, 1));
	}

	private void atMost(String goal, double measured, double aim, String unit) {
		add(goal, measured, "at most " + Report.number(aim) + " " + unit, Math.floor(measured * 10) <= aim * 10);
	}

	private void atLeast(String goal, double measured, double aim, String unit) {
		add(goal, measured, "at least " + Report.number(aim) + " " + unit, measured >= aim);
	}

	private void add(String goal, double measured, String aim, boolean reached) {
		if (!Double.isNaN(measured)) {
			this.lines.add("| " + goal + " | " + Report.number(measured) + " | " + aim + " | "
					+ (reached ? "yes" : "**no**") + " |");
		}
	}

}
