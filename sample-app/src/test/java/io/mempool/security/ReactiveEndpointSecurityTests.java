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

import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.security.autoconfigure.actuate.web.reactive.EndpointRequest;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.csrf.CookieServerCsrfTokenRepository;
import org.springframework.security.web.server.csrf.CsrfToken;
import org.springframework.security.web.server.csrf.ServerCsrfTokenRequestAttributeHandler;
import org.springframework.web.server.WebFilter;

/**
 * Tests of the endpoint behind Spring Security on the reactive stack.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { SecurityWhereAsked.PROPERTY + "=true", "management.endpoint.mempool.access=unrestricted",
				"management.endpoint.mempool.roles=OPERATOR",
				"management.endpoint.mempool.show-details=when-authorized",
				"management.endpoints.web.exposure.include=mempool", "mempool.pools.uploads.tiers=4KB",
				"logging.level.io.mempool.autoconfigure=error", "spring.main.web-application-type=reactive" })
class ReactiveEndpointSecurityTests extends AbstractEndpointSecurityTests {

	ReactiveEndpointSecurityTests(@LocalServerPort int port) {
		super(port);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		// tag::chain[]
		@Bean
		SecurityWebFilterChain actuator(ServerHttpSecurity http) {
			return http.securityMatcher(EndpointRequest.toAnyEndpoint())
				.authorizeExchange(
						(exchanges) -> exchanges.matchers(EndpointRequest.to("mempool").withHttpMethod(HttpMethod.GET))
							.hasAnyRole("VIEWER", "OPERATOR")
							.anyExchange()
							.hasRole("OPERATOR"))
				.csrf((csrf) -> csrf.csrfTokenRepository(CookieServerCsrfTokenRepository.withHttpOnlyFalse())
					.csrfTokenRequestHandler(new ServerCsrfTokenRequestAttributeHandler()))
				.httpBasic(Customizer.withDefaults())
				.build();
		}

		// The token becomes a cookie only if something asks for it
		@Bean
		WebFilter csrfCookie() {
			return (exchange, chain) -> {
				Mono<CsrfToken> token = exchange.getAttributeOrDefault(CsrfToken.class.getName(), Mono.empty());
				return token.then(chain.filter(exchange));
			};
		}
		// end::chain[]

		@Bean
		MapReactiveUserDetailsService users() {
			return new MapReactiveUserDetailsService(Users.all());
		}

	}

}
