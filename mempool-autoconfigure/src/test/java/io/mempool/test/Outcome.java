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

package io.mempool.test;

import java.util.List;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/**
 * What came of the tests of some classes.
 */
final class Outcome {

	private final Events events;

	private Outcome(Events events) {
		this.events = events;
	}

	static Outcome of(Class<?>... types) {
		return of("false", types);
	}

	static Outcome ofParallel(Class<?>... types) {
		return of("true", types);
	}

	private static Outcome of(String parallel, Class<?>... types) {
		EngineTestKit.Builder engine = EngineTestKit.engine("junit-jupiter")
			.configurationParameter("junit.jupiter.execution.parallel.enabled", parallel)
			.configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
			.configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
			.configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "4");
		for (Class<?> type : types) {
			engine.selectors(DiscoverySelectors.selectClass(type));
		}
		return new Outcome(engine.execute().testEvents());
	}

	List<String> succeeded() {
		return this.events.succeeded().stream().map((event) -> event.getTestDescriptor().getDisplayName()).toList();
	}

	List<String> failed() {
		return this.events.failed().stream().map((event) -> event.getTestDescriptor().getDisplayName()).toList();
	}

	/**
	 * Return the only failure.
	 */
	Throwable failure() {
		List<Throwable> failures = this.events.failed()
			.stream()
			.map((event) -> event.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow())
			.toList();
		if (failures.size() != 1) {
			throw new AssertionError("Not one failure but " + failures);
		}
		return failures.get(0);
	}

}
