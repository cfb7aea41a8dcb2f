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

import java.util.List;
import java.util.stream.Collectors;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.LeakDetection;
import io.mempool.core.OpenLease;
import io.mempool.test.LeaseCheckExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tests without Spring of the page on testing.
 */
class CheckedPoolTests {

	private static final BufferPool pool = BufferPool.builder("uploads")
		.tiers(1024)
		.leakDetection(LeakDetection.PARANOID)
		.build();

	// tag::extension[]
	@RegisterExtension
	static final LeaseCheckExtension leases = new LeaseCheckExtension().pool(pool);

	// end::extension[]

	@Test
	void openLeasesAreListed() {
		try (PooledBuffer buffer = pool.acquire(100)) {
			// tag::list[]
			List<OpenLease> open = pool.openLeases();
			String report = open.stream().map(OpenLease::describe).collect(Collectors.joining("\n"));
			// end::list[]
			assertThat(report).contains("A lease of " + buffer.size() + " bytes").contains("openLeasesAreListed");
		}
	}

}
