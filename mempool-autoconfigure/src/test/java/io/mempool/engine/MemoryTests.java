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

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Memory}.
 */
class MemoryTests {

	private final List<String> asked = new ArrayList<>();

	private final Memory.Holder first = () -> this.asked.add("first");

	private final Memory.Holder second = () -> this.asked.add("second");

	private final Reference<? extends Memory.Holder> ofFirst = Memory.OFF_HEAP.register(this.first);

	private final Reference<? extends Memory.Holder> ofSecond = Memory.OFF_HEAP.register(this.second);

	@AfterEach
	void unregister() {
		Memory.OFF_HEAP.unregister(this.ofFirst);
		Memory.OFF_HEAP.unregister(this.ofSecond);
	}

	@Test
	void eachPoolOfTheKindIsAsked() {
		Memory.OFF_HEAP.giveUpIdle();
		assertThat(this.asked).containsExactlyInAnyOrder("first", "second");
	}

	@Test
	void poolOfAnotherKindIsNotAsked() {
		Memory.HEAP.giveUpIdle();
		assertThat(this.asked).isEmpty();
	}

	@Test
	void poolThatWasUnregisteredIsNotAsked() {
		Memory.OFF_HEAP.unregister(this.ofFirst);
		Memory.OFF_HEAP.unregister(this.ofFirst);
		Memory.OFF_HEAP.giveUpIdle();
		assertThat(this.asked).containsExactly("second");
	}

}
