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

package io.mempool.docs;

import io.mempool.ring.Ring;
import io.mempool.ring.RingQueue;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the page on rings shows.
 */
class RingsManualTests {

	@Test
	void lastThreeOfSeven() {
		StringBuilder log = new StringBuilder();
		// tag::ring[]
		Ring<String> failures = new RingQueue<>(3);
		for (int i = 1; i <= 7; i++) {
			failures.push("failure " + i);
		}
		log.append(failures.snapshot()); // [failure 5, failure 6, failure 7]
		log.append(failures.pop()); // failure 5
		// end::ring[]
		assertThat(log).hasToString("[failure 5, failure 6, failure 7]failure 5");
	}

}
