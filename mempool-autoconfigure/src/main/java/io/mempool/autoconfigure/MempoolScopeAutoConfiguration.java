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
import io.mempool.spring.BufferScopeAccessor;
import io.mempool.spring.PooledScope;
import io.mempool.spring.PooledScopeAdvisor;
import io.micrometer.context.ThreadLocalAccessor;

import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the scopes of methods that
 * {@link PooledScope} annotates, and of the propagation of scopes to other threads.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { MempoolAutoConfiguration.class, MempoolWebAutoConfiguration.class })
@ConditionalOnClass(DefaultPointcutAdvisor.class)
@ConditionalOnBean(BufferPoolFactory.class)
public final class MempoolScopeAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	static class PooledScopeConfiguration {

		// Static, and without other beans: advisors exist before the beans they advise
		@Bean
		@ConditionalOnMissingBean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static PooledScopeAdvisor mempoolPooledScopeAdvisor(BeanFactory beanFactory) {
			return new PooledScopeAdvisor((pool) -> beanFactory.getBean(pool, BufferPool.class));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ThreadLocalAccessor.class)
	@Conditional(OnPropagationEnabledCondition.class)
	static class PropagationConfiguration {

		@Bean
		@ConditionalOnMissingBean
		BufferScopeAccessor mempoolBufferScopeAccessor(ObjectProvider<CurrentScope> request) {
			CurrentScope none = () -> null;
			return new BufferScopeAccessor(request.getIfAvailable(() -> none));
		}

		@Bean
		@ConditionalOnMissingBean
		ScopePropagation mempoolScopePropagation(BufferScopeAccessor accessor) {
			return new ScopePropagation(accessor);
		}

	}

}
