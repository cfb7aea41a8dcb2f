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

package io.mempool.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;

import io.mempool.faults.Fault.Script;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The harness rejects an application that does on purpose what must not be.
 */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FaultHarnessTests {

	private static FaultRun run;

	@BeforeAll
	static void startAnApplicationThatDoesWhatMustNotBe() throws Exception {
		run = new FaultRun(Stack.TOMCAT, false, false);
		run.patience(1);
	}

	@AfterAll
	static void stop() throws Exception {
		run.close();
	}

	private static List<String> broken(Script script) {
		return run.run(Fault.of("a flaw", 1, "nothing", script)).broken();
	}

	private static List<String> brokenBy(String experiment, Expected expected) {
		return broken((driver, times) -> {
			driver.experiment(experiment, times, Failure.EXCEPTION);
			return expected;
		});
	}

	@Test
	void applicationWithoutAFlawHolds() {
		assertThat(brokenBy("use-after-release", Expected.acquired("uploads", 1))).isEmpty();
	}

	@Test
	void leaseThatIsKeptIsSeen() {
		assertThat(brokenBy("flaw-keep", Expected.acquired("waiting", 1)))
			.anySatisfy((rule) -> assertThat(rule).isEqualTo("leased of 'waiting' is 1"));
		assertThat(brokenBy("flaw-give-back", Expected.nothing())).isEmpty();
	}

	@Test
	void threadThatWaitsForeverIsSeen() {
		assertThat(broken((driver, times) -> {
			driver.experiment("flaw-keep", 2, Failure.EXCEPTION);
			driver.experiment("flaw-wait", 1, Failure.EXCEPTION);
			driver.awaitFigure("waiting", "waiting", 1);
			return Expected.acquired("waiting", 2);
		})).contains("waiting of 'waiting' is 1");
		assertThat(brokenBy("flaw-give-back", Expected.acquired("waiting", 1))).isEmpty();
	}

	@Test
	void requestThatOwnsMemoryIsSeen() {
		List<Future<?>> clients = new ArrayList<>();
		assertThat(broken((driver, times) -> {
			clients.addAll(driver.start(1, (client) -> {
				try (Wire wire = driver.connect()) {
					wire.send(Wire.get("/faults/flaw-stay")).read();
				}
			}));
			driver.awaitFigure("uploads", "leased", 1);
			return Expected.acquired("uploads", 1);
		})).contains("1 requests own memory", "leased of 'uploads' is 1");
		assertThat(brokenBy("flaw-give-back", Expected.nothing())).isEmpty();
	}

	@Test
	void acquireTooManyIsSeen() {
		assertThat(broken((driver, times) -> {
			driver.echoIsRight(1000);
			return Expected.nothing();
		})).containsExactly("acquired of 'uploads' changed by 1, not by 0");
	}

	@Test
	void acquireTooFewIsSeen() {
		assertThat(broken((driver, times) -> Expected.acquired("uploads", 1)))
			.containsExactly("acquired of 'uploads' changed by 0, not by 1");
	}

	@Test
	void doubleReleaseThatIsNotExpectedIsSeen() {
		assertThat(brokenBy("double-release", Expected.acquired("uploads", 1)))
			.containsExactly("doubleReleases of 'uploads' changed by 1, not by 0");
	}

	@Test
	void leakThatIsNotExpectedIsSeen() {
		assertThat(brokenBy("lose", Expected.acquired("uploads", 1).andCollected()))
			.contains("leaked of 'uploads' changed by 1, not by 0");
	}

	@Test
	void byteOfAnotherOwnerIsSeenByTheServer() {
		assertThat(brokenBy("flaw-foreign", Expected.acquired("uploads", 1)))
			.anySatisfy((rule) -> assertThat(rule).contains("is that of another owner"));
	}

	@Test
	void byteOfAnotherOwnerIsSeenByTheClient() {
		assertThat(broken((driver, times) -> {
			try (Wire wire = driver.connect()) {
				Driver.own(wire.send(Wire.get("/faults/large?size=100&owner=" + Driver.owner())).read(), Driver.owner(),
						100);
			}
			return Expected.acquired("uploads", 1);
		})).anySatisfy((rule) -> assertThat(rule).contains("of an answer is that of another request"));
	}

	@Test
	void memoryOverALimitIsSeen() {
		assertThat(broken((driver, times) -> {
			driver.experiment("flaw-keep-limited", 3, Failure.EXCEPTION);
			driver.update("limited", "{\"limit\": \"100KB\"}");
			// Forgets that the limit was higher when the memory was taken
			driver.begin();
			Driver.until(() -> driver.figures().samples() > 2, "the limit is compared");
			driver.experiment("flaw-give-back", 1, Failure.EXCEPTION);
			driver.update("limited", "{\"limit\": \"1MB\"}");
			return Expected.acquired("limited", 3);
		})).anySatisfy((rule) -> assertThat(rule).contains("bytes of 'limited', its limit is 102400"));
	}

	@Test
	void serviceThatDoesNotAnswerIsSeen() {
		assertThat(broken((driver, times) -> {
			driver.update("uploads", "{\"limit\": \"16KB\"}");
			return Expected.nothing();
		})).anySatisfy((rule) -> assertThat(rule).startsWith("the service does not answer"));
		broken((driver, times) -> {
			driver.update("uploads", "{\"limit\": \"unlimited\"}");
			return Expected.nothing();
		});
	}

	@Test
	@Order(Integer.MAX_VALUE)
	void leaseThatOutlivesTheApplicationIsSeen() {
		brokenBy("flaw-keep", Expected.acquired("waiting", 1));
		assertThat(run.shutdown().broken()).contains("1 leases and waiting threads were left");
	}

}
