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

package io.mempool.diagnostics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

import io.mempool.buffer.Clearing;
import io.mempool.buffer.MemoryKind;

/**
 * The calibrations of this JVM, each made once, when it is asked for.
 */
final class Calibrations {

	private static final Map<Kind, MemoryCosts> KNOWN = new ConcurrentHashMap<>();

	private static final ReentrantLock MEASURING = new ReentrantLock();

	private Calibrations() {
	}

	static MemoryCosts of(MemoryKind memory, Clearing clearing) {
		Kind kind = new Kind(memory, clearing);
		MemoryCosts costs = KNOWN.get(kind);
		if (costs != null) {
			return costs;
		}
		// One at a time: two would measure each other
		MEASURING.lock();
		try {
			costs = KNOWN.get(kind);
			if (costs == null) {
				costs = new Calibration(memory, clearing).measure();
				KNOWN.put(kind, costs);
			}
			return costs;
		}
		finally {
			MEASURING.unlock();
		}
	}

	private record Kind(MemoryKind memory, Clearing clearing) {

	}

}
