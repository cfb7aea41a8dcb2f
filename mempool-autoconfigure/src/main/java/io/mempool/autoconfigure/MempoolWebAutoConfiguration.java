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

import java.util.EnumSet;
import java.util.List;
import java.util.function.Supplier;

import io.mempool.buffer.BufferPool;
import io.mempool.web.CurrentRequestBuffers;
import io.mempool.web.MemoryExceptionHandler;
import io.mempool.web.RequestBuffers;
import io.mempool.web.RequestBuffersArgumentResolver;
import io.mempool.web.RequestScopeFilter;
import io.mempool.web.RequestScopes;
import io.mempool.web.RequestWork;
import jakarta.servlet.DispatcherType;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingFilterBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.util.unit.DataSize;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of {@link RequestBuffers}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = MempoolAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({ FilterRegistrationBean.class, RequestContextHolder.class })
@ConditionalOnBooleanProperty(name = "mempool.request.enabled", matchIfMissing = true)
public final class MempoolWebAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	RequestScopes mempoolRequestScopes(MempoolProperties properties, BeanFactory beanFactory) {
		MempoolProperties.Request request = properties.getRequest();
		checkPool(request.getPool(), beanFactory);
		Supplier<BufferPool> pool = SingletonSupplier
			.of(() -> beanFactory.getBean(request.getPool(), BufferPool.class));
		return new RequestScopes(pool, limit(request.getLimit()), maxBodySize(request.getMaxBodySize()),
				request.isReportUnreleased());
	}

	private static void checkPool(String pool, BeanFactory beanFactory) {
		if (!beanFactory.containsBean(pool) || !beanFactory.isTypeMatch(pool, BufferPool.class)) {
			throw new InvalidMempoolPropertyException("mempool.request.pool", "there is no pool '" + pool + "'",
					"Set the name of a pool below 'mempool.pools', or add that pool.");
		}
	}

	private static long limit(@Nullable DataSize limit) {
		if (limit != null && limit.toBytes() <= 0) {
			throw new InvalidMempoolPropertyException("mempool.request.limit", "the limit must be positive",
					"Set a size such as 64MB, or remove the property for no limit.");
		}
		return (limit != null) ? limit.toBytes() : Long.MAX_VALUE;
	}

	private static int maxBodySize(DataSize size) {
		if (size.toBytes() <= 0 || size.toBytes() > Integer.MAX_VALUE - 8) {
			throw new InvalidMempoolPropertyException("mempool.request.max-body-size",
					"the size must be positive and below 2 GiB", "Set a size such as 10MB.");
		}
		return (int) size.toBytes();
	}

	@Bean
	CurrentWork mempoolCurrentWork() {
		return RequestWork::current;
	}

	@Bean
	@ConditionalOnMissingBean(RequestBuffers.class)
	CurrentRequestBuffers requestBuffers(RequestScopes scopes) {
		return new CurrentRequestBuffers(scopes);
	}

	@Bean
	@ConditionalOnMissingFilterBean
	FilterRegistrationBean<RequestScopeFilter> mempoolRequestScopeFilter(RequestScopes scopes,
			MempoolProperties properties) {
		FilterRegistrationBean<RequestScopeFilter> registration = new FilterRegistrationBean<>(
				new RequestScopeFilter(scopes));
		registration.setName("mempoolRequestScopeFilter");
		registration.setOrder(properties.getRequest().getFilterOrder());
		registration.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
		return registration;
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(WebMvcConfigurer.class)
	static class WebMvcConfiguration {

		@Bean
		WebMvcConfigurer mempoolWebMvcConfigurer(RequestScopes scopes) {
			return new WebMvcConfigurer() {

				@Override
				public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
					resolvers.add(new RequestBuffersArgumentResolver(scopes));
				}

			};
		}

		@Bean
		@ConditionalOnMissingBean
		MemoryExceptionHandler mempoolExceptionHandler(RequestScopes scopes) {
			return new MemoryExceptionHandler(scopes);
		}

	}

}
