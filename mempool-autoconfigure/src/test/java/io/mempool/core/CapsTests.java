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

package io.mempool.core;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class CapsTests {

	@ParameterizedTest
	@CsvSource({ "-1, 1, 0, 'maxIdle'", "1048577, 1, 0, 'maxIdle'", "1, 0, 0, 'maxTotal'", "1, -1, 0, 'maxTotal'",
			"1, 1, -1, 'preallocate'", "1, 2, 2, 'preallocate'", "2, 1, 2, 'preallocate'", "0, 5, 1, 'preallocate'" })
	void mistakeIsNamed(int maxIdle, int maxTotal, int preallocate, String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> new Caps(maxIdle, maxTotal, preallocate))
			.withMessageStartingWith("'" + name + "' must");
	}

	@ParameterizedTest
	@CsvSource({ "0, 1, 0", "1048576, 2147483647, 1048576", "5, 3, 3" })
	void extremesAreAllowed(int maxIdle, int maxTotal, int preallocate) {
		Caps caps = new Caps(maxIdle, maxTotal, preallocate);
		assertThat(caps).extracting(Caps::maxIdle, Caps::maxTotal, Caps::preallocate)
			.containsExactly(maxIdle, maxTotal, preallocate);
	}

	@Test
	void capsOfIdleBlocksBoundNothingElse() {
		assertThat(Caps.ofIdle(3)).isEqualTo(new Caps(3, Caps.UNLIMITED, 0));
	}

	@Test
	void unlimitedIsCalledSo() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Caps(1, Caps.UNLIMITED, 2))
			.withMessage("'preallocate' must not exceed maxIdle (1) or maxTotal (unlimited) but is 2");
	}

}
