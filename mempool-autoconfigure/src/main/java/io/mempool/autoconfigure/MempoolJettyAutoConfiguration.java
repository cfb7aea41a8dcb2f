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

import io.mempool.buffer.BufferPool;
import io.mempool.jetty.PooledByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.Server;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of pooled memory for the connectors
 * of Jetty, if {@code mempool.jetty.enabled} is on.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = MempoolAutoConfiguration.class)
@ConditionalOnClass({ ByteBufferPool.class, ConfigurableJettyWebServerFactory.class, Server.class })
@ConditionalOnBean(BufferPoolFactory.class)
@Conditional(OnJettyEnabledCondition.class)
public final class MempoolJettyAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	PooledByteBufferPool mempoolByteBufferPool(@Qualifier(JettyDefinition.HEAP) BufferPool heap,
			@Qualifier(JettyDefinition.DIRECT) BufferPool direct) {
		return new PooledByteBufferPool(heap, direct);
	}

	@Bean
	@ConditionalOnMissingBean(name = "mempoolJettyCustomizer")
	WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> mempoolJettyCustomizer(PooledByteBufferPool pool) {
		return new JettyMemoryCustomizer(pool);
	}

}
