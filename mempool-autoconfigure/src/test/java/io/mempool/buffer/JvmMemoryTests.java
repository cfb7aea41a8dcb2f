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

package io.mempool.buffer;

import java.util.List;

import io.mempool.testing.Forked;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Pools in a JVM that has less memory than they may take.
 */
class JvmMemoryTests {

	@Tag("slow")
	@Test
	void heapThatIsFullIsAnExhaustionLikeOthers() throws Exception {
		assertThat(Forked.run(JvmMemory.class, List.of("-Xmx64m", "-XX:+UseG1GC"), "HEAP"))
			.isEqualTo(new Forked(0, ""));
	}

	// From 22 on the jar takes memory that this option does not bound
	@Test
	@EnabledForJreRange(max = JRE.JAVA_21)
	void directMemoryThatIsFullIsAnExhaustionLikeOthers() throws Exception {
		assertThat(Forked.run(JvmMemory.class, List.of("-Xmx64m", "-XX:MaxDirectMemorySize=48m"), "OFF_HEAP"))
			.isEqualTo(new Forked(0, ""));
	}

	@Test
	@EnabledForJreRange(max = JRE.JAVA_21)
	void alignedPagesEndInExhaustionOfTheBudgetAndNotInAnError() throws Exception {
		Forked forked = Forked.run(PageAlignedMemory.class, List.of("-XX:MaxDirectMemorySize=16m"));
		assertThat(forked.exitCode()).isZero();
		assertThat(forked.output()).contains("is used up").contains(" null after ");
	}

	// A class whose initialisation fails for want of memory stays broken
	@Test
	void allClassesThatAShortageNeedsAreInitialisedBefore() throws Exception {
		Forked forked = Forked.run(FirstShortage.class, List.of("-Xlog:class+init=info"));
		assertThat(forked.exitCode()).isZero();
		List<String> meanwhile = forked.output()
			.lines()
			.dropWhile((line) -> !line.equals(FirstShortage.BEGIN))
			.takeWhile((line) -> !line.equals(FirstShortage.END))
			.toList();
		assertThat(meanwhile).filteredOn((line) -> line.startsWith("Cannot acquire 1024 bytes")).hasSize(4);
		assertThat(meanwhile).filteredOn((line) -> line.contains(" Initializing '"))
			.filteredOn((line) -> !line.contains("(no method)")
					|| line.matches(".*(\\$\\$Lambda|StringConcat|LambdaForm).*"))
			.isEmpty();
	}

	@Tag("slow")
	@ParameterizedTest
	@ValueSource(ints = { 4096, 5000 })
	void errorsAtAnyAllocationLeaveNothingLeased(int size) throws Exception {
		Forked forked = Forked.run(HeapHog.class, List.of("-Xmx48m", "-XX:+UseSerialGC"), Integer.toString(size));
		assertThat(forked).isEqualTo(new Forked(0, "leased 0, used beside idle 0" + System.lineSeparator()));
	}

}
