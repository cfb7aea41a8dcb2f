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

import io.mempool.core.Protection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of views that die with their lease, where they cannot.
 */
class RevocationTests {

	private final BufferPoolBuilder builder = BufferPool.builder("uploads").protection(Protection.REVOKE);

	@Test
	@EnabledForJreRange(max = JRE.JAVA_21)
	void oldJvmCannotRevokeViews() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.memory(MemoryKind.OFF_HEAP).build())
			.withMessage("Cannot have the protection 'revoke' in pool 'uploads': this JVM is older than Java 22. Use "
					+ "'quarantine' to find writes after release");
	}

	@Test
	void arraysCannotBeRevoked() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.build())
			.withMessageStartingWith("Cannot have the protection 'revoke' in pool 'uploads': ");
	}

}
