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

package io.mempool.jetty;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.MemoryKind;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.Test;

import org.springframework.boot.jetty.JettyServerCustomizer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The examples of the manual's page on Jetty.
 */
class JettyManualTests {

	@Test
	void connectorOfTheApplicationHasThePool() {
		try (BufferPool pool = BufferPool.builder("jetty").tiers(1024).build()) {
			PooledByteBufferPool mempoolByteBufferPool = new PooledByteBufferPool(pool, pool);
			Server server = new Server();
			secondPort(mempoolByteBufferPool).customize(server);
			assertThat(server.getConnectors()).extracting(Connector::getByteBufferPool)
				.containsExactly(mempoolByteBufferPool);
		}
	}

	// tag::connector[]
	JettyServerCustomizer secondPort(PooledByteBufferPool memory) {
		return (server) -> {
			ServerConnector connector = new ServerConnector(server, null, null, memory, -1, -1,
					new HttpConnectionFactory());
			connector.setPort(8081);
			server.addConnector(connector);
		};
	}
	// end::connector[]

	@Test
	void serverWithoutSpringHasThePool() {
		// tag::server[]
		BufferPool heap = BufferPool.builder("jetty-heap").tiers(1024, 8192, 32_768).build();
		BufferPool direct = BufferPool.builder("jetty-direct")
			.tiers(1024, 8192, 32_768)
			.memory(MemoryKind.OFF_HEAP)
			.build();
		Server server = new Server(new QueuedThreadPool(), null, new PooledByteBufferPool(heap, direct));
		// end::server[]
		assertThat(server.getByteBufferPool()).isInstanceOf(PooledByteBufferPool.class);
		heap.close();
		direct.close();
	}

}
