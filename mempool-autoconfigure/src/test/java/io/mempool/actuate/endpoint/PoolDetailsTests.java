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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import io.mempool.autoconfigure.ObjectPoolBuilderFactory;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.Leak;
import io.mempool.core.LeakKind;
import io.mempool.core.UnitOfWork;
import io.mempool.leaks.LeakReports;
import io.mempool.object.ObjectPool;
import io.mempool.object.PooledObject;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.json.JsonContent;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for what {@link MempoolEndpoint} shows of one pool only.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "mempool.protection=standard", "management.endpoints.web.exposure.include=mempool",
				"management.endpoint.mempool.show-details=when-authorized", "management.endpoint.mempool.roles=ADMIN",
				"mempool.pools.uploads.tiers=64KB, 256KB" })
@AutoConfigureRestTestClient
@DirtiesContext(classMode = DirtiesContext.ClassMode.BEFORE_EACH_TEST_METHOD)
class PoolDetailsTests {

	private static final StackTraceElement FRAME = new StackTraceElement("com.example.Uploads", "store", "Uploads.java",
			42);

	@Autowired
	private RestTestClient client;

	@Autowired
	@Qualifier("uploads")
	private BufferPool uploads;

	@Autowired
	private ObjectPool<StringBuilder> builders;

	@Autowired
	private LeakReports leaks;

	@Test
	void poolThatHasNothingToTellTellsNothing() {
		assertThat(get("uploads", null)).doesNotHavePath("$.requestedSizes")
			.doesNotHavePath("$.advice")
			.doesNotHavePath("$.leaks");
		assertThat(get("builders", null)).doesNotHavePath("$.leaks");
	}

	@Test
	void requestedSizesAreCountedInNarrowBuckets() {
		for (int i = 0; i < 3; i++) {
			this.uploads.acquire(40_000).release();
		}
		this.uploads.acquire(50).release();
		JsonContent json = get("uploads", null);
		assertThat(json).extractingPath("$.requestedSizes[0]")
			.asMap()
			.containsOnly(entry("from", 50), entry("to", 50), entry("count", 1));
		assertThat(json).extractingPath("$.requestedSizes[1].count").isEqualTo(3);
		assertThat(json).extractingPath("$.requestedSizes[1].from")
			.asInstanceOf(InstanceOfAssertFactories.INTEGER)
			.isLessThanOrEqualTo(40_000);
		assertThat(json).extractingPath("$.requestedSizes[1].to")
			.asInstanceOf(InstanceOfAssertFactories.INTEGER)
			.isBetween(40_000, 42_400);
	}

	@Test
	void tiersThatWasteLessAreAdvised() {
		List<PooledBuffer> held = Stream.generate(() -> this.uploads.acquire(70_000)).limit(10).toList();
		held.forEach(PooledBuffer::release);
		for (int i = 0; i < 990; i++) {
			this.uploads.acquire(70_000).release();
		}
		JsonContent json = get("uploads", null);
		assertThat(json).extractingPath("$.advice.requests").isEqualTo(1000);
		assertThat(json).extractingPath("$.advice.now.tiers[*].size").asArray().containsExactly(65536, 262144);
		assertThat(json).extractingPath("$.advice.now.wastedBytes").isEqualTo(1000 * (262144 - 70_000));
		assertThat(json).extractingPath("$.advice.now.wastedPercent").isEqualTo(73.3);
		assertThat(json).extractingPath("$.advice.advised.wastedPercent")
			.asInstanceOf(InstanceOfAssertFactories.DOUBLE)
			.isLessThan(6);
		assertThat(json).extractingPath("$.advice.savedPercent")
			.asInstanceOf(InstanceOfAssertFactories.DOUBLE)
			.isBetween(70.0, 73.3);
		assertThat(json).hasPath("$.advice.advised.tiers[0].maxIdle");
		assertThat(json).extractingPath("$.advice.yaml").asString().contains("uploads:", "tiers:");
	}

	@Test
	void noTiersAreAdvisedAfterAFewRequests() {
		for (int i = 0; i < 10; i++) {
			this.uploads.acquire(70_000).release();
		}
		assertThat(get("uploads", null)).hasPath("$.requestedSizes").doesNotHavePath("$.advice");
	}

	@Test
	void whatPoolingSavesIsToldByTier() {
		this.uploads.acquire(65536).release();
		this.uploads.acquire(65536).release();
		JsonContent json = get("uploads", null);
		assertThat(json).extractingPath("$.worth[0].tier").isEqualTo(65536);
		assertThat(json).extractingPath("$.worth[0].bytesSaved").isEqualTo(65536);
		assertThat(json).hasPath("$.worth[0].leaseNanos")
			.hasPath("$.worth[0].clearedLeaseNanos")
			.hasPath("$.worth[0].unclearedLeaseNanos")
			.hasPath("$.worth[0].allocationNanos");
		assertThat(json).extractingPath("$.worth[0].steady").isInstanceOf(Boolean.class);
	}

	@Test
	void whatPoolingObjectsSavesIsToldOnceThePoolIsInUse() {
		List<PooledObject<StringBuilder>> held = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			held.add(this.builders.acquire());
		}
		held.forEach(PooledObject::release);
		assertThat(get("builders", null)).doesNotHavePath("$.worth");
		for (int i = 0; i < 1000; i++) {
			this.builders.acquire().release();
		}
		JsonContent json = get("builders", null);
		assertThat(json).hasPath("$.worth.leaseNanos").hasPath("$.worth.creationNanos");
		assertThat(json).extractingPath("$.worth.steady").isInstanceOf(Boolean.class);
		assertThat(json).extractingPath("$.maxIdleGrows").isEqualTo(true);
		assertThat(json).extractingPath("$.maxIdle").isEqualTo(1024);
	}

	@Test
	void measuringAgainCanBeAskedFor() {
		assertThat(get("uploads?measure=true", null)).hasPath("$.worth[0].steady");
		assertThat(get("builders?measure=true", null)).doesNotHavePath("$.worth");
		this.client.get().uri("/actuator/mempool/uploads?measure=perhaps").exchange().expectStatus().isBadRequest();
	}

	@Test
	void leakIsToldWithItsName() {
		leak("uploads");
		leak("uploads");
		assertThat(get("uploads", null)).extractingPath("$.leaks[0]")
			.asMap()
			.contains(entry("kind", "collected"), entry("size", 4096), entry("count", 2), entry("ageMillis", 1200),
					entry("work", "POST /api/echo"), entry("id", "17"), entry("thread", "worker-1"))
			.containsKeys("firstSeen", "lastSeen");
	}

	@Test
	void leakOfAnObjectIsToldWithItsName() {
		leak("builders");
		assertThat(get("builders", "ADMIN")).extractingPath("$.leaks[0].work").isEqualTo("POST /api/echo");
	}

	@Test
	void lastLeaseThatWasLostIsToldOfEachPool() {
		assertThat(get("", null)).doesNotHavePath("$.pools.uploads.lastLeak")
			.doesNotHavePath("$.objects.builders.lastLeak");
		leak("uploads");
		leak("builders");
		String last = this.leaks.of("uploads").get(0).lastSeen().toString();
		assertThat(get("", null)).extractingPath("$.pools.uploads.lastLeak").isEqualTo(last);
		assertThat(get("", null)).hasPath("$.objects.builders.lastLeak");
		assertThat(get("uploads", null)).extractingPath("$.lastLeak").isEqualTo(last);
		assertThat(get("builders", null)).hasPath("$.lastLeak");
	}

	@Test
	void leaseThatIsOpenForLongIsNoLastLeak() {
		this.leaks.leaked(
				new Leak(LeakKind.AGE, "uploads", 4096, 1, Duration.ofMillis(1200), null, "worker-1", List.of(FRAME)));
		assertThat(get("uploads", null)).hasPath("$.leaks").doesNotHavePath("$.lastLeak");
	}

	@Test
	void stackOfALeakIsShownToAuthorizedUsers() {
		leak("uploads");
		assertThat(get("uploads", null)).doesNotHavePath("$.leaks[0].stack");
		assertThat(get("uploads", "USER")).doesNotHavePath("$.leaks[0].stack");
		assertThat(get("uploads", "ADMIN")).extractingPath("$.leaks[0].stack")
			.asArray()
			.containsExactly(FRAME.toString());
	}

	@Test
	void stacksAreHiddenUnlessConfigured() {
		leak("uploads");
		assertThat(describe(Show.NEVER).leaks()).singleElement().extracting(LeakDescriptor::stack).isNull();
		assertThat(describe(Show.WHEN_AUTHORIZED).leaks()).singleElement()
			.extracting(LeakDescriptor::stack)
			.isNotNull();
	}

	private PoolDescriptor describe(Show showDetails) {
		MempoolEndpoint endpoint = new MempoolEndpoint(() -> Map.of("uploads", this.uploads), Map::of, Map.of(),
				this.leaks, showDetails);
		return (PoolDescriptor) Objects.requireNonNull(endpoint.pool("uploads"));
	}

	private void leak(String pool) {
		this.leaks.leaked(new Leak(LeakKind.COLLECTED, pool, 4096, 1, Duration.ofMillis(1200),
				new UnitOfWork("POST /api/echo", "17"), "worker-1", List.of(FRAME)));
	}

	private JsonContent get(String pool, @Nullable String role) {
		byte[] body = this.client.get()
			.uri("/actuator/mempool" + (pool.isEmpty() ? "" : "/" + pool))
			.headers((headers) -> headers.set("X-Role", (role != null) ? role : ""))
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.returnResult()
			.getResponseBodyContent();
		return new JsonContent(new String(body, StandardCharsets.UTF_8));
	}

	/**
	 * A request of a user whose role a header names.
	 */
	static class Authorized extends HttpServletRequestWrapper {

		private final String role;

		Authorized(HttpServletRequest request, String role) {
			super(request);
			this.role = role;
		}

		@Override
		public Principal getUserPrincipal() {
			return () -> "user";
		}

		@Override
		public boolean isUserInRole(String role) {
			return role.equals(this.role);
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
		Filter roleFilter() {
			return (request, response, chain) -> {
				String role = ((HttpServletRequest) request).getHeader("X-Role");
				chain.doFilter((role != null && !role.isEmpty()) ? new Authorized((HttpServletRequest) request, role)
						: request, response);
			};
		}

	}

}
