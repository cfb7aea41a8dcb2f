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

import java.time.Duration;
import java.util.Map;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.Weights;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.object.ObjectPool;
import io.mempool.object.PooledObject;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for {@link MempoolHealthIndicator}.
 */
class MempoolHealthIndicatorTests {

	private static final Duration IN_NO_TIME = Duration.ofNanos(1);

	private static final Duration IN_AN_HOUR = Duration.ofHours(1);

	private final BufferPool buffers = BufferPool.builder("uploads")
		.tiers(4096, 65536)
		.caps(new Caps(1, 1, 0))
		.limit(1 << 20)
		.policy(ExhaustionPolicy.FAIL)
		.build();

	private final ObjectPool<Object> objects = ObjectPool.builder("things", Object::new)
		.maxTotal(1)
		.policy(ExhaustionPolicy.FAIL)
		.build();

	@AfterEach
	void close() {
		this.buffers.close();
		this.objects.close();
	}

	@Test
	void poolsThatHaveSomethingToGiveAreUp() {
		assertThat(health(IN_NO_TIME).getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void poolThatIsEmptyButRefusedNoAcquireIsUp() {
		PooledBuffer held = this.buffers.acquire(1);
		assertThat(health(IN_NO_TIME).getStatus()).isEqualTo(Status.UP);
		held.release();
	}

	@Test
	void poolThatIsExhaustedForLongerThanItMayBeIsDown() {
		PooledBuffer held = this.buffers.acquire(1);
		assertThat(this.buffers.tryAcquire(1)).isNull();
		awaitDown();
		assertThat(health(IN_NO_TIME).getDetails()).extractingByKey("pools", InstanceOfAssertFactories.MAP)
			.extractingByKey("uploads", InstanceOfAssertFactories.MAP)
			.containsKey("exhaustedFor");
		held.release();
		assertThat(health(IN_NO_TIME).getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void poolThatIsExhaustedForAMomentIsUpAndSaysSo() {
		PooledBuffer held = this.buffers.acquire(1);
		assertThat(this.buffers.tryAcquire(1)).isNull();
		awaitDown();
		Health health = health(IN_AN_HOUR);
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("threshold", "PT1H")
			.extractingByKey("pools", InstanceOfAssertFactories.MAP)
			.extractingByKey("uploads", InstanceOfAssertFactories.MAP)
			.containsKey("exhaustedFor");
		held.release();
	}

	@Test
	void poolOfObjectsThatIsExhaustedForLongerThanItMayBeIsDown() {
		PooledObject<Object> held = this.objects.acquire();
		assertThat(this.objects.tryAcquire()).isNull();
		awaitDown();
		held.release();
		assertThat(health(IN_NO_TIME).getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void levelsAreDetails() {
		PooledBuffer held = this.buffers.acquire(4096);
		Map<String, Object> details = health(IN_NO_TIME).getDetails();
		assertThat(details).extractingByKey("pools", InstanceOfAssertFactories.MAP)
			.extractingByKey("uploads", InstanceOfAssertFactories.MAP)
			.containsOnly(entry("leased", 1L), entry("leaked", 0L), entry("usedBytes", Weights.of(4096)),
					entry("limitBytes", 1048576L));
		assertThat(details).extractingByKey("objects", InstanceOfAssertFactories.MAP)
			.extractingByKey("things", InstanceOfAssertFactories.MAP)
			.containsOnly(entry("leased", 0L), entry("leaked", 0L));
		held.release();
	}

	private void awaitDown() {
		Awaitility.await().until(() -> health(IN_NO_TIME).getStatus().equals(Status.DOWN));
	}

	private Health health(Duration exhaustedFor) {
		MempoolHealthIndicator indicator = new MempoolHealthIndicator(() -> Map.of("uploads", this.buffers),
				() -> Map.of("things", this.objects), exhaustedFor);
		Health health = indicator.health();
		assertThat(health).isNotNull();
		return health;
	}

}
