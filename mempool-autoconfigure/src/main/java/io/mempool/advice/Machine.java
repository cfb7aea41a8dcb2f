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

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The time of a machine, of which tests have one of their own.
 */
interface Machine {

	/**
	 * This JVM on the machine it runs on.
	 */
	Machine REAL = new Machine() {

		@Override
		public long nanoTime() {
			return System.nanoTime();
		}

		@Override
		public long compilationMillis() {
			try {
				return Jvm.compilationMillis();
			}
			catch (LinkageError ex) {
				// An image without the module java.management
				return 0;
			}
		}

		@Override
		public long touchedHeap() {
			try {
				return Jvm.touchedHeap();
			}
			catch (LinkageError ex) {
				return 0;
			}
		}

		@Override
		public void pause(long nanos) {
			LockSupport.parkNanos(nanos);
		}

	};

	/**
	 * Return a time.
	 * @return nanoseconds from any origin
	 */
	long nanoTime();

	/**
	 * Return how long the JVM has compiled so far.
	 * @return milliseconds, {@code 0} if unknown
	 */
	long compilationMillis();

	/**
	 * Return how much of the heap for new objects was ever used at once. Where it grows,
	 * the operating system has to provide pages first.
	 * @return bytes, {@code 0} if unknown
	 */
	long touchedHeap();

	/**
	 * Let the processor work for others.
	 * @param nanos about how long
	 */
	void pause(long nanos);

	/**
	 * The only class that links to what an image of the JDK may not have.
	 */
	final class Jvm {

		private static final List<MemoryPoolMXBean> NEW_OBJECTS = ManagementFactory.getMemoryPoolMXBeans()
			.stream()
			.filter((pool) -> pool.getType() == MemoryType.HEAP
					&& !pool.getName().matches(".*(Old|Tenured|Survivor).*"))
			.toList();

		private Jvm() {
		}

		private static long compilationMillis() {
			CompilationMXBean compilation = ManagementFactory.getCompilationMXBean();
			return (compilation != null && compilation.isCompilationTimeMonitoringSupported())
					? compilation.getTotalCompilationTime() : 0;
		}

		private static long touchedHeap() {
			return NEW_OBJECTS.stream().mapToLong((pool) -> pool.getPeakUsage().getUsed()).sum();
		}

	}

}
