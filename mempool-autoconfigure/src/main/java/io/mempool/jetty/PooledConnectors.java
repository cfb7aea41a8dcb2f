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

import java.util.ArrayList;
import java.util.EventListener;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Gives the connectors of a server a {@link PooledByteBufferPool}. A connector takes its
 * pool in its constructor only, so that each is replaced by one with the same settings.
 *
 * @since 0.1.0
 */
// Connectors and what they are made of are known by identity
@SuppressWarnings("ReferenceEquality")
public final class PooledConnectors {

	// Boot's own, which only checks the alias of the key
	private static final Set<String> REPLACEABLE = Set.of(ServerConnector.class.getName(),
			"org.springframework.boot.jetty.SslServerCustomizer$SslValidatingServerConnector");

	private PooledConnectors() {
	}

	/**
	 * Replace the connectors of a server that has not started. Connectors that have the
	 * pool stay. So do those that have another pool than their server, and those of
	 * another type than {@link ServerConnector}: nothing is known of what these do.
	 * @param server the server
	 * @param pool the pool that its connectors use from now on
	 * @return the connectors that stay, and do not use the pool
	 */
	public static List<Connector> replace(Server server, PooledByteBufferPool pool) {
		List<Connector> connectors = new ArrayList<>();
		List<Connector> others = new ArrayList<>();
		boolean replaced = false;
		for (Connector connector : server.getConnectors()) {
			if (connector.getByteBufferPool() == pool) {
				connectors.add(connector);
			}
			else if (isReplaceable(connector, server)) {
				connectors.add(replacement((ServerConnector) connector, server, pool));
				replaced = true;
			}
			else {
				connectors.add(connector);
				others.add(connector);
			}
		}
		if (replaced) {
			server.setConnectors(connectors.toArray(Connector[]::new));
			limit(server);
		}
		return others;
	}

	private static boolean isReplaceable(Connector connector, Server server) {
		return REPLACEABLE.contains(connector.getClass().getName())
				&& connector.getByteBufferPool() == server.getByteBufferPool();
	}

	private static ServerConnector replacement(ServerConnector connector, Server server, PooledByteBufferPool pool) {
		ServerConnector replacement = new PooledServerConnector(server, executor(connector, server),
				scheduler(connector, server), pool, connector.getAcceptors(),
				connector.getSelectorManager().getSelectorCount(),
				connector.getConnectionFactories().toArray(ConnectionFactory[]::new));
		replacement.setName(connector.getName());
		replacement.setHost(connector.getHost());
		replacement.setPort(connector.getPort());
		replacement.setDefaultProtocol(connector.getDefaultProtocol());
		replacement.setIdleTimeout(connector.getIdleTimeout());
		replacement.setShutdownIdleTimeout(connector.getShutdownIdleTimeout());
		replacement.setAcceptorPriorityDelta(connector.getAcceptorPriorityDelta());
		replacement.setAccepting(connector.isAccepting());
		replacement.setInheritChannel(connector.isInheritChannel());
		replacement.setAcceptQueueSize(connector.getAcceptQueueSize());
		replacement.setReuseAddress(connector.getReuseAddress());
		replacement.setReusePort(connector.isReusePort());
		replacement.setAcceptedTcpNoDelay(connector.getAcceptedTcpNoDelay());
		replacement.setAcceptedReceiveBufferSize(connector.getAcceptedReceiveBufferSize());
		replacement.setAcceptedSendBufferSize(connector.getAcceptedSendBufferSize());
		copyBeans(connector, replacement);
		return replacement;
	}

	private static @Nullable Executor executor(ServerConnector connector, Server server) {
		return (connector.getExecutor() != server.getThreadPool()) ? connector.getExecutor() : null;
	}

	private static @Nullable Scheduler scheduler(ServerConnector connector, Server server) {
		return (connector.getScheduler() != server.getScheduler()) ? connector.getScheduler() : null;
	}

	// What other code has added, such as listeners of connections
	private static void copyBeans(ServerConnector connector, ServerConnector replacement) {
		for (Object bean : connector.getBeans()) {
			boolean own = bean == connector.getExecutor() || bean == connector.getScheduler()
					|| bean == connector.getByteBufferPool() || bean instanceof SelectorManager
					|| bean instanceof ConnectionFactory;
			if (!own) {
				replacement.addBean(bean, connector.isManaged(bean));
			}
		}
		for (EventListener listener : connector.getEventListeners()) {
			if (!replacement.getEventListeners().contains(listener)) {
				replacement.addEventListener(listener);
			}
		}
	}

	// It holds the connectors that it pauses
	private static void limit(Server server) {
		NetworkConnectionLimit limit = server.getBean(NetworkConnectionLimit.class);
		if (limit != null) {
			NetworkConnectionLimit replacement = new NetworkConnectionLimit(limit.getMaxNetworkConnectionCount(),
					server.getConnectors());
			replacement.setEndPointIdleTimeout(limit.getEndPointIdleTimeout());
			server.updateBean(limit, replacement);
		}
	}

}
