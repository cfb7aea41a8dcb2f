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

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The processor time of a measuring thread. What else runs on the machine is not in it,
 * and neither is what the collector does.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class CpuTime {

	private static final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

	public double cpuNanos;

	public double operations;

	private long begin;

	@Setup(Level.Iteration)
	public void begin() {
		this.begin = threads.getCurrentThreadCpuTime();
	}

	@TearDown(Level.Iteration)
	public void end() {
		this.cpuNanos = threads.getCurrentThreadCpuTime() - this.begin;
	}

	void count(int operations) {
		this.operations += operations;
	}

}
