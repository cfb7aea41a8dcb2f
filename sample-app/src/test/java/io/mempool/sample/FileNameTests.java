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

package io.mempool.sample;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link FileName}.
 */
class FileNameTests {

	@ParameterizedTest
	@ValueSource(strings = { "a", "modules", "archive.tar.gz", "a..b", "0_-.9", "-" })
	void safeNameShouldBeTaken(String name) {
		assertThat(new FileName(name)).hasToString(name);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ".", "..", "../a", "a/b", "a\\b", "/a", ".part", "a b", "a\n", "a\u0000", "é", "C:a" })
	void otherNameShouldBeRefused(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> new FileName(name))
			.withMessageStartingWith("'name' must");
	}

	@Test
	void nameOfMoreThanHundredCharactersShouldBeRefused() {
		assertThat(new FileName("a".repeat(100)).value()).hasSize(100);
		assertThatIllegalArgumentException().isThrownBy(() -> new FileName("a".repeat(101)));
	}

}
