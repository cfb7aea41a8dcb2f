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

import java.security.KeyStore;
import java.util.concurrent.Executor;

import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A connector that takes its memory from a {@link PooledByteBufferPool}. Like that of
 * Spring Boot, it does not start with the alias of a key that its key store does not
 * have.
 */
final class PooledServerConnector extends ServerConnector {

	PooledServerConnector(Server server, @Nullable Executor executor, @Nullable Scheduler scheduler,
			PooledByteBufferPool pool, int acceptors, int selectors, ConnectionFactory... factories) {
		super(server, executor, scheduler, pool, acceptors, selectors, factories);
	}

	@Override
	protected void doStart() throws Exception {
		super.doStart();
		SslConnectionFactory ssl = getConnectionFactory(SslConnectionFactory.class);
		if (ssl != null) {
			check(ssl.getSslContextFactory().getCertAlias(), ssl.getSslContextFactory().getKeyStore());
		}
	}

	private static void check(@Nullable String alias, @Nullable KeyStore keys) throws Exception {
		if (alias != null && !alias.isEmpty() && keys != null && !keys.containsAlias(alias)) {
			throw new IllegalStateException("Keystore does not contain alias '" + alias + "'");
		}
	}

}
