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

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.LeakDetection;
import io.mempool.scope.BufferScope;
import io.mempool.scope.BufferScopes;
import io.mempool.spring.PoolExhaustedEvent;
import io.mempool.spring.PooledScope;
import io.mempool.test.CheckLeases;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The code of the page on jobs and threads.
 */
@CheckLeases
class JobsTests {

	private final BufferPool pool = BufferPool.builder("jobs")
		.tiers(1024)
		.leakDetection(LeakDetection.PARANOID)
		.build();

	private final ExecutorService executor = Executors.newSingleThreadExecutor();

	@AfterEach
	void shutDown() {
		this.executor.shutdown();
	}

	@Test
	void scopeWaitsForItsTask() throws Exception {
		BufferPool pool = this.pool;
		ExecutorService executor = this.executor;
		// tag::submit[]
		Future<Integer> checksum;
		try (BufferScope scope = new BufferScope(pool)) {
			PooledBuffer buffer = scope.acquire(1000);
			checksum = scope.submit(executor, () -> checksum(buffer));
		}
		// end::submit[]
		assertThat(checksum.get(20, TimeUnit.SECONDS)).isZero();
	}

	@Test
	void wrappedTaskKeepsTheScope() throws Exception {
		ExecutorService executor = this.executor;
		try (BufferScope scope = new BufferScope(this.pool)) {
			PooledBuffer buffer = scope.acquire(1000);
			// tag::wrap[]
			Future<Integer> checksum = executor.submit(scope.wrap(() -> checksum(buffer)));
			// end::wrap[]
			assertThat(checksum.get(20, TimeUnit.SECONDS)).isZero();
		}
	}

	private static int checksum(PooledBuffer buffer) {
		int sum = 0;
		for (byte each : buffer.toByteArray()) {
			sum += each;
		}
		return sum;
	}

	@Test
	void eventTellsThePoolAndTheNumberOfRefusals() {
		Alarm alarm = new Alarm();
		alarm.exhausted(new PoolExhaustedEvent("uploads", 3, 1024));
		assertThat(alarm.warned).isEqualTo("uploads refused 3 acquires");
	}

	@Test
	void methodWithoutAProxyHasNoScope() {
		try (BufferScope scope = new BufferScope(this.pool)) {
			BufferScopes.Binding binding = BufferScopes.bind(scope);
			new Reports().write();
			binding.close();
			assertThat(scope.size()).isEqualTo(1);
		}
	}

	// tag::job[]
	static class Reports {

		@Scheduled(cron = "0 0 3 * * *")
		@PooledScope("reports")
		void write() {
			PooledBuffer page = BufferScopes.current().acquire(64 * 1024);
			byte[] title = "Report".getBytes(StandardCharsets.UTF_8);
			page.copyIn(0, title, 0, title.length);
		}

	}
	// end::job[]

	static class Alarm {

		// tag::event[]
		@EventListener
		void exhausted(PoolExhaustedEvent event) {
			warn(event.pool() + " refused " + event.refusals() + " acquires");
		}
		// end::event[]

		private String warned = "";

		private void warn(String text) {
			this.warned = text;
		}

	}

}
