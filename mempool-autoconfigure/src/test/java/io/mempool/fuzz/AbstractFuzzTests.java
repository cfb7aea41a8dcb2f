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

package io.mempool.fuzz;

import java.lang.reflect.Constructor;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

import io.mempool.testing.Flaw;
import io.mempool.testing.ProvokesOutput;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of a fuzz target: the inputs that are kept, and some random ones. For many of
 * them, and others each time:
 * {@code -Dtest='io.mempool.fuzz.*Tests' -Dfuzz.inputs=100000 -Dfuzz.seed=2}.
 */
@ProvokesOutput
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class AbstractFuzzTests {

	private static final int INPUTS = Integer.getInteger("fuzz.inputs", 300);

	private static final long SEED = Long.getLong("fuzz.seed", 1);

	private final FuzzTargets target;

	private final Flaw flaw;

	/**
	 * Create the tests.
	 * @param target the target
	 * @param flaw a flaw that the target must find
	 */
	AbstractFuzzTests(FuzzTargets target, Flaw flaw) {
		this.target = target;
		this.flaw = flaw;
	}

	@Test
	void keptInputsFindNothing() {
		RandomInputs inputs = new RandomInputs(SEED, this.target.kept());
		try (FuzzTarget fed = this.target.create()) {
			assertThat(this.target.kept()).isNotEmpty().allSatisfy((kept) -> inputs.run(fed, kept));
		}
	}

	@Test
	void randomInputsFindNothing() {
		RandomInputs inputs = new RandomInputs(SEED, this.target.kept());
		try (FuzzTarget fed = this.target.create()) {
			inputs.feed(fed, INPUTS);
		}
		assertThat(inputs.outcomes()).hasSizeGreaterThan(1);
	}

	@Test
	@Tag("slow")
	void brokenClassIsFound(@TempDir Path directory) throws Exception {
		Constructor<?> constructor = this.flaw.load(directory)
			.loadClass(FuzzSuite.class.getName())
			.getDeclaredConstructor(String.class);
		constructor.setAccessible(true);
		Callable<?> suite = (Callable<?>) constructor.newInstance(this.target.name());
		assertThatExceptionOfType(AssertionError.class).isThrownBy(suite::call).withMessageStartingWith("Input ");
	}

}
