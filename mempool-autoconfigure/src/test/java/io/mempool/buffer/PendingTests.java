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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Freed memory is gone once nothing uses it, and each call that freed it is told.
 *
 * @see PendingModel
 */
class PendingTests {

	@AfterEach
	void restorePatience() {
		System.clearProperty("patience");
	}

	@Test
	void freedMemoryIsGoneOnceNothingUsesIt() throws Exception {
		new PendingModel().call();
	}

	@Tag("slow")
	@ParameterizedTest
	@EnumSource(names = { "FREED_IN_DOUBT", "FREED_AGAIN", "OTHERS_NOT_TOLD", "RECLAIMER_ENDS_EARLY",
			"MISSED_IS_FORGOTTEN" })
	void brokenReclaimerIsRejected(Flaw flaw, @TempDir Path directory) throws Exception {
		System.setProperty("patience", "2");
		Callable<?> suite = flaw.suite(PendingModel.class, directory);
		assertThatThrownBy(suite::call).isInstanceOf(AssertionError.class)
			.hasStackTraceContaining(PendingModel.class.getName());
	}

}
