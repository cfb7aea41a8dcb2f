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
import java.util.List;

/**
 * How much of the machine's processors others take: other processes, and its host.
 */
final class Machine {

	private static final double QUIET = 0.1;

	private long own;

	private long busy;

	private long total;

	/**
	 * Return the share since the last call.
	 * @param ownTicks the processor time that is not of others, in hundredths of a second
	 */
	double others(long ownTicks) throws IOException {
		String[] values = Files.readAllLines(Path.of("/proc/stat")).get(0).split(" +");
		long total = 0;
		// user, nice, system, idle, iowait, irq, softirq, steal; guests are users too
		for (int i = 1; i <= 8; i++) {
			total += Long.parseLong(values[i]);
		}
		long busy = total - Long.parseLong(values[4]) - Long.parseLong(values[5]);
		double passed = Math.max(1, total - this.total);
		double others = Math.max(0, (busy - this.busy) - (ownTicks - this.own)) / passed;
		this.total = total;
		this.busy = busy;
		this.own = ownTicks;
		return others;
	}

	/**
	 * Return the processor time of this process.
	 */
	static long ownTicks() {
		return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() / 10;
	}

	/**
	 * Return whether others took so little in most samples that speed tells of the
	 * application.
	 */
	static boolean isQuiet(List<Sample> samples) {
		return usual(samples) < QUIET;
	}

	/**
	 * Return the share that others took in half of the samples at most.
	 */
	static double usual(List<Sample> samples) {
		return Curve.median(samples.stream().mapToDouble(Sample::others).toArray());
	}

}
