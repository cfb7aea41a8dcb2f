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

package io.mempool.actuate.endpoint;

import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.mempool.autoconfigure.ObjectPoolBuilderFactory;
import io.mempool.buffer.BufferPool;
import io.mempool.object.ObjectPool;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.json.JsonContent;
import org.springframework.test.web.servlet.client.EntityExchangeResult;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application whose pools can be changed over HTTP.
 */
@SpringBootTest(classes = AbstractPoolOperationTests.Application.class, webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "mempool.protection=standard", "management.endpoints.web.exposure.include=mempool",
				"management.endpoint.mempool.access=unrestricted", "mempool.pools.uploads.limit=8MB",
				"mempool.pools.uploads.max-idle=4", "mempool.pools.uploads.max-total=16",
				"mempool.pools.uploads.idle-timeout=1h", "mempool.pools.uploads.tiers=4KB, 64KB",
				"mempool.objects.builders.max-idle=4", "mempool.objects.builders.max-total=16" })
@AutoConfigureRestTestClient
abstract class AbstractPoolOperationTests {

	@Autowired
	RestTestClient client;

	@Autowired
	@Qualifier("uploads")
	BufferPool uploads;

	@Autowired
	ObjectPool<StringBuilder> builders;

	@Autowired
	AuditEvents audit;

	static JsonContent ok(EntityExchangeResult<byte[]> result) {
		assertThat(result.getStatus()).as(() -> json(result).getJson()).isEqualTo(HttpStatus.OK);
		return json(result);
	}

	JsonContent get(String path) {
		return ok(this.client.get().uri(path).exchange().expectBody().returnResult());
	}

	EntityExchangeResult<byte[]> post(String pool, String body) {
		return this.client.post()
			.uri("/actuator/mempool/" + pool)
			.contentType(MediaType.APPLICATION_JSON)
			.body(body)
			.exchange()
			.expectBody()
			.returnResult();
	}

	EntityExchangeResult<byte[]> delete(String path) {
		return this.client.delete().uri(path).exchange().expectBody().returnResult();
	}

	static JsonContent json(EntityExchangeResult<byte[]> result) {
		byte[] body = result.getResponseBodyContent();
		return new JsonContent(new String(body, StandardCharsets.UTF_8));
	}

	static class AuditEvents {

		private final List<AuditEvent> events = new CopyOnWriteArrayList<>();

		List<AuditEvent> events() {
			return this.events;
		}

		@EventListener
		void audited(AuditApplicationEvent event) {
			this.events.add(event.getAuditEvent());
		}

	}

	/**
	 * A request of a user that a header names.
	 */
	static class User extends HttpServletRequestWrapper {

		static final String HEADER = "X-User";

		private final String name;

		User(HttpServletRequest request, String name) {
			super(request);
			this.name = name;
		}

		@Override
		public Principal getUserPrincipal() {
			return () -> this.name;
		}

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		ObjectPool<StringBuilder> builders(ObjectPoolBuilderFactory pools) {
			return pools.builder("builders", StringBuilder::new).reset((builder) -> builder.setLength(0)).build();
		}

		@Bean
		AuditEvents auditEvents() {
			return new AuditEvents();
		}

		@Bean
		Filter userFilter() {
			return (request, response, chain) -> {
				String user = ((HttpServletRequest) request).getHeader(User.HEADER);
				chain.doFilter((user != null) ? new User((HttpServletRequest) request, user) : request, response);
			};
		}

	}

}
