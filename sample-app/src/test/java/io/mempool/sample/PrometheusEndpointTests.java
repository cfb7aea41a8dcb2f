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

package io.mempool.sample;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import org.springframework.boot.micrometer.metrics.test.autoconfigure.AutoConfigureMetrics;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the meters that Prometheus reads.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMetrics
class PrometheusEndpointTests {

	private final SampleClient client;

	PrometheusEndpointTests(@LocalServerPort int port) {
		this.client = new SampleClient(port);
	}

	@Test
	void scrapeShouldShowPoolsAndRequestsBeforeTheirFirstUse() throws Exception {
		assertThat(scrape()).contains(
				"mempool_acquisitions_total{memory=\"heap\",pool=\"uploads\",result=\"hit\",tier=\"65536\"} 0.0",
				"mempool_buffers{memory=\"heap\",pool=\"uploads\",state=\"leased\",tier=\"oversized\"} 0.0",
				"mempool_memory_used_bytes{memory=\"heap\",pool=\"uploads\"} 0.0",
				"mempool_memory_pending_bytes{memory=\"heap\",pool=\"uploads\"} 0.0",
				"mempool_objects_acquisitions_total{pool=\"deflaters\",result=\"miss\"} 0.0",
				"mempool_objects{pool=\"digests\",state=\"idle\"} 0.0", "mempool_scopes_open 0.0",
				"mempool_scopes_ended_total{outcome=\"released\"} 0.0");
	}

	@Test
	void prometheusToolShouldFindNothingToSayAboutNamesAndDescriptions() throws Exception {
		Program promtool = Program.require("promtool", "prometheus");
		Program.Result result = promtool.run(scrape(), "check", "metrics");
		assertThat(result.exitCode()).as(result.output()).isZero();
		assertThat(result.output()).isEmpty();
	}

	private String scrape() throws Exception {
		String all = new String(this.client.get("/actuator/prometheus").body(), StandardCharsets.UTF_8);
		return all.lines()
			.filter((line) -> line.startsWith("mempool_") || line.startsWith("# HELP mempool_")
					|| line.startsWith("# TYPE mempool_"))
			.collect(Collectors.joining("\n", "", "\n"));
	}

}
