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

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

import io.mempool.sample.soak.SoakTarget.Count;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An application under load, and what was seen of it.
 */
final class SoakedApplication implements AutoCloseable {

	private static final int REST_TRIES = 600;

	private static final int REST_MILLIS = 50;

	private static final double NANOS = 1e9;

	// Of Spring Boot on WebFlux, as logs shorten it
	private static final String HANDLER = "AbstractErrorWebExceptionHandler : ";

	private static final String RESET = " java.net.SocketException: Connection reset";

	private final SoakTarget target;

	private final SoakProcess process;

	private final SoakClient client;

	private final Pace pace;

	private final Load load;

	private final List<Sample> samples = new ArrayList<>();

	private final List<String> complaints = new ArrayList<>();

	private long begin;

	private long pausedNanos;

	private long lastActiveNanos;

	private long lastOperations;

	private long lastTicks;

	SoakedApplication(SoakTarget target, List<String> jvm, Path folder) throws Exception {
		this.target = target;
		this.process = new SoakProcess(target, jvm, folder.resolve(target.name() + ".log"));
		this.client = new SoakClient(this.process.port(), this.process.framesPort());
		this.pace = new Pace(this.client);
		this.load = new Load(target, this.client);
	}

	void start() throws IOException {
		this.begin = System.nanoTime();
		this.lastTicks = this.process.processorTicks();
		this.load.start();
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	long processorTicks() throws IOException {
		return this.process.processorTicks();
	}

	/**
	 * Look at the application.
	 * @param others the share of the machine that others take
	 * @param rest whether to pause the load and to look at what is left then
	 */
	void sample(double others, boolean rest) throws Exception {
		long resident = this.process.resident();
		long threads = this.process.threads();
		long descriptors = this.process.descriptors();
		JsonNode pools = this.client.pools();
		long now = System.nanoTime();
		long operations = this.load.operations();
		long ticks = this.process.processorTicks();
		long active = now - this.begin - this.pausedNanos;
		double done = Math.max(1, operations - this.lastOperations);
		double throughput = done * NANOS / (active - this.lastActiveNanos);
		double processorMillis = (ticks - this.lastTicks) * 10 / done;
		Sample.Rest atRest = rest ? rest() : null;
		this.samples.add(new Sample((now - this.begin) / NANOS, operations, throughput, processorMillis, others,
				resident, threads, descriptors, Ledger.sum(pools, "", "leased"), Ledger.sum(pools, "", "idleBytes"),
				Ledger.sum(pools, "", "misses"), atRest));
		this.lastActiveNanos = active;
		this.lastOperations = operations;
		this.lastTicks = this.process.processorTicks();
	}

	private Sample.@Nullable Rest rest() throws Exception {
		long before = System.nanoTime();
		try {
			return this.load.pause(() -> {
				JsonNode pools = awaitRest();
				this.process.collect();
				// What only direct buffers kept is freed after that
				Thread.sleep(REST_MILLIS);
				long offHeap = Ledger.sum(pools, "off-heap", "usedBytes");
				return new Sample.Rest(this.process.resident() - offHeap,
						this.process.liveHeap() - Ledger.sum(pools, "heap", "usedBytes"),
						this.process.nativeMemory() - offHeap, this.pace.relative(this.load.nextOwner()));
			});
		}
		finally {
			this.pausedNanos += System.nanoTime() - before;
		}
	}

	// A client may have its answer before the request has ended, and only the collector
	// frees memory in doubt
	private JsonNode awaitRest() throws Exception {
		JsonNode pools = this.client.pools();
		List<String> violations = Ledger.violations(pools);
		for (int i = 1; i < REST_TRIES && !violations.isEmpty(); i++) {
			Thread.sleep(REST_MILLIS);
			if (i % 10 == 0) {
				this.process.collect();
			}
			pools = this.client.pools();
			violations = Ledger.violations(pools);
		}
		violations.forEach((violation) -> complain(
				"At rest after %d operations: %s".formatted(this.load.operations(), violation)));
		return pools;
	}

	private void complain(String complaint) {
		if (this.complaints.size() < 20) {
			this.complaints.add(complaint);
		}
	}

	/**
	 * Begin no more operations.
	 */
	void endLoad() {
		this.load.end();
	}

	/**
	 * End the application, after its load.
	 * @param warmUp how long its curves are not judged, in seconds
	 * @param curves what is judged
	 */
	SoakResult end(double warmUp, Function<List<Sample>, List<Curve>> curves) throws Exception {
		this.load.awaitEnd();
		if (this.process.isAlive()) {
			checkCounts(awaitRest());
			if (!this.process.stop()) {
				complain("The application did not end when it was told to");
			}
		}
		else {
			complain("The application has ended before its load");
		}
		this.load.failures().forEach(this::complain);
		errors(this.process.log()).forEach(this::complain);
		return new SoakResult(this.target.name(), this.samples,
				curves.apply(this.samples).stream().map((curve) -> curve.judge(warmUp)).toList(),
				List.copyOf(this.complaints), this.load.bySurface(), this.load.hangUps(), this.load.changes());
	}

	/**
	 * Return the first errors in a log, each with the exception below it. That a client
	 * reset its connection is none: it does so on purpose, and Spring Boot knows this
	 * only by the words of native transports.
	 */
	private static List<String> errors(String log) {
		List<String> lines = log.lines().filter((line) -> !line.isBlank()).toList();
		return IntStream.range(0, lines.size())
			.filter((index) -> lines.get(index).contains(" ERROR "))
			.mapToObj((index) -> String.join(" ", lines.subList(index, Math.min(index + 2, lines.size()))))
			.filter((error) -> !(error.contains(HANDLER) && error.endsWith(RESET)))
			.limit(5)
			.toList();
	}

	private void checkCounts(JsonNode pools) {
		for (Count count : this.target.counts()) {
			long expected = count.surfaces().stream().mapToLong(this.load::operations).sum();
			long acquires = Ledger.acquires(pools, count.pool());
			if (acquires != expected) {
				complain("%d acquires of %s, where clients caused %d".formatted(acquires, count.pool(), expected));
			}
		}
	}

	@Override
	public void close() {
		this.process.close();
		this.pace.close();
	}

}
