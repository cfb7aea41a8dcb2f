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

import java.util.List;
import java.util.concurrent.Executor;

import io.mempool.buffer.BufferPool;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ConnectionStatistics;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connectors that are replaced keep all that was set.
 */
class PooledConnectorsTests {

	private final BufferPool heap = BufferPool.builder("jetty-heap").tiers(1024).build();

	private final PooledByteBufferPool pool = new PooledByteBufferPool(this.heap, this.heap);

	private final Server server = new Server(new QueuedThreadPool());

	@AfterEach
	void close() {
		this.heap.close();
	}

	private ServerConnector replacement() {
		assertThat(PooledConnectors.replace(this.server, this.pool)).isEmpty();
		ServerConnector connector = (ServerConnector) this.server.getConnectors()[0];
		assertThat(connector.getByteBufferPool()).isSameAs(this.pool);
		return connector;
	}

	@Test
	void replacedConnectorHasAllSettingsOfTheFormerOne() {
		ServerConnector former = new ServerConnector(this.server, 1, 3, new HttpConnectionFactory());
		former.setName("name");
		former.setHost("127.0.0.1");
		former.setPort(8081);
		former.setIdleTimeout(12_345);
		former.setShutdownIdleTimeout(234);
		former.setAcceptorPriorityDelta(-1);
		former.setAccepting(false);
		former.setInheritChannel(true);
		former.setAcceptQueueSize(17);
		former.setReuseAddress(false);
		former.setReusePort(true);
		former.setAcceptedTcpNoDelay(false);
		former.setAcceptedReceiveBufferSize(4096);
		former.setAcceptedSendBufferSize(8192);
		this.server.addConnector(former);
		assertThat(replacement()).usingRecursiveComparison()
			.comparingOnlyFields("_name", "_host", "_port", "_idleTimeout", "_shutdownIdleTimeout",
					"_acceptorPriorityDelta", "_accepting", "_inheritChannel", "_acceptQueueSize", "_reuseAddress",
					"_reusePort", "_acceptedTcpNoDelay", "_acceptedReceiveBufferSize", "_acceptedSendBufferSize")
			.isEqualTo(former);
		assertThat(replacement().getDefaultProtocol()).isEqualToIgnoringCase(former.getDefaultProtocol());
		assertThat(replacement().getAcceptors()).isEqualTo(former.getAcceptors());
		assertThat(replacement().getSelectorManager().getSelectorCount()).isEqualTo(3);
		assertThat(replacement().getConnectionFactories()).containsExactlyElementsOf(former.getConnectionFactories());
	}

	@Test
	void replacedConnectorUsesTheThreadsOfItsServerOrItsOwn() {
		this.server.addConnector(new ServerConnector(this.server));
		assertThat(replacement().getExecutor()).isSameAs(this.server.getThreadPool());
		assertThat(replacement().getScheduler()).isSameAs(this.server.getScheduler());
		Executor executor = new QueuedThreadPool();
		ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler();
		this.server.setConnectors(new Connector[] {
				new ServerConnector(this.server, executor, scheduler, null, 1, 1, new HttpConnectionFactory()) });
		assertThat(replacement().getExecutor()).isSameAs(executor);
		assertThat(replacement().getScheduler()).isSameAs(scheduler);
	}

	@Test
	void replacedConnectorHasTheListenersOfTheFormerOne() {
		ServerConnector former = new ServerConnector(this.server);
		ConnectionStatistics statistics = new ConnectionStatistics();
		Connection.Listener listener = new Connection.Listener() {
		};
		former.addBean(statistics);
		former.addEventListener(listener);
		this.server.addConnector(former);
		assertThat(replacement().getBean(ConnectionStatistics.class)).isSameAs(statistics);
		assertThat(replacement().getEventListeners()).contains(listener, statistics);
	}

	@Test
	void numberOfConnectionsIsStillLimited() throws Exception {
		ServerConnector former = new ServerConnector(this.server);
		this.server.addConnector(former);
		NetworkConnectionLimit limit = new NetworkConnectionLimit(7, former);
		limit.setEndPointIdleTimeout(99);
		this.server.addBean(limit);
		ServerConnector connector = replacement();
		this.server.start();
		try {
			NetworkConnectionLimit present = connector.getBean(NetworkConnectionLimit.class);
			assertThat(present).isSameAs(this.server.getBean(NetworkConnectionLimit.class));
			assertThat(present.getMaxNetworkConnectionCount()).isEqualTo(7);
			assertThat(present.getEndPointIdleTimeout()).isEqualTo(99);
		}
		finally {
			this.server.stop();
		}
	}

	@Test
	void connectorWithAPoolOfItsOwnAndConnectorOfAnotherTypeStay() {
		ServerConnector own = new ServerConnector(this.server, null, null, new ArrayByteBufferPool(), 1, 1,
				new HttpConnectionFactory());
		ServerConnector subclass = new ServerConnector(this.server) {
		};
		LocalConnector local = new LocalConnector(this.server);
		this.server.setConnectors(new Connector[] { own, subclass, local });
		assertThat(PooledConnectors.replace(this.server, this.pool)).containsExactly(own, subclass, local);
		assertThat(this.server.getConnectors()).containsExactly(own, subclass, local);
	}

	@Test
	void connectorThatWasReplacedIsNotReplacedAgain() {
		this.server.addConnector(new ServerConnector(this.server));
		List<Connector> first = List.of(replacement());
		this.server.addConnector(new ServerConnector(this.server));
		assertThat(PooledConnectors.replace(this.server, this.pool)).isEmpty();
		assertThat(this.server.getConnectors()).hasSize(2)
			.startsWith(first.toArray(Connector[]::new))
			.allMatch((connector) -> connector.getByteBufferPool() == this.pool);
	}

}
