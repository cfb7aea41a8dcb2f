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

package io.mempool.engine;

import java.nio.file.Path;
import java.util.concurrent.Callable;

import io.mempool.testing.Flaw;
import io.mempool.testing.ProvokesOutput;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Pools that share a budget do what a model of bytes allows.
 *
 * @see SharingModel
 */
@ProvokesOutput
class SharingTests {

	@Test
	void everyByteThatCountsHasAReasonAndEveryRefusalToo() throws Exception {
		new SharingModel().call();
	}

	@Tag("slow")
	@ParameterizedTest
	@EnumSource(names = { "BUDGET_NOT_CHARGED", "PENDING_ENDED_TWICE", "PENDING_NEVER_ENDED", "PENDING_IS_NO_REASON",
			"COUNTERS_FORGOTTEN", "COUNTERS_STARTED_ANEW", "KEPT_OVER_LOWERED_LIMIT", "SLAB_NEVER_GIVEN_BACK",
			"SLAB_COUNTED_TWICE", "DOUBTFUL_SPACE_REUSED", "LOST_SPACE_REUSED", "SPACE_LEFT_BEHIND",
			"NOT_CARVED_FROM_IDLE", "PREALLOCATION_GIVEN_BACK_TWICE", "LOST_STAYS_COUNTED", "ROOM_NOT_CHECKED",
			"RELIEVED_SLAB_UNCOUNTED" })
	void brokenEngineIsRejected(Flaw flaw, @TempDir Path directory) throws Exception {
		Callable<?> suite = flaw.suite(SharingModel.class, directory);
		assertThatThrownBy(suite::call).isInstanceOf(AssertionError.class)
			.hasStackTraceContaining(SharingModel.class.getName());
	}

}
