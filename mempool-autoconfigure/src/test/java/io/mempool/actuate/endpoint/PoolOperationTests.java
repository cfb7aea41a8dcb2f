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

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

import io.mempool.buffer.Clearing;
import io.mempool.buffer.PoolStatistics;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.Weights;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeakDetection;
import io.mempool.core.Protection;
import io.mempool.leaks.LeakReports;
import io.mempool.testing.ProvokesOutput;
import io.mempool.testing.Together;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.MediaType;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.json.JsonContent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for the operations of {@link MempoolEndpoint} that change pools, over HTTP.
 */
@ProvokesOutput
@DirtiesContext(classMode = DirtiesContext.ClassMode.AFTER_EACH_TEST_METHOD)
@ExtendWith(OutputCaptureExtension.class)
class PoolOperationTests extends AbstractPoolOperationTests {

	@Autowired
	private PoolAudit poolAudit;

	@Test
	void settingIsChangedAndTold() {
		JsonContent json = changed("uploads", """
				{ "maxIdle": 2 }
				""");
		assertThat(json).isLenientlyEqualTo("""
				{ "pool": "uploads", "changes": [ { "setting": "max-idle", "from": "4", "to": "2" } ] }
				""");
		assertThat(this.uploads.tiers()).allSatisfy((tier) -> assertThat(tier.caps().maxIdle()).isEqualTo(2));
	}

	@Test
	void capsAreOfOneTierIfOneIsNamed() {
		JsonContent json = changed("uploads", """
				{ "tier": "64KB", "maxIdle": 1, "maxTotal": 2 }
				""");
		assertThat(settings(json)).containsExactly("tiers[65536].max-idle", "tiers[65536].max-total");
		assertThat(this.uploads.tiers()).extracting((tier) -> tier.caps().maxIdle()).containsExactly(4, 1);
		assertThat(this.uploads.tiers()).extracting((tier) -> tier.caps().maxTotal()).containsExactly(16, 2);
	}

	@Test
	void everySettingIsReadAsInYaml() {
		JsonContent json = changed("uploads", """
				{ "maxIdle": "3", "maxTotal": "8", "limit": "16MB", "policy": "wait", "maxWait": "500ms",
				  "clear": "never", "protection": "quarantine", "idleTimeout": "PT30S", "leakDetection": "Paranoid",
				  "tiers": "8KB, 65536" }
				""");
		assertThat(settings(json)).contains("tiers", "limit", "policy", "max-wait", "clear", "protection",
				"idle-timeout", "leak-detection");
		PoolStatistics statistics = this.uploads.statistics();
		assertThat(statistics.tiers()).extracting((tier) -> tier.size()).containsExactly(8192, 65536);
		assertThat(statistics.tiers()).allSatisfy((tier) -> {
			assertThat(tier.caps().maxIdle()).isEqualTo(3);
			assertThat(tier.caps().maxTotal()).isEqualTo(8);
		});
		assertThat(statistics.settings().limit()).isEqualTo(16 * 1024 * 1024);
		assertThat(statistics.settings().policy()).isEqualTo(ExhaustionPolicy.WAIT);
		assertThat(statistics.settings().maxWait()).isEqualTo(Duration.ofMillis(500));
		assertThat(statistics.settings().clearing()).isEqualTo(Clearing.NEVER);
		assertThat(statistics.settings().protection()).isEqualTo(Protection.QUARANTINE);
		assertThat(statistics.settings().idleTimeout()).isEqualTo(Duration.ofSeconds(30));
		assertThat(statistics.settings().leakDetection()).isEqualTo(LeakDetection.PARANOID);
	}

	@Test
	void unlimitedRemovesCapsLimitAndTimeOut() {
		changed("uploads", """
				{ "maxTotal": "unlimited", "limit": "unlimited", "idleTimeout": "unlimited" }
				""");
		assertThat(get("/actuator/mempool/uploads")).doesNotHavePath("$.tiers[0].maxTotal")
			.doesNotHavePath("$.limitBytes")
			.doesNotHavePath("$.idleTimeout");
	}

	@Test
	void settingsOfPoolOfObjectsAreChanged() {
		JsonContent json = changed("builders", """
				{ "maxIdle": 2, "maxTotal": "unlimited", "policy": "fail", "maxWait": "2s",
				  "idleTimeout": "30s", "leakDetection": "disabled" }
				""");
		assertThat(settings(json)).containsExactlyInAnyOrder("max-idle", "max-total", "policy", "max-wait",
				"idle-timeout", "leak-detection");
		assertThat(this.builders.statistics().caps().maxIdle()).isEqualTo(2);
		assertThat(this.builders.settings().idleTimeout()).isEqualTo(Duration.ofSeconds(30));
		assertThat(get("/actuator/mempool/builders")).extractingPath("$.idleTimeout").isEqualTo("PT30S");
		changed("builders", """
				{ "idleTimeout": "unlimited" }
				""");
		assertThat(get("/actuator/mempool/builders")).doesNotHavePath("$.idleTimeout");
	}

	@Test
	void whatWasChangedIsShown() {
		changed("uploads", """
				{ "maxIdle": 2, "clear": "never", "maxWait": "2s", "policy": "fail", "leakDetection": "advanced" }
				""");
		assertThat(get("/actuator/mempool/uploads")).extractingPath("$")
			.asMap()
			.contains(entry("clear", "never"), entry("maxWait", "PT2S"), entry("policy", "fail"),
					entry("leakDetection", "advanced"));
	}

	@Test
	void idleMemoryIsTrimmed() {
		this.uploads.acquire(4096).release();
		this.uploads.acquire(65536).release();
		PooledBuffer held = this.uploads.acquire(65536);
		JsonContent json = ok(delete("/actuator/mempool/uploads"));
		assertThat(json).isStrictlyEqualTo("""
				{ "pool": "uploads", "trimmedBytes": %d }
				""".formatted(Weights.of(4096)));
		assertThat(this.uploads.statistics().idle()).isZero();
		held.release();
	}

	@Test
	void idleObjectsAreTrimmed() {
		this.builders.acquire().release();
		assertThat(ok(delete("/actuator/mempool/builders"))).isStrictlyEqualTo("""
				{ "pool": "builders", "trimmedObjects": 1 }
				""");
		assertThat(this.builders.statistics().idle()).isZero();
	}

	@Test
	void changeIsShownWithItsTime() {
		Instant before = Instant.now();
		changed("uploads", """
				{ "maxIdle": 2, "limit": "unlimited" }
				""");
		changed("builders", """
				{ "maxIdle": 2 }
				""");
		JsonContent json = get("/actuator/mempool/uploads");
		assertThat(json).extractingPath("$.changes").asArray().hasSize(1);
		assertThat(json).isLenientlyEqualTo("""
				{ "changes": [ { "settings": [ { "setting": "max-idle", "from": "4", "to": "2" },
				                               { "setting": "limit", "from": "8388608", "to": "unlimited" } ] } ] }
				""");
		assertThat(json).extractingPath("$.changes[0].time")
			.asString()
			.satisfies((time) -> assertThat(Instant.parse(time)).isBetween(before, Instant.now()));
		assertThat(get("/actuator/mempool/builders")).extractingPath("$.changes").asArray().hasSize(1);
	}

	@Test
	void poolThatWasNotChangedShowsNoChange() {
		post("uploads", "{ \"maxIdle\": -1 }");
		delete("/actuator/mempool/uploads");
		assertThat(get("/actuator/mempool/uploads")).doesNotHavePath("$.changes");
		assertThat(get("/actuator/mempool/builders")).doesNotHavePath("$.changes");
		changed("uploads", """
				{ "maxIdle": 2 }
				""");
		assertThat(get("/actuator/mempool")).doesNotHavePath("$.pools.uploads.changes");
	}

	@Test
	void userOfAChangeIsHiddenUnlessDetailsAreShown() {
		changedBy("alice");
		assertThat(get("/actuator/mempool/uploads")).hasPath("$.changes[0].time")
			.doesNotHavePath("$.changes[0].principal");
		MempoolEndpoint endpoint = new MempoolEndpoint(() -> Map.of("uploads", this.uploads), Map::of, Map.of(),
				new LeakReports(), Show.ALWAYS, this.poolAudit);
		PoolDescriptor described = (PoolDescriptor) Objects.requireNonNull(endpoint.pool("uploads"));
		assertThat(described.changes()).singleElement().extracting(ChangeDescriptor::principal).isEqualTo("alice");
	}

	@Test
	void changeIsAuditedWithTheUser(CapturedOutput output) {
		changedBy("alice");
		AuditEvent event = this.audit.events().get(0);
		assertThat(event.getPrincipal()).isEqualTo("alice");
		assertThat(event.getType()).isEqualTo("MEMPOOL_CHANGED");
		assertThat(event.getData()).containsOnly(entry("pool", "uploads"),
				entry("changes", List.of("max-idle: 4 -> 2", "limit: 8388608 -> unlimited")));
		assertThat(output).contains("MEMPOOL_CHANGED: pool 'uploads', changes [max-idle: 4 -> 2, limit: 8388608 -> "
				+ "unlimited], by 'alice'");
	}

	@Test
	void trimIsAudited() {
		this.uploads.acquire(4096).release();
		ok(delete("/actuator/mempool/uploads"));
		AuditEvent event = this.audit.events().get(0);
		assertThat(event.getPrincipal()).isEmpty();
		assertThat(event.getType()).isEqualTo("MEMPOOL_TRIMMED");
		assertThat(event.getData()).containsOnly(entry("pool", "uploads"), entry("trimmedBytes", Weights.of(4096)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{ 'maxIdle': 0, 'policy': 'wait' }", "{ 'tiers': '2KB, 32KB', 'clear': 'never' }" })
	void leasesAreNotDisturbed(String change) throws Exception {
		String back = """
				{ "maxIdle": 4, "policy": "allocate", "clear": "on-release", "tiers": "4KB, 64KB" }
				""";
		AtomicBoolean done = new AtomicBoolean();
		Together.run(3, (thread) -> {
			if (thread == 0) {
				try {
					for (int i = 0; i < 20; i++) {
						ok(post("uploads", change.replace('\'', '"')));
						ok(post("uploads", back));
					}
				}
				finally {
					done.set(true);
				}
			}
			for (int size = 0; !done.get(); size = (size + 1000) % 65536) {
				use(this.uploads.acquire(size), thread);
			}
		});
		assertThat(this.uploads.statistics().leased()).isZero();
		assertThat(this.uploads.statistics().leaked()).isZero();
		assertThat(this.uploads.statistics().doubleReleases()).isZero();
	}

	private static void use(PooledBuffer buffer, int owner) {
		byte[] mine = new byte[buffer.size()];
		Arrays.fill(mine, (byte) owner);
		buffer.copyIn(0, mine, 0, mine.length);
		Thread.yield();
		byte[] found = new byte[mine.length];
		buffer.copyOut(0, found, 0, found.length);
		buffer.release();
		assertThat(found).isEqualTo(mine);
	}

	private void changedBy(String user) {
		this.client.post()
			.uri("/actuator/mempool/uploads")
			.header(User.HEADER, user)
			.contentType(MediaType.APPLICATION_JSON)
			.body("""
					{ "maxIdle": 2, "limit": "unlimited" }
					""")
			.exchange()
			.expectStatus()
			.isOk();
	}

	private JsonContent changed(String pool, String body) {
		return ok(post(pool, body));
	}

	private static List<Object> settings(JsonContent json) {
		return List.of(assertThat(json).extractingPath("$.changes[*].setting").asArray().actual());
	}

}
