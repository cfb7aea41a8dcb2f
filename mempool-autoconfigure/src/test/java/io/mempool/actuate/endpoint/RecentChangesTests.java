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

package io.mempool.actuate.endpoint;

import java.util.List;
import java.util.stream.IntStream;

import io.mempool.core.PoolChange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RecentChanges}.
 */
class RecentChangesTests {

	private final RecentChanges changes = new RecentChanges();

	@Test
	void lastChangeOfAPoolComesFirst() {
		add("a", 1);
		add("b", 2);
		add("a", 3);
		assertThat(times("a")).containsExactly("3", "1");
		assertThat(times("b")).containsExactly("2");
		assertThat(times("c")).isEmpty();
	}

	@Test
	void poolThatIsChangedOftenPushesOutItsOwnChangesOnly() {
		add("b", 0);
		IntStream.rangeClosed(1, RecentChanges.OF_A_POOL + 1).forEach((i) -> add("a", i));
		assertThat(times("a")).hasSize(RecentChanges.OF_A_POOL).startsWith("21").endsWith("2");
		assertThat(times("b")).containsExactly("0");
	}

	@Test
	void changesOfAnyNumberOfPoolsAreBounded() {
		IntStream.rangeClosed(0, RecentChanges.OF_ALL).forEach((i) -> add("pool-" + i, i));
		assertThat(times("pool-0")).isEmpty();
		assertThat(times("pool-1")).containsExactly("1");
		assertThat(times("pool-" + RecentChanges.OF_ALL)).hasSize(1);
	}

	private void add(String pool, int time) {
		this.changes.add(pool,
				new ChangeDescriptor(String.valueOf(time), null, List.of(new PoolChange("max-idle", "1", "2"))));
	}

	private List<String> times(String pool) {
		return this.changes.of(pool).stream().map(ChangeDescriptor::time).toList();
	}

}
