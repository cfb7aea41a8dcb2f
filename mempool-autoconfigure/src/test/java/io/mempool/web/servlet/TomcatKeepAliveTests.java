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

package io.mempool.web.servlet;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.LeakKind;
import io.mempool.leaks.LeakReports;
import io.mempool.testing.Garbage;
import io.mempool.testing.ProvokesOutput;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.server.ResponseStatusException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Requests that wait on a connection while the asynchronous request before them ends with
 * an error. Tomcat (seen with 11.0.24) serves them with the same
 * {@code AsyncStateMachine}, whose {@code hasProcessedError} is reset by
 * {@code recycle()} and not by {@code asyncStart()}. So the time-out of such a request
 * leads to no error state: {@code asyncPostProcess()} fails, the connection is closed,
 * and no listener hears of the end.
 */
@ProvokesOutput
@Tag("garbage")
@Tag("slow")
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "logging.level.root=off", "mempool.leak-detection=paranoid" })
class TomcatKeepAliveTests {

	private static final int SIZE = 3000;

	private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d+)");

	@LocalServerPort
	private int port;

	@Autowired
	private BufferPool pool;

	@Autowired
	private RequestScopes scopes;

	@Autowired
	private LeakReports leaks;

	@AfterEach
	void everythingIsBack() throws InterruptedException {
		Garbage.collectUntil(() -> this.pool.statistics().leased() == 0 && this.scopes.statistics().open() == 0);
		assertThat(this.pool.statistics().leased()).isZero();
		assertThat(this.scopes.statistics().open()).isZero();
	}

	@Test
	void requestThatTomcatDropsHasNoAnswerAndItsMemoryIsFoundByTheCollector() throws Exception {
		long before = this.pool.statistics().leaked();
		long reported = this.leaks.counts("default").getOrDefault(LeakKind.COLLECTED, 0L);
		assertThat(answers("/not-found", "/time-out")).containsExactly("404");
		Garbage.collectUntil(() -> this.pool.statistics().leaked() > before);
		assertThat(this.pool.statistics().leaked()).isEqualTo(before + 1);
		await().atMost(Duration.ofSeconds(20))
			.untilAsserted(
					() -> assertThat(this.leaks.counts("default")).containsEntry(LeakKind.COLLECTED, reported + 1));
	}

	@Test
	void requestsOnConnectionsOfTheirOwnAreAnsweredAndGiveTheirMemoryBack() throws Exception {
		long before = this.pool.statistics().leaked();
		assertThat(answers("/not-found")).containsExactly("404");
		assertThat(answers("/time-out")).containsExactly("500");
		await().atMost(Duration.ofSeconds(20)).until(() -> this.pool.statistics().leased() == 0);
		assertThat(this.pool.statistics().leaked()).isEqualTo(before);
	}

	@Test
	void requestsWhoseTimeOutSpringHandlesAreAnsweredOnOneConnection() throws Exception {
		long before = this.pool.statistics().leaked();
		assertThat(answers("/mvc/not-found", "/mvc/time-out")).containsExactly("404", "503");
		await().atMost(Duration.ofSeconds(20)).until(() -> this.pool.statistics().leased() == 0);
		assertThat(this.pool.statistics().leaked()).isEqualTo(before);
	}

	/**
	 * Send requests at once on one connection, and return the status of each answer until
	 * the connection is closed. All are there when the first one ends.
	 */
	private List<String> answers(String... paths) throws IOException {
		StringBuilder requests = new StringBuilder();
		for (int i = 0; i < paths.length; i++) {
			requests.append("GET ").append(paths[i]).append(" HTTP/1.1\r\nHost: localhost\r\n");
			requests.append((i == paths.length - 1) ? "Connection: close\r\n\r\n" : "\r\n");
		}
		try (Socket socket = new Socket("localhost", this.port)) {
			socket.setSoTimeout(60_000);
			socket.getOutputStream().write(requests.toString().getBytes(StandardCharsets.US_ASCII));
			String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
			return STATUS.matcher(answers).results().map((status) -> status.group(1)).toList();
		}
	}

	private static void acquire(RequestScopes scopes, HttpServletRequest request) {
		PooledBuffer buffer = scopes.of(request).acquire(SIZE);
		buffer.put(0, (byte) 1);
	}

	/**
	 * An application whose requests fail asynchronously, or time out. Tomcat looks for
	 * that once a second.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(AsyncController.class)
	static class Application {

		@Bean
		ServletRegistrationBean<HttpServlet> servlet(RequestScopes scopes) {
			return new ServletRegistrationBean<>(new AsyncServlet(scopes), "/not-found", "/time-out");
		}

	}

	static class AsyncServlet extends HttpServlet {

		private final transient RequestScopes scopes;

		AsyncServlet(RequestScopes scopes) {
			this.scopes = scopes;
		}

		@Override
		protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
			if (request.getDispatcherType() == DispatcherType.ASYNC) {
				response.sendError(404);
				return;
			}
			acquire(this.scopes, request);
			AsyncContext context = request.startAsync();
			if (request.getServletPath().equals("/not-found")) {
				context.dispatch();
			}
			else {
				context.setTimeout(1);
			}
		}

	}

	@RestController
	@RequestMapping("/mvc")
	static class AsyncController {

		private final RequestScopes scopes;

		AsyncController(RequestScopes scopes) {
			this.scopes = scopes;
		}

		@GetMapping("/not-found")
		Callable<String> notFound(HttpServletRequest request) {
			acquire(this.scopes, request);
			return () -> {
				throw new ResponseStatusException(HttpStatus.NOT_FOUND);
			};
		}

		@GetMapping("/time-out")
		DeferredResult<String> timeOut(HttpServletRequest request) {
			acquire(this.scopes, request);
			return new DeferredResult<>(1L);
		}

	}

}
