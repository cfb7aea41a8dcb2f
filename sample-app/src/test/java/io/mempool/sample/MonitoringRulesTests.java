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

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the files in {@code monitoring} that Prometheus reads, by its own tool.
 */
class MonitoringRulesTests {

	private final Program promtool = Program.require("promtool", "prometheus");

	@Test
	void configurationShouldBeValid() throws Exception {
		assertSucceeds("check", "config", "monitoring/prometheus.yml");
	}

	@Test
	void rulesShouldBeValid() throws Exception {
		assertSucceeds("check", "rules", "monitoring/recording-rules.yml", "monitoring/alert-rules.yml");
	}

	@Test
	void alertsShouldFireWhenTheyAreSaidTo() throws Exception {
		assertSucceeds("test", "rules", "monitoring/alert-rules-test.yml");
	}

	private void assertSucceeds(String... arguments) throws Exception {
		Program.Result result = this.promtool.run("", arguments);
		assertThat(result.exitCode()).as(result.output()).isZero();
		assertThat(result.output()).contains("SUCCESS").doesNotContain("FAILED");
	}

}
