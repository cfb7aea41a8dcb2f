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

import java.util.List;

import io.mempool.testing.Forked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link SharedArenas} on the jar, whose classes for newer JVMs use them.
 */
class SharedArenasIT {

	private static final List<String> OPTIONS = List.of("-XX:MaxDirectMemorySize=16m");

	@Test
	void collectorFreesMemoryWhereSharedArenasCannotBeClosed() throws Exception {
		Forked program = Forked.run(WithoutSharedArenas.class, OPTIONS, "unsupported");
		assertThat(program.output()).contains("limited by the JVM: true", "view after close reads 0", "done");
		assertThat(program.exitCode()).isZero();
	}

	@Test
	void arenasFreeMemoryWhereTheyCanBeClosed() throws Exception {
		boolean isNewer = Runtime.version().feature() >= 22;
		Forked program = Forked.run(WithoutSharedArenas.class, OPTIONS, "supported");
		assertThat(program.output()).contains("limited by the JVM: " + !isNewer,
				isNewer ? "view after close is revoked" : "view after close reads 0", "done");
		assertThat(program.exitCode()).isZero();
	}

}
