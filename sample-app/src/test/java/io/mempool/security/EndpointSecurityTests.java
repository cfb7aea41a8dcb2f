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

package io.mempool.security;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Tests of the endpoint behind Spring Security on the servlet stack.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { SecurityWhereAsked.PROPERTY + "=true", "management.endpoint.mempool.access=unrestricted",
				"management.endpoint.mempool.roles=OPERATOR",
				"management.endpoint.mempool.show-details=when-authorized",
				"management.endpoints.web.exposure.include=mempool", "mempool.pools.uploads.tiers=4KB",
				"logging.level.io.mempool.autoconfigure=error" })
class EndpointSecurityTests extends AbstractEndpointSecurityTests {

	EndpointSecurityTests(@LocalServerPort int port) {
		super(port);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		// tag::chain[]
		@Bean
		SecurityFilterChain actuator(HttpSecurity http) {
			return http.securityMatcher(EndpointRequest.toAnyEndpoint())
				.authorizeHttpRequests((requests) -> requests
					.requestMatchers(EndpointRequest.to("mempool").withHttpMethod(HttpMethod.GET))
					.hasAnyRole("VIEWER", "OPERATOR")
					.anyRequest()
					.hasRole("OPERATOR"))
				.csrf(CsrfConfigurer::spa)
				.httpBasic(Customizer.withDefaults())
				.build();
		}
		// end::chain[]

		@Bean
		UserDetailsService users() {
			return new InMemoryUserDetailsManager(Users.all());
		}

	}

}
