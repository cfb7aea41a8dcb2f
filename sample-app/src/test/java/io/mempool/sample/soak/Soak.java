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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

import io.mempool.sample.soak.Curve.Bound;
import io.mempool.sample.soak.Curve.Direction;
import io.mempool.sample.soak.Curve.Point;

/**
 * Soaks applications in processes of their own, all at once, and judges what they took.
 */
public final class Soak {

	private static final double MEBIBYTES = 1024 * 1024;

	private static final String MIB = "MiB";

	private static final int LONG_MINUTES = 5;

	private static final int LEAST_RESTS = 12;

	private final Duration length;

	private final Plan plan;

	Soak(Duration length) {
		this.length = length;
		this.plan = Plan.of(length);
	}

	/**
	 * Soak for as many minutes as the first argument says, and print a report.
	 * @param args the minutes
	 */
	public static void main(String[] args) throws Exception {
		Duration length = Duration.ofMinutes(Long.parseLong(args[0]));
		List<SoakResult> results = new Soak(length).run(List.of(SoakTarget.servlet(), SoakTarget.reactive()));
		System.out.print(new SoakReport(length, results).text());
		System.exit(results.stream().allMatch((result) -> result.rejections().isEmpty()) ? 0 : 1);
	}

	List<SoakResult> run(List<SoakTarget> targets) throws Exception {
		Path folder = Files.createTempDirectory("mempool-soak-");
		List<SoakedApplication> applications = new ArrayList<>();
		try {
			for (SoakTarget target : targets) {
				applications.add(new SoakedApplication(target, this.plan.jvm(), folder));
			}
			soak(applications);
			applications.forEach(SoakedApplication::endLoad);
			List<SoakResult> results = new ArrayList<>();
			for (SoakedApplication application : applications) {
				results.add(application.end(this.plan.warmUp(), this.plan::curves));
			}
			return results;
		}
		finally {
			applications.forEach(SoakedApplication::close);
			delete(folder);
		}
	}

	private void soak(List<SoakedApplication> applications) throws Exception {
		Machine machine = new Machine();
		machine.others(ticks(applications));
		for (SoakedApplication application : applications) {
			application.start();
		}
		long begin = System.nanoTime();
		long interval = Duration.ofSeconds(this.plan.interval()).toNanos();
		int rests = 0;
		// On a busy machine samples come late: until there are enough of them
		for (int i = 1; System.nanoTime() - begin < this.length.toNanos() || rests < LEAST_RESTS; i++) {
			long passed = (System.nanoTime() - begin) % interval;
			Thread.sleep(Duration.ofNanos(interval - passed).toMillis());
			double others = machine.others(ticks(applications));
			boolean rest = i % this.plan.rest() == 0;
			for (SoakedApplication application : applications) {
				if (!application.isAlive()) {
					return;
				}
				application.sample(others, rest);
			}
			rests += rest ? 1 : 0;
		}
	}

	private static long ticks(List<SoakedApplication> applications) throws IOException {
		long ticks = Machine.ownTicks();
		for (SoakedApplication application : applications) {
			ticks += application.processorTicks();
		}
		return ticks;
	}

	private static void delete(Path folder) throws IOException {
		for (Path file : Files.list(folder).toList()) {
			Files.delete(file);
		}
		Files.delete(folder);
	}

	/**
	 * How a soak of some length is done, and what its curves may do.
	 *
	 * @param interval how many seconds there are between samples
	 * @param rest each how manyth of them pauses the load
	 * @param warmUp how many seconds are not judged
	 * @param jvm arguments of the JVM
	 * @param resident by how many MiB resident memory may rise
	 * @param speed by which share speed may fall
	 */
	private record Plan(int interval, int rest, double warmUp, List<String> jvm, double resident, double speed) {

		static Plan of(Duration length) {
			if (length.toMinutes() >= LONG_MINUTES) {
				return new Plan(10, 1, length.toSeconds() / 3.0, List.of(), 24, 0.3);
			}
			// The second compiler takes minutes to end its work, and its memory would
			// hide a leak
			return new Plan(1, 2, length.toSeconds() * 0.4, List.of("-XX:TieredStopAtLevel=1"), 32, 0.5);
		}

		List<Curve> curves(List<Sample> samples) {
			List<Curve> curves = new ArrayList<>();
			curves.add(curve("resident memory, without pools", MIB, Direction.RISE, new Bound(this.resident, 0),
					samples, atRest((rest) -> rest.resident() / MEBIBYTES)));
			curves.add(curve("heap after a collection, without pools", MIB, Direction.RISE, new Bound(1, 0), samples,
					atRest((rest) -> rest.liveHeap() / MEBIBYTES)));
			curves.add(curve("native memory, without pools", MIB, Direction.RISE, new Bound(4, 0), samples,
					atRest((rest) -> rest.nativeMemory() / MEBIBYTES)));
			curves.add(curve("threads", "", Direction.RISE, new Bound(4, 0), samples, Sample::threads));
			curves.add(curve("descriptors", "", Direction.RISE, new Bound(8, 0), samples, Sample::descriptors));
			curves.add(curve("processor time per operation", "ms", Direction.RISE, new Bound(0, this.speed), samples,
					Sample::processorMillis));
			// In a minute the compiler of the other server has not ended its work
			if (this.interval > 1) {
				curves.add(curve("speed beside a server without pools", "", Direction.FALL, new Bound(0, this.speed),
						samples, atRest(Sample.Rest::relative)));
			}
			if (Machine.isQuiet(samples)) {
				curves.add(curve("operations per second", "", Direction.FALL, new Bound(0, this.speed), samples,
						Sample::throughput));
			}
			return curves;
		}

		private static ToDoubleFunction<Sample> atRest(ToDoubleFunction<Sample.Rest> figure) {
			return (sample) -> {
				Sample.Rest rest = sample.rest();
				return (rest != null) ? figure.applyAsDouble(rest) : Double.NaN;
			};
		}

		private static Curve curve(String name, String unit, Direction direction, Bound bound, List<Sample> samples,
				ToDoubleFunction<Sample> figure) {
			return new Curve(name, unit, direction, bound,
					samples.stream()
						.map((sample) -> new Point(sample.seconds(), sample.operations(), figure.applyAsDouble(sample)))
						.toList());
		}

	}

}
