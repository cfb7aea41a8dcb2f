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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.mempool.autoconfigure.ObjectPoolBuilderFactory;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.Weights;
import io.mempool.core.LeaseException;
import io.mempool.leaks.LeakReports;
import io.mempool.object.ObjectPool;
import io.mempool.object.PooledObject;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.json.JsonContent;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link MempoolEndpoint} over HTTP.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "management.endpoints.web.exposure.include=mempool", "mempool.budget.heap=10MB",
				"mempool.pools.uploads.limit=8MB", "mempool.pools.uploads.policy=fail",
				"mempool.pools.uploads.tiers[0].size=4KB", "mempool.pools.uploads.tiers[0].max-idle=1",
				"mempool.pools.uploads.tiers[0].max-total=5", "mempool.pools.uploads.tiers[0].preallocate=1",
				"mempool.pools.uploads.tiers[1].size=64KB", "mempool.pools.uploads.tiers[1].max-idle=4",
				"mempool.objects.builders.max-idle=1", "mempool.objects.builders.preallocate=1",
				"mempool.objects.builders.max-total=5", "mempool.objects.builders.policy=fail" })
@AutoConfigureRestTestClient
@DirtiesContext(classMode = DirtiesContext.ClassMode.BEFORE_EACH_TEST_METHOD)
class MempoolEndpointTests {

	@Autowired
	private RestTestClient client;

	@Autowired
	private ConfigurableApplicationContext context;

	@Autowired
	@Lazy
	private BufferPool defaultPool;

	@Autowired
	@Qualifier("uploads")
	private BufferPool uploads;

	@Autowired
	private ObjectPool<StringBuilder> builders;

	@Test
	void allPoolsAreDescribedByName() {
		this.defaultPool.acquire(1).release();
		assertThat(get("/actuator/mempool")).hasPath("$.pools.uploads").hasPath("$.pools.default");
	}

	@Test
	void tiersWithoutActivityAreLeftOutOnRequest() {
		this.uploads.acquire(10_000).release();
		assertThat(get("/actuator/mempool/uploads?tiers=active")).extractingPath("$.tiers[*].size")
			.asArray()
			.containsExactly(4096, 65536);
		this.uploads.trim();
		this.uploads.update((settings) -> settings.tiers(4096, 16384, 65536));
		for (String path : List.of("/actuator/mempool/uploads?tiers=%s", "/actuator/mempool?tiers=%s")) {
			String tiers = path.contains("uploads") ? "$.tiers[*].size" : "$.pools.uploads.tiers[*].size";
			assertThat(get(path.formatted("active"))).extractingPath(tiers).asArray().containsExactly(65536);
			assertThat(get(path.formatted("all"))).extractingPath(tiers).asArray().containsExactly(4096, 16384, 65536);
			assertThat(get(path.formatted(""))).extractingPath(tiers).asArray().hasSize(3);
			this.client.get()
				.uri(path.formatted("some"))
				.exchange()
				.expectStatus()
				.isBadRequest()
				.expectBody(String.class)
				.value((body) -> assertThat(body).contains("'tiers' cannot be 'some'", "'active'"));
		}
	}

	@Test
	void unusedDefaultPoolIsNotDescribed() {
		assertThat(get("/actuator/mempool")).hasPath("$.pools.uploads").doesNotHavePath("$.pools.default");
		assertThat(this.context.getBeanFactory().containsSingleton("default")).isFalse();
	}

	@Test
	void poolIsDescribedWithItsFigures() {
		PooledBuffer hit = this.uploads.acquire(100);
		PooledBuffer miss = this.uploads.acquire(100);
		PooledBuffer oversized = this.uploads.acquire(100_000);
		hit.release();
		miss.release();
		try {
			miss.release();
		}
		catch (IllegalStateException ex) {
			// Counted below
		}
		int used = (int) (Weights.of(4096) + Weights.ofTransient(100_000));
		JsonContent json = get("/actuator/mempool");
		assertThat(json).extractingPath("$.pools.uploads")
			.asMap()
			.containsEntry("memory", "heap")
			.containsEntry("pooling", true)
			.containsEntry("policy", "fail")
			.containsEntry("maxWait", "PT1S")
			.containsEntry("clear", "on-release")
			.containsEntry("leakDetection", "simple")
			.doesNotContainKey("idleTimeout")
			.containsEntry("hits", 1)
			.containsEntry("misses", 1)
			.containsEntry("oversized", 1)
			.containsEntry("returned", 2)
			.containsEntry("discarded", 1)
			.containsEntry("discardedBy", Map.of("full", 1))
			.containsEntry("leaked", 0)
			.containsEntry("doubleReleases", 1)
			.containsEntry("preallocated", 1)
			.containsEntry("leased", 1)
			.containsEntry("oversizedLeased", 1)
			.containsEntry("idle", 1)
			.containsEntry("leasedBytes", 100_000)
			.containsEntry("idleBytes", 4096)
			.containsEntry("capacityBytes", 104_096)
			.containsEntry("usedBytes", used)
			.containsEntry("pendingBytes", 0)
			.containsEntry("limitBytes", 8 * 1024 * 1024)
			.doesNotContainKeys("recentSizes", "requestedSizes", "advice", "worth", "leaks");
		assertThat(json).extractingPath("$.pools.uploads.tiers[0]")
			.asMap()
			.containsEntry("size", 4096)
			.containsEntry("maxIdle", 1)
			.containsEntry("maxTotal", 5)
			.containsEntry("preallocated", 1)
			.containsEntry("hits", 1)
			.containsEntry("misses", 1)
			.containsEntry("returned", 2)
			.containsEntry("discarded", 1)
			.containsEntry("leased", 0)
			.containsEntry("leaked", 0)
			.containsEntry("idle", 1);
		assertThat(json).extractingPath("$.budget.heap")
			.asMap()
			.containsEntry("usedBytes", used)
			.containsEntry("pendingBytes", 0)
			.containsEntry("limitBytes", 10 * 1024 * 1024);
		oversized.release();
	}

	@Test
	void memberThatIsAbsentMeansUnlimited() {
		this.defaultPool.acquire(1).release();
		JsonContent json = get("/actuator/mempool");
		assertThat(json).hasPath("$.pools.default").doesNotHavePath("$.pools.default.limitBytes");
		assertThat(json).doesNotHavePath("$.pools.uploads.tiers[1].maxTotal");
	}

	@Test
	void onePoolIsDescribedWithItsRecentSizes() {
		this.uploads.acquire(7).release();
		this.uploads.acquire(300).release();
		assertThat(get("/actuator/mempool/uploads")).extractingPath("$.recentSizes").asArray().containsExactly(7, 300);
		assertThat(get("/actuator/mempool/uploads")).extractingPath("$.hits").isEqualTo(2);
	}

	@Test
	void poolOfObjectsIsDescribedWithItsFigures() {
		PooledObject<StringBuilder> hit = this.builders.acquire();
		PooledObject<StringBuilder> miss = this.builders.acquire();
		PooledObject<StringBuilder> held = this.builders.acquire();
		hit.release();
		miss.release();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(miss::release);
		Map<String, Object> expected = new LinkedHashMap<>();
		expected.put("pooling", true);
		expected.put("policy", "fail");
		expected.put("maxWait", "PT1S");
		expected.put("leakDetection", "simple");
		expected.put("hits", 1);
		expected.put("misses", 2);
		expected.put("returned", 2);
		expected.put("discarded", 1);
		expected.put("discardedBy", Map.of("full", 1));
		expected.put("leaked", 0);
		expected.put("doubleReleases", 1);
		expected.put("preallocated", 1);
		expected.put("leased", 1);
		expected.put("idle", 1);
		expected.put("peakLeased", 3);
		expected.put("exhausted", 0);
		expected.put("waiting", 0);
		expected.put("maxIdle", 1);
		expected.put("maxIdleGrows", false);
		expected.put("maxTotal", 5);
		assertThat(get("/actuator/mempool")).extractingPath("$.objects.builders").isEqualTo(expected);
		assertThat(get("/actuator/mempool/builders")).extractingPath("$").isEqualTo(expected);
		held.release();
	}

	@Test
	void exhaustionIsShownWhileItLasts() {
		List<PooledBuffer> held = Stream.generate(() -> this.uploads.acquire(4096)).limit(5).toList();
		assertThat(this.uploads.tryAcquire(4096)).isNull();
		JsonContent json = get("/actuator/mempool");
		assertThat(json).extractingPath("$.pools.uploads.exhaustedFor").asString().startsWith("PT");
		assertThat(json).extractingPath("$.pools.uploads.tiers[0].exhaustedFor").asString().startsWith("PT");
		assertThat(json).doesNotHavePath("$.pools.uploads.tiers[1].exhaustedFor")
			.doesNotHavePath("$.objects.builders.exhaustedFor");
		held.forEach(PooledBuffer::release);
		assertThat(get("/actuator/mempool")).extractingPath("$.pools.uploads.exhausted").isEqualTo(1);
		assertThat(get("/actuator/mempool")).doesNotHavePath("$.pools.uploads.exhaustedFor");
	}

	@Test
	void exhaustionOfObjectsIsShownWhileItLasts() {
		List<PooledObject<StringBuilder>> held = Stream.generate(this.builders::acquire).limit(5).toList();
		assertThat(this.builders.tryAcquire()).isNull();
		assertThat(get("/actuator/mempool")).extractingPath("$.objects.builders.exhaustedFor")
			.asString()
			.startsWith("PT");
		held.forEach(PooledObject::release);
		assertThat(get("/actuator/mempool")).doesNotHavePath("$.objects.builders.exhaustedFor");
	}

	@Test
	void poolOfObjectsWithoutLimitHasNone() {
		assertThat(get("/actuator/mempool/unlimited")).doesNotHavePath("$.maxTotal").hasPath("$.maxIdle");
	}

	@Test
	void withoutPoolsOfObjectsThereIsNoSuchMember() {
		assertThat(new MempoolEndpoint(Map::of, Map::of, Map.of(), new LeakReports(), Show.NEVER).mempool().objects())
			.isNull();
	}

	@Test
	void changesAreRefusedUnlessAccessIsGranted() {
		this.uploads.acquire(100).release();
		this.client.post()
			.uri("/actuator/mempool/uploads")
			.contentType(MediaType.APPLICATION_JSON)
			.body("{ \"maxIdle\": 2 }")
			.exchange()
			.expectStatus()
			.isEqualTo(HttpStatus.METHOD_NOT_ALLOWED);
		this.client.delete()
			.uri("/actuator/mempool/uploads")
			.exchange()
			.expectStatus()
			.isEqualTo(HttpStatus.METHOD_NOT_ALLOWED);
		assertThat(get("/actuator/mempool/uploads")).extractingPath("$.tiers[0].maxIdle").isEqualTo(1);
		assertThat(get("/actuator/mempool/uploads")).extractingPath("$.idle").isEqualTo(1);
	}

	@Test
	void unknownPoolIsNotFound() {
		this.client.get().uri("/actuator/mempool/nothing").exchange().expectStatus().isNotFound();
	}

	private JsonContent get(String path) {
		byte[] body = this.client.get()
			.uri(path)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.returnResult()
			.getResponseBodyContent();
		return new JsonContent(new String(body, StandardCharsets.UTF_8));
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		ObjectPool<StringBuilder> builders(ObjectPoolBuilderFactory pools) {
			return pools.builder("builders", StringBuilder::new).reset((builder) -> builder.setLength(0)).build();
		}

		@Bean
		ObjectPool<Object> unlimited(ObjectPoolBuilderFactory pools) {
			return pools.builder("unlimited", Object::new).build();
		}

	}

}
