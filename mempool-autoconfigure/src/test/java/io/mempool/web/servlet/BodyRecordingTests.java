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

package io.mempool.web.servlet;

import java.lang.management.ManagementFactory;
import java.time.Duration;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.web.RequestSettings;
import io.mempool.web.ScopeCounters;
import org.junit.jupiter.api.Test;

import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link BodyRecording}.
 */
class BodyRecordingTests {

	private final BufferPool pool = BufferPool.builder("uploads")
		.tiers(4096)
		.caps(new Caps(1, 1, 0))
		.policy(ExhaustionPolicy.WAIT)
		.maxWait(Duration.ofDays(1))
		.build();

	private final RequestMemory memory = new RequestMemory(new MockHttpServletRequest(), this.pool,
			new RequestSettings(() -> this.pool, Long.MAX_VALUE, 4096), RequestQuotaKey.remoteAddress(),
			new ScopeCounters());

	private final BodyRecording recording = new BodyRecording(this.memory, this.pool, 4096);

	@Test
	void noMonitorIsHeldWhileMemoryIsWaitedFor() throws Exception {
		PooledBuffer other = this.pool.acquire(10);
		Thread reader = new Thread(() -> this.recording.add(new byte[10], 0, 10));
		reader.start();
		await().until(() -> this.pool.statistics().waiting() == 1);
		assertThat(ManagementFactory.getThreadMXBean().getThreadInfo(new long[] { reader.getId() }, true, false)[0]
			.getLockedMonitors()).isEmpty();
		other.release();
		reader.join();
		assertThat(this.recording.content().size()).isEqualTo(10);
		this.memory.end();
		assertThat(this.pool.statistics().leased()).isZero();
	}

}
