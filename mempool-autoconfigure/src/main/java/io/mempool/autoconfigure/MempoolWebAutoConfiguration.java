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

import io.mempool.web.MemoryExceptionHandler;
import io.mempool.web.servlet.CurrentRequestBuffers;
import io.mempool.web.servlet.RequestBuffers;
import io.mempool.web.servlet.RequestBuffersArgumentResolver;
import io.mempool.web.servlet.RequestQuotaKey;
import io.mempool.web.servlet.RequestScopeFilter;
import io.mempool.web.servlet.RequestScopes;
import io.mempool.web.servlet.RequestWork;
import jakarta.servlet.DispatcherType;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingFilterBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
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
@ConditionalOnBean(BufferPoolFactory.class)
@Conditional(OnRequestEnabledCondition.class)
public final class MempoolWebAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	RequestQuotaKey mempoolRequestQuotaKey() {
		return RequestQuotaKey.remoteAddress();
	}

	@Bean
	@ConditionalOnMissingBean
	RequestScopes mempoolRequestScopes(MempoolProperties properties, BeanFactory beanFactory, BufferPoolFactory pools,
			RequestQuotaKey quotaKey) {
		return new RequestScopes(RequestDefinition.settings(properties.getRequest(), beanFactory, pools), quotaKey);
	}

	@Bean
	@ConditionalOnMissingBean
	RequestQuota mempoolRequestQuota(ObjectProvider<RequestScopes> scopes) {
		return () -> scopes.getObject().settings().quota();
	}

	@Bean
	@ConditionalOnMissingBean
	CurrentWork mempoolCurrentWork() {
		return RequestWork::current;
	}

	@Bean
	@ConditionalOnMissingBean
	CurrentScope mempoolCurrentScope(RequestScopes scopes) {
		return scopes::current;
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
		@ConditionalOnMissingBean(name = "mempoolWebMvcConfigurer")
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
			return new MemoryExceptionHandler(scopes.settings());
		}

	}

}
