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

package io.mempool.object;

import java.time.Duration;

import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeakDetection;
import io.mempool.core.LeakListener;
import io.mempool.testing.BuilderCalls;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The settings of a pool of objects, and the builder that collects them in any order.
 */
class ObjectPoolSettingsTests {

	private static final LeakListener LISTENER = (leak) -> {
	};

	private final BuilderCalls<ObjectPoolBuilder<Object>> calls = new BuilderCalls<>(
			() -> ObjectPool.builder("things", Object::new), ObjectPoolBuilder::settings)
		.add("maxIdle(int)", (builder) -> builder.maxIdle(7))
		.add("maxTotal(int)", (builder) -> builder.maxTotal(70))
		.add("preallocate(int)", (builder) -> builder.preallocate(2))
		.add("policy(ExhaustionPolicy)", (builder) -> builder.policy(ExhaustionPolicy.WAIT))
		.add("maxWait(Duration)", (builder) -> builder.maxWait(Duration.ofMillis(3)))
		.add("idleTimeout(Duration)", (builder) -> builder.idleTimeout(Duration.ofSeconds(3)))
		.add("pooling(boolean)", (builder) -> builder.pooling(false))
		.add("leakDetection(LeakDetection)", (builder) -> builder.leakDetection(LeakDetection.PARANOID))
		.add("leakListener(LeakListener)", (builder) -> builder.leakListener(LISTENER))
		.add("leakMaxAge(Duration)", (builder) -> builder.leakMaxAge(Duration.ofSeconds(4)));

	@Test
	void everySetterIsOneOfTheCalls() {
		this.calls.assertAreAllSettersOf(ObjectPoolOptions.class);
	}

	@Test
	void everyCallCounts() {
		this.calls.assertEachCounts();
	}

	@Test
	void orderOfTwoCallsDoesNotMatter() {
		this.calls.assertEachTwoCommute();
	}

	@Test
	void orderOfAllCallsDoesNotMatter() {
		this.calls.assertAllCommute();
	}

	@Test
	void poolHasTheSettingsOfItsBuilder() {
		ObjectPoolBuilder<Object> builder = ObjectPool.builder("things", Object::new).maxTotal(9).preallocate(2);
		try (ObjectPool<Object> pool = builder.build()) {
			assertThat(pool.settings()).isEqualTo(builder.settings()).hasSameHashCodeAs(builder.settings());
			assertThat(pool.settings().caps()).isEqualTo(new Caps(1024, 9, 2)).isEqualTo(pool.statistics().caps());
			assertThat(pool.statistics().settings()).isEqualTo(pool.settings());
		}
	}

	@Test
	void settingsThatAreTheDefaultsEqualThoseThatAreNotSet() {
		assertThat(ObjectPool.builder("things", Object::new)
			.policy(ExhaustionPolicy.ALLOCATE)
			.maxTotal(Caps.UNLIMITED)
			.idleTimeout(null)
			.settings()).isEqualTo(ObjectPool.builder("things", Object::new).settings());
	}

	@Test
	void settingsNameTheirValues() {
		assertThat(ObjectPool.builder("things", Object::new).maxWait(Duration.ofSeconds(2)).settings()).asString()
			.startsWith("ObjectPoolSettings[name=things, ")
			.contains("max-wait=PT2S");
	}

}
