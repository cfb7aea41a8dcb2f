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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.mempool.core.PoolChange;
import io.mempool.core.PoolClosedException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LiveSettingsTests {

	private final Account account = Account.ofObjects("things");

	private final List<String> applied = new ArrayList<>();

	private int errors;

	private final LiveSettings<String> settings = new LiveSettings<>(this.account, "a",
			(former, next) -> former.equals(next) ? List.of() : List.of(new PoolChange("letter", former, next)),
			(former, next) -> {
				if (this.errors-- > 0) {
					throw new OutOfMemoryError("provoked");
				}
				this.applied.add(next);
			});

	@Test
	void anUpdateIsAppliedAndThenCurrent() {
		assertThat(this.settings.update((former) -> former + "b")).containsExactly(new PoolChange("letter", "a", "ab"));
		assertThat(this.applied).containsExactly("ab");
		assertThat(this.settings.current()).isEqualTo("ab");
	}

	@Test
	void anUpdateThatAnErrorStoppedIsFinishedByTheSameUpdate() {
		this.errors = 1;
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> this.settings.update((former) -> "b"));
		assertThat(this.settings.update((former) -> "b")).containsExactly(new PoolChange("letter", "a", "b"));
		assertThat(this.applied).containsExactly("b");
	}

	@Test
	void anErrorOfAnUpdateLeavesNoLockHeld() throws InterruptedException {
		this.errors = 1;
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> this.settings.update((former) -> "b"));
		Thread other = new Thread(() -> this.settings.update((former) -> "c"));
		other.start();
		other.join();
		assertThat(this.settings.current()).isEqualTo("c");
	}

	@Test
	void anUpdateThatAnotherOvertookStartsFromItsResult() {
		AtomicInteger calls = new AtomicInteger();
		this.settings.update((former) -> {
			if (calls.getAndIncrement() == 0) {
				this.settings.update((same) -> same + "b");
			}
			return former + "c";
		});
		assertThat(this.settings.current()).isEqualTo("abc");
	}

	@Test
	void listenersAreCalledOnlyIfSomethingChanged() {
		List<PoolChange> seen = new ArrayList<>();
		this.settings.onUpdate(seen::addAll);
		this.settings.update((former) -> former);
		this.settings.update((former) -> "b");
		assertThat(seen).containsExactly(new PoolChange("letter", "a", "b"));
	}

	@Test
	void aClosedPoolKeepsItsSettings() {
		this.account.close();
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> this.settings.update((former) -> "b"))
			.withMessageContaining("things");
		assertThat(this.settings.current()).isEqualTo("a");
	}

}
