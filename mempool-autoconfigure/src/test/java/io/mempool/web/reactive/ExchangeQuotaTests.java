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

package io.mempool.web.reactive;

import io.mempool.buffer.PooledBuffer;
import io.mempool.web.AbstractRequestQuotaTests;
import io.mempool.web.RequestSettings;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.web.server.reactive.ReactiveWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code mempool.request.quota} on WebFlux.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "spring.main.web-application-type=reactive", "mempool.request.quota=100KB",
				"server.forward-headers-strategy=framework", "management.endpoints.web.exposure.include=mempool",
				"management.endpoint.mempool.show-details=never" })
class ExchangeQuotaTests extends AbstractRequestQuotaTests {

	@Autowired
	private RequestScopes scopes;

	@Override
	protected RequestSettings settings() {
		return this.scopes.settings();
	}

	@Override
	protected boolean showsKeys() {
		return false;
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		ReactiveWebServerFactory webServerFactory() {
			return new NettyReactiveWebServerFactory();
		}

		@Bean
		Controller controller(Tasks tasks) {
			return new Controller(tasks);
		}

		@Bean
		Tasks tasks() {
			return new Tasks();
		}

		@Bean
		RequestQuotaKey quotaKey() {
			return (exchange) -> key(exchange.getRequest().getHeaders().getFirst(CLIENT),
					() -> RequestQuotaKey.remoteAddress().of(exchange));
		}

	}

	@RestController
	static class Controller {

		private final Tasks tasks;

		Controller(Tasks tasks) {
			this.tasks = tasks;
		}

		/**
		 * Keep memory until the tasks are run.
		 */
		@PostMapping("/keep")
		int keep(@RequestParam int bytes, RequestBuffers buffers) {
			PooledBuffer buffer = buffers.acquire(bytes);
			this.tasks.add(buffers.wrap((Runnable) buffer::size));
			return buffer.size();
		}

		/**
		 * Acquire nothing before the tasks are run.
		 */
		@PostMapping("/later")
		void later(@RequestParam int bytes, RequestBuffers buffers) {
			this.tasks.add(buffers.wrap((Runnable) () -> buffers.acquire(bytes)));
		}

		@PostMapping("/body")
		int body(@RequestBody PooledBuffer body) {
			return body.size();
		}

	}

}
