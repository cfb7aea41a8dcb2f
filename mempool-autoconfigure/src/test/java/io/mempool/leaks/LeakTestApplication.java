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

package io.mempool.leaks;

import java.util.concurrent.Callable;

import io.mempool.autoconfigure.BufferPoolCustomizer;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.LeakDetection;
import io.mempool.web.RequestSettings;
import io.mempool.web.servlet.RequestBuffers;
import io.mempool.web.servlet.RequestScopes;
import io.mempool.web.servlet.RequestWork;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application that leaks in some ways, and in others does not.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(LeakTestApplication.LeakingController.class)
class LeakTestApplication {

	@Bean
	LeakReports leakReports() {
		return new LeakReports(RequestWork::current);
	}

	@Bean
	BufferPoolCustomizer paranoia(LeakReports reports) {
		return (builder) -> builder.leakDetection(LeakDetection.PARANOID).leakListener(reports);
	}

	@Bean
	RequestScopes mempoolRequestScopes(@Qualifier("uploads") BufferPool uploads) {
		return new RequestScopes(new RequestSettings(() -> uploads, Long.MAX_VALUE, 1000, true, 0, 0, null));
	}

	@RestController
	static class LeakingController {

		private final BufferPool pool;

		LeakingController(@Qualifier("uploads") BufferPool uploads) {
			this.pool = uploads;
		}

		@PostMapping("/pool/{name}")
		String leakOfPool(@PathVariable String name) {
			return name + this.pool.acquire(100).isAlive();
		}

		@GetMapping("/detached/{name}")
		String leakOfScope(@PathVariable String name, RequestBuffers buffers) {
			return name + buffers.detach(buffers.acquire(100)).isAlive();
		}

		@GetMapping("/async/{name}")
		Callable<String> leakOfAnotherThread(@PathVariable String name, RequestBuffers buffers) {
			return () -> name + buffers.detach(buffers.acquire(100)).isAlive();
		}

		@GetMapping("/left/{name}")
		String leftToTheScope(@PathVariable String name, RequestBuffers buffers) {
			buffers.acquire(100);
			return name + buffers.acquire(50).isAlive();
		}

		@GetMapping("/late/{name}")
		String writesAfterRelease(@PathVariable String name) {
			byte[] array = takeArray();
			array[0]++;
			return name;
		}

		private byte[] takeArray() {
			try (PooledBuffer buffer = this.pool.acquire(100)) {
				return buffer.array();
			}
		}

		@GetMapping("/clean/{name}")
		String releases(@PathVariable String name, RequestBuffers buffers) {
			buffers.acquire(100).release();
			this.pool.acquire(50).release();
			return name;
		}

	}

}
