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

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.Protection;
import io.mempool.testing.Flaw;
import io.mempool.testing.Together;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests that pools stand a {@link PoolSoak}, and that broken ones do not.
 */
@Tag("slow")
class PoolSoakTests {

	static Stream<Arguments> pools() {
		return Stream.of(Arguments.of("allocates", PoolSoak.builder(ExhaustionPolicy.ALLOCATE)),
				Arguments.of("waits", PoolSoak.builder(ExhaustionPolicy.WAIT)),
				Arguments.of("fails", PoolSoak.builder(ExhaustionPolicy.FAIL)),
				Arguments.of("never cleared", PoolSoak.builder(ExhaustionPolicy.WAIT).clearing(Clearing.NEVER)),
				Arguments.of("in quarantine",
						PoolSoak.builder(ExhaustionPolicy.WAIT).protection(Protection.QUARANTINE)),
				Arguments.of("limited", PoolSoak.builder(ExhaustionPolicy.WAIT).limit(PoolSoak.LIMIT)),
				Arguments.of("limited and never cleared",
						PoolSoak.builder(ExhaustionPolicy.FAIL).clearing(Clearing.NEVER).limit(PoolSoak.LIMIT)),
				Arguments.of("unpooled", PoolSoak.builder(ExhaustionPolicy.WAIT).pooling(false).limit(PoolSoak.LIMIT)));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("pools")
	void memoryIsNeverSharedAndTheBooksBalance(String name, BufferPoolBuilder builder) throws Exception {
		new PoolSoak(builder, 4, Together::run).call();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("pools")
	@EnabledForJreRange(min = JRE.JAVA_21)
	void memoryIsNeverSharedByVirtualThreads(String name, BufferPoolBuilder builder) throws Exception {
		new PoolSoak(builder, 40, Together::runVirtual).call();
	}

	@ParameterizedTest
	@EnumSource(names = { "LOST_RELEASE_STORE", "DOUBLE_PUT", "OFF_BY_ONE_CAP", "RECYCLED_HANDLE", "DOUBLE_RELEASE" })
	void brokenPoolIsRejected(Flaw flaw, @TempDir Path directory) throws Exception {
		Callable<?> suite = flaw.suite(PoolSoak.class, directory);
		assertThatThrownBy(() -> callOften(suite)).hasStackTraceContaining(PoolSoak.class.getName());
	}

	// On a busy machine threads may run one after the other for a while
	private static void callOften(Callable<?> suite) throws Exception {
		for (int i = 0; i < 20; i++) {
			suite.call();
		}
	}

}
