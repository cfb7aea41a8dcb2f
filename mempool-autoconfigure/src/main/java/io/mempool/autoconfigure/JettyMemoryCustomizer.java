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

package io.mempool.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import io.mempool.jetty.PooledByteBufferPool;
import io.mempool.jetty.PooledConnectors;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;

import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.jetty.JettyServerCustomizer;
import org.springframework.boot.jetty.JettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Gives the connectors of Jetty pooled memory: before customizers of the application see
 * them, and again afterwards, as these may add connectors.
 */
class JettyMemoryCustomizer implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory>, Ordered {

	private static final Log logger = LogFactory.getLog(JettyMemoryCustomizer.class);

	private final PooledByteBufferPool pool;

	JettyMemoryCustomizer(PooledByteBufferPool pool) {
		this.pool = pool;
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void customize(ConfigurableJettyWebServerFactory factory) {
		if (factory instanceof JettyWebServerFactory jetty) {
			List<JettyServerCustomizer> customizers = new ArrayList<>();
			customizers.add((server) -> PooledConnectors.replace(server, this.pool));
			customizers.addAll(jetty.getServerCustomizers());
			jetty.setServerCustomizers(customizers);
		}
		factory.addServerCustomizers(this::replaceLast);
	}

	private void replaceLast(Server server) {
		for (Connector connector : PooledConnectors.replace(server, this.pool)) {
			logger.warn("'" + JettyDefinition.PROPERTY + "' has no effect on the connector " + connector
					+ ": it has a type or a ByteBufferPool of its own. Build it with the bean "
					+ "'mempoolByteBufferPool' as its pool, or leave its memory to Jetty");
		}
	}

}
