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
import java.util.stream.Stream;

/**
 * What to measure, and how often.
 *
 * @param name how the plan is called on the command line
 * @param rounds how often all of it is measured, unless ended early; medians are of that
 * many forks
 * @param harness how each is measured
 * @param turns what is measured in turns with our pool
 * @param sections what is measured by itself
 */
record Plan(String name, int rounds, Harness harness, List<Cell> turns, List<Section> sections) {

	static final int SIZE = 16 * 1024;

	private static final boolean JAVA_21 = Runtime.version().feature() >= 21;

	static Plan of(String name) {
		return switch (name) {
			case "quick" -> new Plan(name, 1, new Harness(4, 3, 150), nearOnesInTurn(),
					List.of(pairs(List.of(1, 2), quickSubjects()), scopes()));
			case "full" -> new Plan(name, 5, new Harness(5, 5, 100), nearOnesInTurn(),
					List.of(pairs(List.of(1, 2, 4, 8), allSubjects()), sizes(), batches(), handOff(), mixedSizes(),
							virtualThreads(), crowd(), scopes(), statistics(), borders()));
			case "memory" -> new Plan(name, 3, new Harness(5, 5, 100), nearOnesInTurn(), List
				.of(pairs(List.of(1, 2), List.of("mempool", "floor-exchange", "floor-sound")), sizes(), borders()));
			case "protection" -> new Plan(name, 3, new Harness(4, 5, 200), List.of(), List.of(protections()));
			case "objects" -> new Plan(name, 3, new Harness(4, 5, 200), List.of(), List.of(smallObjects(), rings()));
			case "smoke" -> new Plan(name, 1, new Harness(0, 1, 10), nearOnesInTurn(),
					List.of(pairs(List.of(1), allSubjects()), sizes().first(), batches().first(), handOff().first(),
							mixedSizes().first(), virtualThreads().first(), crowd().first(), scopes(), statistics(),
							borders().first(), smallObjects(), rings().first(), protections().first()));
			default -> throw new IllegalArgumentException(
					"'benchmarks' must be quick, full, memory, protection, objects, smoke or jmh but is '" + name
							+ "': use -Dbenchmarks=quick");
		};
	}

	/**
	 * Return whether the results are kept in the repository.
	 */
	boolean isKept() {
		return List.of("full", "memory", "protection", "objects").contains(this.name);
	}

	/**
	 * Return the name of the file with the results.
	 */
	String file() {
		return (this.name.equals("full") ? "" : this.name + "-") + "jdk-" + Runtime.version().feature() + ".md";
	}

	// What is compared to a nanosecond
	private static List<Cell> nearOnesInTurn() {
		return Stream
			.of("floor-exchange", "floor-sound", "mempool-unrecorded", "mempool-counting", "mempool-off-heap",
					"mempool-objects")
			.map(Plan::turnsWith)
			.toList();
	}

	static Cell turnsWith(String subject) {
		return Cell.of(TurnsBenchmark.class, subject, SIZE, 1);
	}

	/**
	 * Return all there is to measure, each once.
	 */
	List<Cell> cells() {
		return Stream
			.concat(this.turns.stream(), this.sections.stream().flatMap((section) -> section.allCells().stream()))
			.distinct()
			.toList();
	}

	private static List<String> quickSubjects() {
		return available("mempool", "floor-exchange", "floor-sound", "netty-adaptive", "jetty", "stormpot",
				"jctools-mpmc", "new-array", "mempool-off-heap", "mempool-objects");
	}

	// The nearer two are, the less the machine changes between them
	private static List<String> allSubjects() {
		return available("mempool", "floor-exchange", "floor-sound", "mempool-unrecorded", "mempool-off-heap",
				"mempool-objects", "mempool-clearing", "mempool-leak-detection", "netty-adaptive",
				"netty-adaptive-fast-threads", "netty-adaptive-direct", "netty-pooled", "netty-pooled-fast-threads",
				"netty-pooled-direct", "jetty", "jetty-direct", "stormpot", "commons-pool2", "jctools-mpmc",
				"array-blocking-queue", "new-array", "floor-thread-local");
	}

	private static List<String> available(String... subjects) {
		List<String> available = new ArrayList<>(List.of(subjects));
		if (!JAVA_21) {
			available.remove("stormpot");
		}
		return available;
	}

	private static Section pairs(List<Integer> threads, List<String> subjects) {
		return new Section("Acquire and release 16 KiB", "Each thread holds one at a time.", subjects, "%s threads",
				threads, (subject, count) -> Cell.of(PairBenchmark.class, subject, SIZE, count));
	}

	private static Section sizes() {
		return new Section("By size", "One thread, one at a time.",
				List.of("mempool", "mempool-clearing", "mempool-off-heap", "new-array", "allocate-direct",
						"netty-adaptive", "jetty"),
				"%s bytes", List.of(256, 1024, 4096, 65_536, 262_144, 1_048_576),
				(subject, size) -> Cell.of(PairBenchmark.class, subject, size, 1));
	}

	private static Section batches() {
		return new Section("Hold sixteen",
				"Each thread acquires 16 buffers of 16 KiB and releases them in another order. Per pair.",
				available("mempool", "floor-ring", "netty-adaptive", "netty-pooled", "jetty", "stormpot",
						"commons-pool2", "jctools-mpmc", "array-blocking-queue", "new-array", "floor-thread-local"),
				"%s threads", List.of(1, 2, 4, 8),
				(subject, count) -> Cell.of(BatchBenchmark.class, subject, SIZE, count));
	}

	private static Section handOff() {
		return new Section("Hand-off",
				"One thread acquires 16 KiB, another releases; a queue between them, which 'nothing' shows alone.",
				available("mempool", "floor-ring", "nothing", "mempool-off-heap", "netty-adaptive", "netty-pooled",
						"jetty", "stormpot", "jctools-mpmc"),
				"%s threads", List.of(2), (subject, count) -> Cell.of(HandOffBenchmark.class, subject, SIZE, count));
	}

	private static Section mixedSizes() {
		return new Section("Mixed sizes", "Sizes of the files in the JDK's own image, up to 1 MiB, in random order.",
				List.of("mempool", "mempool-unrecorded", "netty-adaptive", "netty-pooled", "jetty", "new-array"),
				"%s threads", List.of(1, 2, 4, 8),
				(subject, count) -> Cell.of(MixedSizesBenchmark.class, subject, 0, count));
	}

	private static Section virtualThreads() {
		return crowd("Virtual threads", "pairs",
				"10,000 virtual threads acquire and release 16 KiB eight times each, and yield once between. Per pair; "
						+ "'nothing' is what starting and scheduling the threads costs.",
				"mempool", "floor-exchange", "nothing", "netty-adaptive", "jetty", "stormpot", "jctools-mpmc",
				"new-array");
	}

	private static Section crowd() {
		return crowd("All virtual threads hold at once", "holding",
				"The same, but they yield while they hold, so that up to 10,000 buffers are out at once. Every subject "
						+ "may keep as many.",
				"mempool", "netty-adaptive", "jetty", "jctools-mpmc", "new-array", "nothing");
	}

	private static Section crowd(String title, String method, String text, String... subjects) {
		return new Section(title, text, JAVA_21 ? List.of(subjects) : List.of(), "%s starter", List.of(1),
				(subject, count) -> Cell.ofMethod(VirtualThreadBenchmark.class, method, subject, SIZE, count));
	}

	private static Section scopes() {
		return new Section("Scopes",
				"One thread acquires 64 times 16 KiB from the pool and releases by hand, through a scope, or through "
						+ "the scope of a request that ends in the filter; per pair. And a request that acquires "
						+ "nothing, with the filter and without; per request.",
				List.of("pool", "scope", "request", "requestWithoutAcquire", "chain"), "%s thread", List.of(1),
				(method, count) -> Cell.ofMethod(ScopeBenchmark.class, method, count));
	}

	private static Section statistics() {
		return new Section("Statistics read meanwhile", "16 KiB; a thread reads all figures 100 times a second.",
				List.of("unread", "read"), "%s threads", List.of(1, 2),
				(method, count) -> Cell.ofMethod(StatisticsBenchmark.class, method, count));
	}

	private static Section borders() {
		return new Section("Borders",
				"Two threads acquire, write the first and the last byte, and release. The collector has copied the "
						+ "buffers side by side; those of 'floor-exchange' are arrays with nothing between them.",
				List.of("mempool", "mempool-off-heap", "floor-exchange"), "%s bytes", List.of(512, 8192),
				(subject, size) -> Cell.of(BorderBenchmark.class, subject, size, 2));
	}

	private static Section protections() {
		return new Section("Protection",
				"One thread acquires, takes a view and releases. Every release clears, or fills with a pattern. Heap "
						+ "memory, the same in quarantine; off-heap memory, and the same with views that are revoked.",
				protectedSubjects(), "%s bytes", List.of(4096, 65_536, 1_048_576),
				(subject, size) -> Cell.of(PairBenchmark.class, subject, size, 1));
	}

	private static List<String> protectedSubjects() {
		List<String> subjects = new ArrayList<>(List.of("mempool-view", "mempool-quarantine", "mempool-off-heap-view"));
		if (Runtime.version().feature() >= 22) {
			subjects.add("mempool-revoke");
		}
		return subjects;
	}

	private static Section smallObjects() {
		return new Section("Hundreds of small objects",
				"A request takes 100 objects of 40 bytes of each of ten types, in turn, fills them in, and gives them "
						+ "back. New ones; a lease each; a lease of one holder with a list of each type, written by "
						+ "hand; a lease of an 'ObjectBatch' of each type. Processor time per object, without that of the "
						+ "collector.",
				List.of("create", "leases", "holder", "batches"), "%s threads", List.of(1, 2),
				(method, count) -> Cell.ofMethod(SmallObjectsBenchmark.class, method, count));
	}

	private static Section rings() {
		return new Section("Rings", "A push into a full ring of 256 elements, or 257 ('odd').",
				List.of("lockFree", "lockFreeOdd", "locked"), "%s threads", List.of(1, 2),
				(method, count) -> Cell.ofMethod(RingBenchmark.class, method, count));
	}

}
