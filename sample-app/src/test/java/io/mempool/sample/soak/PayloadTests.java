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

package io.mempool.sample.soak;

import io.mempool.sample.soak.Payload.WrongContentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Payload}.
 */
class PayloadTests {

	private static final long OWNER = 0x5AFE_0000_0000_0017L;

	private static final long OTHER = 0x5AFE_0000_0000_0018L;

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 7, 11, 12, 15, 16, 63, 64, 65, 68, 4096, 4097 })
	void contentOfItsOwnerIsAccepted(int size) {
		Payload.verify(OWNER, size, Payload.of(OWNER, size));
	}

	@ParameterizedTest
	@ValueSource(ints = { 8, 15, 16, 64, 4096 })
	void contentOfAnotherOwnerIsFound(int size) {
		assertThatExceptionOfType(WrongContentException.class)
			.isThrownBy(() -> Payload.verify(OWNER, size, Payload.of(OTHER, size)));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 11, 12, 63, 64, 100, 4091, 4092, 4095 })
	void everyChangedByteIsFound(int index) {
		byte[] content = Payload.of(OWNER, 4096);
		content[index] ^= 1;
		assertThatExceptionOfType(WrongContentException.class)
			.isThrownBy(() -> Payload.verify(OWNER, content.length, content));
	}

	@Test
	void lineOfAnotherOwnerIsNamed() {
		byte[] content = Payload.of(OWNER, 4096);
		System.arraycopy(Payload.of(OTHER, 4096), 640, content, 640, Payload.LINE);
		assertThatExceptionOfType(WrongContentException.class)
			.isThrownBy(() -> Payload.verify(OWNER, content.length, content))
			.withMessageContaining("5afe000000000018, line 10");
	}

	@Test
	void contentThatIsTooShortIsFound() {
		assertThatExceptionOfType(WrongContentException.class)
			.isThrownBy(() -> Payload.verify(OWNER, 4096, Payload.of(OWNER, 4095)));
	}

}
