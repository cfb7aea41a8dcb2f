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

package io.mempool.leaks;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

import io.mempool.buffer.BufferPool;
import io.mempool.core.LeakKind;
import io.mempool.testing.Garbage;
import io.mempool.testing.Logged;
import io.mempool.testing.ProvokesOutput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Requests that leak are named by their route, in a real container.
 */
@ProvokesOutput
@SpringBootTest(classes = LeakTestApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT, properties = {
		"mempool.pools.uploads.min-size=1KB", "mempool.pools.uploads.max-size=64KB", "logging.level.root=warn" })
abstract class AbstractRequestLeakTests {

	private final Logged log = new Logged(LeakReports.class);

	private final HttpClient client = HttpClient.newHttpClient();

	@LocalServerPort
	private int port;

	@Autowired
	@Qualifier("uploads")
	private BufferPool uploads;

	@Autowired
	private LeakReports reports;

	@AfterEach
	void logAsBefore() {
		this.log.close();
	}

	@ParameterizedTest
	@CsvSource({ "POST,pool,leakOfPool", "GET,detached,leakOfScope", "GET,async,lambda$leakOfAnotherThread$" })
	void leakIsNamedByItsRouteWithinOneCollection(String method, String path, String code) throws Exception {
		long before = this.uploads.statistics().leaked();
		assertThat(send(method, "/" + path + "/a").body()).isEqualTo("atrue");
		assertThat(send(method, "/" + path + "/b").body()).isEqualTo("btrue");
		LostLeases.awaitLost(this.uploads, before + 2);
		String route = method + " /" + path + "/{name}";
		await().atMost(Duration.ofSeconds(20)).until(() -> !reports(route).isEmpty());
		assertThat(reports(route)).singleElement().satisfies((report) -> {
			assertThat(report.kind()).isEqualTo(LeakKind.COLLECTED);
			assertThat(report.workId()).isNotEmpty();
			assertThat(report.count()).isEqualTo(2);
			assertThat(report.stack().get(0).getMethodName()).startsWith(code);
		});
		assertThat(this.log.messages("uploads")).singleElement().asString().contains(route);
	}

	@Test
	void whatARequestLeavesIsReportedByItsRoute() throws Exception {
		send("GET", "/left/a");
		send("GET", "/left/b");
		await().atMost(Duration.ofSeconds(20))
			.until(() -> this.reports.counts("uploads").getOrDefault(LeakKind.SCOPE, 0L) == 4);
		assertThat(reports("GET /left/{name}")).singleElement().satisfies((report) -> {
			assertThat(report.kind()).isEqualTo(LeakKind.SCOPE);
			assertThat(report.count()).isEqualTo(4);
			assertThat(report.size()).isEqualTo(150);
		});
	}

	@Test
	void writeAfterReleaseIsReportedByTheRouteThatHeldTheMemoryLast() throws Exception {
		send("GET", "/late/a");
		this.uploads.trim();
		String route = "GET /late/{name}";
		await().atMost(Duration.ofSeconds(20)).until(() -> !reports(route).isEmpty());
		assertThat(reports(route)).singleElement().satisfies((report) -> {
			assertThat(report.kind()).isEqualTo(LeakKind.WRITE_AFTER_RELEASE);
			assertThat(report.stack().get(0).getMethodName()).isEqualTo("takeArray");
		});
		assertThat(this.log.messages("uploads"))
			.anySatisfy((message) -> assertThat(message).contains("was written to after its release", "in " + route));
	}

	@Test
	void requestsThatReleaseAreNotReported() throws Exception {
		long before = this.uploads.statistics().leaked();
		for (int i = 0; i < 200; i++) {
			assertThat(send("GET", "/clean/" + i).body()).isEqualTo(String.valueOf(i));
		}
		this.uploads.statistics();
		this.uploads.statistics();
		Garbage.collect();
		assertThat(this.uploads.statistics().leaked()).isEqualTo(before);
		assertThat(reports("GET /clean/{name}")).isEmpty();
	}

	private List<LeakReport> reports(String route) {
		return this.reports.of("uploads").stream().filter((report) -> route.equals(report.work())).toList();
	}

	private HttpResponse<String> send(String method, String path) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path))
			.version(HttpClient.Version.HTTP_1_1)
			.method(method, BodyPublishers.noBody())
			.timeout(Duration.ofSeconds(30))
			.build();
		return this.client.send(request, BodyHandlers.ofString());
	}

}
