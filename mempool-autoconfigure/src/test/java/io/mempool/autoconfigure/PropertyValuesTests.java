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

import java.time.Duration;
import java.util.List;

import io.mempool.buffer.MemoryKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A value that cannot be read is reported with what to write instead.
 */
class PropertyValuesTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					pools.a.tiers         | 4, 64           | '4' has no unit and would be 4 bytes              | Write '4KB' or '4MB', or '4B'
					pools.a.tiers         | [4, 64]         | '4' has no unit and would be 4 bytes              | Write '4KB' or '4MB', or '4B'
					pools.a.limit         | 64              | '64' has no unit and would be 64 bytes            | Write '64KB' or '64MB'
					budget.heap           | 256             | '256' has no unit and would be 256 bytes          | Write '256KB' or '256MB'
					request.max-body-size | 10              | '10' has no unit and would be 10 bytes            | Write '10KB' or '10MB'
					pools.a.tiers         | 4kb             | 'kb' is no unit of a size                         | Write '4KB'
					pools.a.tiers         | 4KB, 64 KiB     | 'KiB' is no unit of a size                        | Write '64KB'
					pools.a.limit         | 1G              | 'G' is no unit of a size                          | Write '1GB'
					pools.a.limit         | 1.5MB           | '1.5MB' is no size                                | Write a whole number and B, KB
					pools.a.limit         | 10 MB or so     | '10 MB or so' is no size                          | Write a whole number and B, KB
					pools.a.tiers         | [4096, 4294967296] | a buffer cannot exceed 2 GiB                   | Set a size below 2GB
					pools.a.tiers         | [4096.0]        | '4096.0' is no size                               | Write a whole number and B, KB
					pools.a.tiers         | 4KB,            | there is no size between two commas               | Remove a comma
					pools.a.tiers         | 4KB, , 64KB     | there is no size between two commas               | Remove a comma
					pools.a.tiers         | 99999999999999999999 | the size exceeds                             | Write a smaller size
					pools.a.limit         | 99999999999TB   | the size exceeds                                  | Write a smaller size
					pools.a.limit         | -1MB            | the limit must be positive                        | Set a size such as 64MB
					pools.a.max-size      | -1KB            | a size must be positive                           | at least 1B
					budget.heap           | -1MB            | the budget must be positive                       | Set a size such as 256MB
					request.limit         | -1MB            | the limit must be positive                        | Set a size such as 64MB
					request.max-body-size | -1MB            | the size must be positive                         | Set a size such as 10MB
					request.slices.reserve   | 4            | '4' has no unit and would be 4 bytes              | Write '4KB' or '4MB', or '4B'
					request.slices.reserve   | -4B          | the reserve must be from 0 to 65535 bytes         | Set a size such as 16B
					request.slices.area-size | 0B           | the size must be from 1 to                        | Set a size of one of its tiers
					request.slices.area-size | 1GB          | which the largest tier of the pool 'default' has  | give the pool a larger one
					request.slices.reserv    | 4B           | there is no setting 'reserv' in 'mempool.request.slices' | Write 'mempool.request.slices.reserve'
					request.slices           | 4B           | 'mempool.request.slices' is a group of properties | Write 'mempool.request.slices.reserve' or
					request.slices.reserve.x | 4B           | 'mempool.request.slices.reserve' is one value     | Write the value
					request.max-body-size | 2GB             | below 2 GiB                                       | Set a size such as 10MB
					pools.a.max-idle      | 99999999999     | the number is not from -2147483648 to 2147483647  | Write a smaller number
					pools.a.max-total     | 3.0             | '3.0' is no whole number                          | Write digits only
					pools.a.max-idle      | 1,000           | '1,000' is no whole number                        | Write digits only
					pools.a.preallocate   | 2000000000      | the number must be from 0 to 1048576              | Set a smaller number
					objects.a.max-total   | 99999999999     | the number is not from                            | Write a smaller number
					pools.a.max-wait      | 5 sec           | '5 sec' is no time                                | Write '5s'
					pools.a.max-wait      | 5 minutes       | '5 minutes' is no time                            | Write '5m'
					pools.a.max-wait      | 1.5s            | '1.5s' is no time                                 | Write a whole number and ns
					pools.a.max-wait      | 999999999d      | the time exceeds 292 years                        | Write a shorter time
					pools.a.idle-timeout  | 30              | '30' has no unit and would be 30 ms               | Write '30s' or '30m', or '30ms'
					leaks.max-age         | 5               | '5' has no unit and would be 5 ms                 | Write '5s' or '5m'
					pools.a.policy        | wiat            | 'wiat' is none of allocate, wait, fail            | Write 'wait'
					pools.a.memory        | heep            | 'heep' is none of heap, off-heap                  | Write 'heap'
					pools.a.clear         | no              | 'false' is none of on-release, never              | Write 'on-release' or 'never'
					pools.a.preset        | blocks          | how many blocks may exist                         | Set 'max-total'
					leak-detection        | off             | 'false' is none of disabled, simple               | Write 'disabled' or
					pools.a.pooling       | maybe           | 'maybe' is neither true nor false                 | Write 'true' or 'false'
					pools.a.limit         | ${LIMIT}        | the placeholder '${LIMIT}' has no value           | as in '${LIMIT:...}'
					pools.a.limit         | ${mempool.pools.a.limit} | the placeholder                          | Set 'mempool.pools.a.limit'
					pools.a.limit         | 64TB            | the limit exceeds                                 | Set a smaller limit
					defaults.limit        | 64TB            | the limit exceeds                                 | Set a smaller limit
					budget.heap           | 64TB            | the budget exceeds the maximum heap               | a larger -Xmx
					clients               | 4MB             | 'mempool.clients' is a group of properties        | Write 'mempool.clients.enabled'
					clients.max-body-siz  | 4MB             | there is no setting 'max-body-siz' in 'mempool.clients' | Write 'mempool.clients.max-body-size'
					clients.max-body-size | 10              | '10' has no unit and would be 10 bytes            | Write '10KB' or '10MB'
					clients.max-body-size | -1MB            | the size must be positive                         | Set a size such as 10MB
					clients.max-body-size | 2GB             | below 2 GiB                                       | Set a size such as 10MB
					clients.pool          | defalt          | there is no pool 'defalt', only default           | Write 'default'
					request.pool          | defalt          | there is no pool 'defalt', only default           | Write 'default'
					""")
	void mistakeIsReportedWithWhatToWrite(String key, String value, String reason, String action) {
		String report = new WrittenConfiguration().yaml("application.yml", "mempool." + key + ": " + value).report();
		assertThat(report).contains("Property: mempool." + key, "Value: \"", "application.yml] - 1:", reason)
			.doesNotContain("Exception");
		assertThat(report.substring(report.indexOf("Action:"))).contains(action);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			16KB            | 16384
			16 KB           | 16384
			4096            | 4096
			1024            | 1024
			4B              | 4
			""")
	void sizeThatSaysWhatItMeansIsRead(String value, int bytes) {
		MempoolProperties properties = new WrittenConfiguration()
			.yaml("application.yml", "mempool.pools.a.max-size: " + value + "\nmempool.pools.a.min-size: 1B")
			.read();
		assertThat(properties.getPools().get("a").getMaxSize()).isEqualTo(DataSize.ofBytes(bytes));
	}

	@Test
	void valueThatIsNoTextIsRead() {
		MempoolProperties properties = new WrittenConfiguration()
			.json("mempool.pools.a.tiers", List.of(4096, "64KB", DataSize.ofMegabytes(1)))
			.json("mempool.pools.a.max-wait", Duration.ofSeconds(3))
			.json("mempool.pools.b.tiers", new int[] { 4096, 8192 })
			.json("mempool.pools.a.pooling", true)
			.read();
		assertThat(properties.getPools().get("a").getTiers()).hasSize(3);
		assertThat(properties.getPools().get("b").getTiers()).hasSize(2);
		assertThat(properties.getPools().get("a").getMaxWait()).isEqualTo(Duration.ofSeconds(3));
	}

	@ParameterizedTest
	@ValueSource(strings = { "request", "clients" })
	void bodyThatExceedsTheLimitOfThePoolIsReported(String group) {
		assertThat(new WrittenConfiguration()
			.yaml("application.yml", "mempool:\n  pools.default.limit: 4MB\n  " + group + ".max-body-size: 8MB")
			.report()).contains("Property: mempool." + group + ".max-body-size", "Value: \"8MB\"", "- 3:26",
					"of the pool 'default', but its limit is 4194304 bytes", "raise 'mempool.pools.default.limit'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "request", "clients" })
	void bodyThatExceedsTheBudgetIsReported(String group) {
		assertThat(new WrittenConfiguration()
			.yaml("application.yml", "mempool:\n  budget.heap: 4MB\n  " + group + ".max-body-size: 8MB")
			.report()).contains("Property: mempool." + group + ".max-body-size",
					"the budget of all pools is 4194304 bytes", "raise 'mempool.budget.heap'");
	}

	@Test
	void bodyThatIsNotSetFitsEveryLimit() {
		assertThat(new WrittenConfiguration().yaml("application.yml", "mempool.pools.default.limit: 4MB").report())
			.isEqualTo("no report");
	}

	@Test
	void budgetBelowTheSmallestBufferOfAPoolIsReported() {
		assertThat(
				new WrittenConfiguration().yaml("application.yml", "mempool:\n  budget.heap: 2KB\n  pools.a.tiers: 4KB")
					.report())
			.contains("Property: mempool.budget.heap", "Value: \"2KB\"", "could not lend a single buffer",
					"Raise 'mempool.budget.heap'");
	}

	@Test
	void poolThatPreallocatesMoreThanTheHeapIsReported() {
		assertThat(new WrittenConfiguration()
			.yaml("application.yml",
					"mempool.pools:\n  a:\n    tiers: 4KB\n  b:\n    tiers: 1MB\n    preallocate: 1000000\n")
			.report()).contains("Property: mempool.pools.b.preallocate", "Value: \"1000000\"", "- 6:18",
					"'b' " + MemoryRoom.taken(MemoryKind.HEAP, 1 << 20, 1_000_000), "half of the maximum heap",
					"Lower 'preallocate'");
	}

}
