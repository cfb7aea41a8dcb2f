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

package io.mempool.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.mempool.faults.FaultRun.Outcome;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every kind of fault, a few times each, at one server in a process of its own. The
 * command {@code .bench/faults} does the same, more often if it is told to.
 */
@Tag("slow")
abstract class AbstractFaultTests {

	private final Stack stack;

	AbstractFaultTests(Stack stack) {
		this.stack = stack;
	}

	// Half of the matrix: '.bench/faults' drives all of it
	@TestFactory
	@EnabledForJreRange(max = JRE.JAVA_20)
	Stream<DynamicTest> everyFaultHoldsOnPlatformThreads() throws Exception {
		return faults(false);
	}

	@TestFactory
	@EnabledForJreRange(min = JRE.JAVA_21)
	Stream<DynamicTest> everyFaultHoldsOnVirtualThreads() throws Exception {
		return faults(true);
	}

	private Stream<DynamicTest> faults(boolean virtual) throws Exception {
		FaultRun run = new FaultRun(this.stack, virtual, false);
		List<Fault> faults = Faults.of(this.stack);
		return Stream
			.concat(faults.stream().map((fault) -> test(fault, () -> run.run(fault))),
					Stream.of(test(ServerFaults.SHUTDOWN, run::shutdown)))
			.onClose(() -> close(run));
	}

	private static DynamicTest test(Fault fault, Supplier<Outcome> run) {
		return DynamicTest.dynamicTest(fault.name(), () -> assertThat(run.get().broken()).as(fault.holds()).isEmpty());
	}

	private static void close(FaultRun run) {
		try {
			run.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
