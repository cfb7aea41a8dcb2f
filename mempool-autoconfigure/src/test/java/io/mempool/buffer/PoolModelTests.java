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

import java.nio.file.Path;
import java.util.concurrent.Callable;

import io.mempool.testing.Flaw;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that a pool does what {@link PoolAgainstModel} promises, and that a broken one is
 * found not to.
 */
class PoolModelTests {

	@Test
	void everyStepDoesWhatTheModelDoes() {
		new PoolAgainstModel().call();
	}

	// Those that show in one thread
	@Tag("slow")
	@ParameterizedTest
	@EnumSource(names = { "LOST_RELEASE_STORE", "OFF_BY_ONE_CAP", "RECYCLED_HANDLE", "OFF_BY_ONE_RESIZE",
			"KEPT_OVER_LOWERED_CAP", "NEVER_RETIRED", "EXPIRED_IN_USE", "GROWS_UNASKED" })
	void brokenPoolIsRejected(Flaw flaw, @TempDir Path directory) throws Exception {
		Callable<?> suite = flaw.suite(PoolAgainstModel.class, directory);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(suite::call).withMessageContaining("Seed");
	}

}
