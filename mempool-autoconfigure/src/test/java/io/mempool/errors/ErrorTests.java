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

package io.mempool.errors;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.mempool.testing.Flaw;
import io.mempool.testing.Forked;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that an Error inside of a pool costs at most the lease that it hit: other threads
 * acquire and release, and once nothing is held nothing is counted.
 *
 * @see ErrorOperation
 */
@Tag("slow")
class ErrorTests {

	// An error knows where it happened, and is thrown sooner
	private static final String SHORT_TRACES = "-XX:MaxJavaStackTraceDepth=8";

	// A sound pool needs less
	private static final String IMPATIENT = "-Dpatience=6";

	// Interpreted, frames have the same size in every run, and are largest
	@Test
	void everyFrameMayBeTheLastThatTheStackHasRoomFor() throws Exception {
		assertPassed(Forked.run(StackErrors.class, options("-Xint", SHORT_TRACES)));
	}

	@Test
	void everyAllocationMayFail() throws Exception {
		assertPassed(Forked.run(AllocationErrors.class, options()));
	}

	// With regions of 1 MiB, so that there are slabs
	private static List<String> options(String... more) {
		List<String> options = new ArrayList<>(List.of("-XX:+UseG1GC", "-Xmx256m"));
		options.addAll(List.of(more));
		return options;
	}

	private static void assertPassed(Forked suite) {
		assertThat(suite.exitCode()).as(suite.output()).isZero();
		assertThat(suite.output()).containsPattern("\\n[1-9][0-9]{3,} errors\\n$");
	}

	@ParameterizedTest
	@EnumSource(names = { "NO_STACK_RESERVE", "RETURN_NEVER_FOUND" })
	void poolThatAStackOverflowBreaksIsRejected(Flaw flaw, @TempDir Path directory) throws Exception {
		flaw.compileTo(directory);
		assertThat(Forked.run(directory, StackErrors.class, options("-Xint", SHORT_TRACES, IMPATIENT)).exitCode())
			.isOne();
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.INCLUDE,
			names = { "ADMISSION_NOT_UNDONE", "UNDO_ALLOCATES", "COUNTED_BEFORE_PLACED", "DISPOSAL_ALLOCATES" })
	void poolThatAFailedAllocationBreaksIsRejected(Flaw flaw, @TempDir Path directory) throws Exception {
		flaw.compileTo(directory);
		assertThat(Forked.run(directory, AllocationErrors.class, options(IMPATIENT)).exitCode()).isOne();
	}

}
