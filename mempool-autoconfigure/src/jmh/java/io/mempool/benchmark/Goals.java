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
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What this project aims at, and how near it is. Subjects are compared within each round,
 * since the machine differs more between rounds, and the median is taken of that.
 */
final class Goals {

	private static final String OURS = "mempool";

	private final List<Round> rounds;

	private final List<String> lines = new ArrayList<>();

	Goals(List<Map<Cell, Measurement>> rounds) {
		this.rounds = rounds.stream().map(Round::new).toList();
	}

	/**
	 * Return a line of a Markdown table for each goal that was measured.
	 */
	List<String> lines() {
		atMost("Hit path, in turns with one exchange and one release store", oursInTurnsWith("floor-exchange"), 2,
				"times");
		atMost("Hit path, in turns with one exchange, one compare-and-set and a handle", oursInTurnsWith("floor-sound"),
				2, "times");
		atMost("Allocated per pair", (round) -> round.bytes(pair(OURS, 1)), 32, "bytes");
		atLeast("Netty adaptive against ours, in the worst shape", worst("netty-adaptive", OURS), 2.5, "times");
		atLeast("The same for two atomic steps and a handle, in the worst shape that was measured with these",
				worst("netty-adaptive", "floor-sound", "floor-ring"), 2.5, "times");
		atMost("Holding sixteen, two threads, against a compare-and-set each way, a handle, and blocks in turn",
				ratio(batch(OURS), batch("floor-ring")), 2, "times");
		atLeast("Jetty against ours, in the worst shape", worst("jetty", OURS), 1.5, "times");
		atMost("Ours against Stormpot, in the worst shape", 1 / worst("stormpot", OURS), 1.5, "times");
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
		atMost("The same for one exchange and one release store",
				beyondNothing(Goals::virtualThreads, "floor-exchange", "floor-exchange"), 2, "times");
		atLeast("Hit rate with virtual threads", median((round) -> round.hitRate(virtualThreads(OURS))), 99, "percent");
		atMost("Off-heap against heap", inTurnsWithOurs("mempool-off-heap"), 1.1, "times");
		atMost("Recording sizes", beyond("mempool-unrecorded"), 1, "ns");
		atMost("The same beyond one counter per stripe of threads", beyond("mempool-counting"), 1, "ns");
		atMost("Typed pool against buffers", inTurnsWithOurs("mempool-objects"), 1.3, "times");
		Cell pool = Cell.ofMethod(ScopeBenchmark.class, "pool", 1);
		Cell request = Cell.ofMethod(ScopeBenchmark.class, "request", 1);
		atMost("Through the scope of a request", (round) -> round.nanos(request) - round.nanos(pool), 15, "ns more");
		atMost("Allocated for that", (round) -> round.bytes(request) - round.bytes(pool), 8, "bytes more");
		Cell filtered = Cell.ofMethod(ScopeBenchmark.class, "requestWithoutAcquire", 1);
		Cell chain = Cell.ofMethod(ScopeBenchmark.class, "chain", 1);
		atMost("Filter, request that acquires nothing", (round) -> round.nanos(filtered) - round.nanos(chain), 100,
				"ns");
		atMost("Allocated for that", (round) -> round.bytes(filtered), 0.5, "bytes");
		atMost("Both ends of 512 bytes, two threads, heap against off-heap",
				ratio(border(OURS), border("mempool-off-heap")), 1.5, "times");
		return this.lines;
	}

	private static Cell pair(String subject, int threads) {
		return Cell.of(PairBenchmark.class, subject, Plan.SIZE, threads);
	}

	private static Cell batch(String subject) {
		return Cell.of(BatchBenchmark.class, subject, Plan.SIZE, 2);
	}

	private static Cell handOff(String subject) {
		return Cell.of(HandOffBenchmark.class, subject, Plan.SIZE, 2);
	}

	private static Cell border(String subject) {
		return Cell.of(BorderBenchmark.class, subject, 512, 2);
	}

	private static Cell virtualThreads(String subject) {
		return Cell.ofMethod(VirtualThreadBenchmark.class, "pairs", subject, Plan.SIZE, 1);
	}

	private static ToDoubleFunction<Round> oursInTurnsWith(String subject) {
		Cell cell = Plan.turnsWith(subject);
		return (round) -> round.ours(cell) / round.nanos(cell);
	}

	private static ToDoubleFunction<Round> beyond(String subject) {
		Cell cell = Plan.turnsWith(subject);
		return (round) -> round.ours(cell) - round.nanos(cell);
	}

	private static ToDoubleFunction<Round> inTurnsWithOurs(String subject) {
		return (round) -> 1 / oursInTurnsWith(subject).applyAsDouble(round);
	}

	private static ToDoubleFunction<Round> ratio(Cell cell, Cell other) {
		return (round) -> round.nanos(cell) / round.nanos(other);
	}

	private static ToDoubleFunction<Round> beyondNothing(Function<String, Cell> cells, String subject) {
		return beyondNothing(cells, subject, OURS);
	}

	private static ToDoubleFunction<Round> beyondNothing(Function<String, Cell> cells, String subject, String plain) {
		return (round) -> (round.nanos(cells.apply(subject)) - round.nanos(cells.apply("nothing")))
				/ round.nanos(pair(plain, 1));
	}

	// Of all shapes in which the peer and one of the others were measured
	private double worst(String peer, String... others) {
		return this.rounds.get(0)
			.measurements()
			.keySet()
			.stream()
			.filter((cell) -> cell.subject().equals(peer))
			.filter((cell) -> !cell.benchmark().startsWith(VirtualThreadBenchmark.class.getSimpleName()))
			.flatMapToDouble((cell) -> Stream.of(others)
				.mapToDouble(
						(other) -> median(ratio(cell, new Cell(cell.benchmark(), other, cell.size(), cell.threads())))))
			.filter(Double::isFinite)
			.min()
			.orElse(Double.NaN);
	}

	private double median(ToDoubleFunction<Round> figure) {
		return Measurement.median(this.rounds.stream().mapToDouble(figure));
	}

	private void atMost(String goal, ToDoubleFunction<Round> figure, double aim, String unit) {
		atMost(goal, median(figure), aim, unit);
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

	/**
	 * What one round measured; what it did not is {@code NaN}.
	 *
	 * @param measurements the measurements
	 */
	private record Round(Map<Cell, Measurement> measurements) {

		double nanos(Cell cell) {
			return figure(cell, Measurement::nanos);
		}

		double bytes(Cell cell) {
			return figure(cell, Measurement::bytes);
		}

		double ours(Cell cell) {
			return figure(cell, Measurement::ours);
		}

		double hitRate(Cell cell) {
			return figure(cell, Measurement::hitRate);
		}

		private double figure(Cell cell, ToDoubleFunction<Measurement> figure) {
			Measurement measurement = this.measurements.get(cell);
			return (measurement != null) ? figure.applyAsDouble(measurement) : Double.NaN;
		}

	}

}
