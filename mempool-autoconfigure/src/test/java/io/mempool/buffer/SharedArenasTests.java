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

import java.util.concurrent.Callable;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SharedArenas}.
 */
class SharedArenasTests {

	@Test
	void arenasThatOpenAndCloseAreUsable() {
		boolean[] closed = new boolean[1];
		assertThat(SharedArenas.probe(() -> () -> closed[0] = true)).isTrue();
		assertThat(closed[0]).isTrue();
	}

	@Test
	void arenasThatCannotBeOpenedAreNotUsable() {
		assertThat(SharedArenas.probe(() -> {
			throw new UnsupportedOperationException("open");
		})).isFalse();
	}

	@Test
	void arenasWhoseCloseEndsInAnErrorAreNotUsable() {
		assertThat(SharedArenas.probe(() -> () -> {
			throw new Error("Support for Arena.ofShared is not active");
		})).isFalse();
	}

	@Test
	void lackOfMemoryTellsNothingOfArenas() {
		Callable<AutoCloseable> opener = () -> {
			throw new OutOfMemoryError("test");
		};
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> SharedArenas.probe(opener));
	}

}
