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

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.mempool.testing.Garbage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * In which order native memory in doubt is cleared and freed.
 */
@Tag("garbage")
class MemoryInDoubtTests {

	private final List<String> steps = new CopyOnWriteArrayList<>();

	private NativeRemains remains() {
		return new NativeRemains(ByteBuffer.allocateDirect(1)) {

			@Override
			void wipe() {
				MemoryInDoubtTests.this.steps.add("cleared");
			}

			@Override
			boolean tryFree() {
				MemoryInDoubtTests.this.steps.add("freed");
				return true;
			}

		};
	}

	private void free(NativeRemains remains, boolean inDoubt) throws InterruptedException {
		remains.free(inDoubt, () -> this.steps.add("gone"));
		Garbage.collectUntil(() -> this.steps.contains("gone"));
	}

	@Test
	void memoryInDoubtIsClearedBeforeItIsFreed() throws InterruptedException {
		NativeRemains remains = remains();
		remains.clearInDoubt();
		free(remains, true);
		assertThat(this.steps).containsExactly("cleared", "freed", "gone");
	}

	@Test
	void memoryThatItsReleaseHasClearedIsNotClearedAgain() throws InterruptedException {
		NativeRemains remains = remains();
		remains.clearInDoubt();
		free(remains, false);
		assertThat(this.steps).containsExactly("freed", "gone");
	}

	@Test
	void memoryOfAPoolThatClearsNeverIsFreedAsItIs() throws InterruptedException {
		free(remains(), true);
		assertThat(this.steps).containsExactly("freed", "gone");
	}

}
