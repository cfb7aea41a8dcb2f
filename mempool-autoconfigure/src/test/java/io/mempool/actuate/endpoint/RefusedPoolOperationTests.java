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

import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PoolStatistics;
import io.mempool.buffer.Weights;
import io.mempool.leaks.LeakReports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.json.JsonContent;
import org.springframework.test.web.servlet.client.EntityExchangeResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Every mistake in a request to change a pool is refused as a whole, with a problem
 * document that names the setting, its value and what to send.
 */
class RefusedPoolOperationTests extends AbstractPoolOperationTests {

	@ParameterizedTest(name = "{0}")
	@MethodSource("mistakes")
	void mistakeIsRefusedWithItsReason(Mistake mistake) {
		PoolStatistics before = this.uploads.statistics();
		JsonContent json = refused(mistake.pool(), mistake.body());
		assertThat(json).extractingPath("$.status").isEqualTo(400);
		assertThat(json).extractingPath("$.title").isEqualTo("Bad Request");
		assertThat(json).extractingPath("$.detail").asString().contains(mistake.parts());
		assertThat(this.uploads.statistics()).isEqualTo(before);
		assertThat(this.audit.events()).isEmpty();
	}

	static Stream<Mistake> mistakes() {
		return Stream.of(buffers("nothing", "{}").told("Nothing to change", "maxIdle", "tiers"),
				buffers("unknown key", "{ 'maxIdel': 4 }").told("'maxIdel' (4)", "Send 'maxIdle'."),
				buffers("key of yaml", "{ 'max-idle': 4 }").told("'max-idle' (4)", "Send 'maxIdle'."),
				buffers("unknown key beside a good one", "{ 'maxIdle': 2, 'preallocate': 4 }").told("'preallocate' (4)",
						"maxIdle"),
				buffers("no value", "{ 'maxIdle': null }").told("'maxIdle' has no value", "leave it out"),
				buffers("blank value", "{ 'limit': ' ' }").told("'limit' has no value", "leave it out"),
				buffers("no number", "{ 'maxIdle': 'many' }").told("'maxIdle'", "'many'", "a number from 0 to 1048576"),
				buffers("fraction", "{ 'maxIdle': 1.5 }").told("'maxIdle'", "'1.5'", "a number from 0 to 1048576"),
				buffers("negative number", "{ 'maxIdle': -1 }").told("'maxIdle'", "'-1'", "from 0 to 1048576"),
				buffers("excessive number", "{ 'maxIdle': 2000000 }").told("'2000000'", "from 0 to 1048576"),
				buffers("unlimited idle memory", "{ 'maxIdle': 'unlimited' }").told("'unlimited'", "a number from 0"),
				buffers("no blocks at all", "{ 'maxTotal': 0 }").told("'maxTotal'", "'0'", "at least 1", "unlimited"),
				buffers("no size", "{ 'limit': 'much' }").told("'limit'", "'much'", "64MB", "unlimited"),
				buffers("no memory", "{ 'limit': 0 }").told("'limit'", "'0'", "positive"),
				buffers("size that overflows", "{ 'limit': '9000000000GB' }").told("'limit'", "'9000000000GB'"),
				buffers("limit below the smallest tier", "{ 'limit': '1KB' }").told("1024",
						"4096 bytes and takes " + Weights.of(4096), "smallest tier"),
				buffers("tiers above the limit", "{ 'tiers': '16MB' }").told("8388608", "16777216", "smallest tier"),
				buffers("unknown policy", "{ 'policy': 'explode' }").told("'policy'", "'explode'",
						"allocate, wait, fail"),
				buffers("unknown clearing", "{ 'clear': 'sometimes' }").told("'clear'", "'sometimes'",
						"on-release, never"),
				buffers("unknown level", "{ 'leakDetection': 'some' }").told("'leakDetection'", "'some'",
						"disabled, simple, advanced, paranoid"),
				buffers("no time", "{ 'maxWait': 'soon' }").told("'maxWait'", "'soon'", "500ms"),
				buffers("zero time", "{ 'maxWait': '0s' }").told("'maxWait'", "'0s'", "positive"),
				buffers("unlimited time to wait", "{ 'maxWait': 'unlimited' }").told("'maxWait'", "500ms"),
				buffers("negative idle timeout", "{ 'idleTimeout': '-1s' }").told("'idleTimeout'", "'-1s'", "positive",
						"unlimited"),
				buffers("no tiers", "{ 'tiers': ',' }").told("'tiers'", "','", "4KB, 64KB"),
				buffers("equal tiers", "{ 'tiers': '4KB, 4096' }").told("'tiers'", "'4KB, 4096'", "differ"),
				buffers("tier beyond 2 GiB", "{ 'tiers': '4KB, 2GB' }").told("'tiers'", "below 2GB"),
				buffers("tier that is no size", "{ 'tier': 'large', 'maxIdle': 3 }").told("'tier'", "'large'", "64KB"),
				buffers("tier that is not there", "{ 'tier': '5KB', 'maxIdle': 3 }").told("no tier of 5120 bytes",
						"4096, 65536"),
				buffers("tier without caps", "{ 'tier': '4KB', 'limit': '16MB' }").told("'tier'", "4KB", "maxIdle",
						"maxTotal"),
				buffers("mistake beside good values", "{ 'limit': '16MB', 'maxTotal': 3, 'maxIdle': -1 }")
					.told("'maxIdle'", "'-1'"),
				buffers("nothing new", "{ 'maxIdle': 4, 'limit': '8MB' }").told("Nothing was changed", "'uploads'",
						"maxIdle 4", "limit 8MB"),
				new Mistake("limit of a pool of objects", "builders", "{ 'maxIdle': 3, 'limit': '8MB' }")
					.told("'limit'", "8MB", "'builders' lends objects", "maxIdle, maxTotal, policy"),
				new Mistake("tier of a pool of objects", "builders", "{ 'tier': '4KB', 'maxIdle': 3 }").told("'tier'",
						"lends objects"),
				new Mistake("time-out of objects", "builders", "{ 'idleTimeout': '0s' }").told("'idleTimeout'", "'0s'"),
				new Mistake("number of objects", "builders", "{ 'maxTotal': -3 }").told("'maxTotal'", "'-3'"),
				new Mistake("nothing new of objects", "builders", "{ 'maxIdle': 4 }").told("Nothing was changed",
						"'builders'"));
	}

	@Test
	void messageListsTwentyPoolsAtMost() {
		Map<String, BufferPool> pools = new HashMap<>();
		IntStream.range(0, 500).forEach((i) -> pools.put("pool-%03d".formatted(i), this.uploads));
		MempoolEndpoint endpoint = new MempoolEndpoint(() -> pools, Map::of, Map.of(), new LeakReports(), Show.NEVER);
		assertThatExceptionOfType(PoolRequestException.class).isThrownBy(() -> endpoint.trim("nothing"))
			.satisfies((ex) -> assertThat(ex.getReason()).contains("'nothing'", "pool-000, pool-001")
				.endsWith("pool-019 and 480 more"));
	}

	@Test
	void unknownPoolIsNotFound() {
		EntityExchangeResult<byte[]> result = post("nothing", """
				{ "maxIdle": 2 }
				""");
		assertThat(result.getStatus()).isEqualTo(HttpStatus.NOT_FOUND);
		assertThat(json(result)).extractingPath("$.detail").asString().contains("'nothing'", "builders, ", "uploads");
	}

	@Test
	void bodyThatIsNotFlatIsRefused() {
		assertThat(post("uploads", """
				{ "tiers": [ 4096, 65536 ] }
				""").getStatus()).isEqualTo(HttpStatus.BAD_REQUEST);
	}

	@Test
	void refusalIsAProblemDocument() {
		EntityExchangeResult<byte[]> result = post("uploads", "{}");
		assertThat(result.getResponseHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
	}

	@Test
	void trimOfAnUnknownPoolIsNotFound() {
		assertThat(delete("/actuator/mempool/nothing").getStatus()).isEqualTo(HttpStatus.NOT_FOUND);
	}

	@Test
	void trimOfATierIsRefusedAsThereIsNoSuchThing() {
		this.uploads.acquire(4096).release();
		EntityExchangeResult<byte[]> result = delete("/actuator/mempool/uploads?tier=64KB");
		assertThat(result.getStatus()).isEqualTo(HttpStatus.BAD_REQUEST);
		assertThat(json(result)).extractingPath("$.detail").asString().contains("'tier' (64KB)");
		assertThat(this.uploads.statistics().idle()).isOne();
	}

	private JsonContent refused(String pool, String body) {
		EntityExchangeResult<byte[]> result = post(pool, body);
		assertThat(result.getStatus()).isEqualTo(HttpStatus.BAD_REQUEST);
		return json(result);
	}

	private static Mistake buffers(String name, String body) {
		return new Mistake(name, "uploads", body);
	}

	record Mistake(String name, String pool, String body, String... parts) {

		Mistake told(String... parts) {
			return new Mistake(this.name, this.pool, this.body.replace('\'', '"'), parts);
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

}
