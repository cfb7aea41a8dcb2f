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
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.mempool.buffer.BufferPool;
import io.mempool.testing.ProvokesOutput;
import io.mempool.web.servlet.DispatchTestApplication.Outcome;
import io.mempool.web.servlet.DispatchTestApplication.Place;
import jakarta.servlet.DispatcherType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * For every type of a dispatch, every place of an acquire in it, and every end of it:
 * either the buffer is given back, or an error says why there is none.
 */
@ProvokesOutput
@Tag("slow")
@SpringBootTest(classes = DispatchTestApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = "logging.level.root=off")
@TestInstance(Lifecycle.PER_CLASS)
abstract class AbstractDispatchTests {

	private static final AtomicInteger numbers = new AtomicInteger();

	private final Map<Dispatch, Sent> timingOut = new LinkedHashMap<>();

	private final HttpClient client = HttpClient.newHttpClient();

	@LocalServerPort
	private int port;

	@Autowired
	private BufferPool pool;

	@Autowired
	private RequestScopes scopes;

	@AfterEach
	void everythingIsBack() {
		await().pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(10))
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> {
				assertThat(this.pool.statistics().leased()).isZero();
				assertThat(this.scopes.statistics().open()).isZero();
			});
		assertThat(this.pool.statistics().leaked()).isZero();
	}

	/**
	 * Return how the container says that a dispatch cannot end in this way.
	 * @return a part of its message, or {@code null} if the dispatch can
	 */
	@Nullable String impossible(Dispatch dispatch) {
		return null;
	}

	@ParameterizedTest
	@MethodSource("dispatches")
	void bufferIsGivenBackOrRefused(Dispatch dispatch) throws Exception {
		Sent sent = (dispatch.outcome() == Outcome.TIME_OUT) ? timingOut().get(dispatch) : send(dispatch);
		String number = sent.number();
		String body = sent.body().get(60, TimeUnit.SECONDS);
		await().until(() -> DispatchTestApplication.acquires.containsKey(number));
		assertThat(DispatchTestApplication.acquires.get(number)).matches(dispatch.acquire());
		assertThat(body).matches(dispatch.body());
		String impossible = impossible(dispatch);
		if (impossible != null) {
			assertThat(DispatchTestApplication.refusedAsync.get(number)).contains(impossible);
		}
		else {
			assertThat(DispatchTestApplication.refusedAsync).doesNotContainKey(number);
		}
	}

	@Test
	void everyCellOfTheMatrixIsRun() {
		List<List<?>> cells = new ArrayList<>();
		for (String type : List.of("REQUEST", "FORWARD", "INCLUDE", "ASYNC", "ERROR", "WAR error page")) {
			for (Place place : Place.values()) {
				for (Outcome outcome : Outcome.values()) {
					cells.add(List.of(type, place, outcome));
				}
			}
		}
		assertThat(dispatches())
			.<List<?>>extracting((dispatch) -> List.of(dispatch.type(), dispatch.place(), dispatch.outcome()))
			.containsAll(cells);
	}

	// Together, as each takes a while
	private Map<Dispatch, Sent> timingOut() throws IOException {
		if (this.timingOut.isEmpty()) {
			for (Dispatch dispatch : dispatches()) {
				if (dispatch.outcome() == Outcome.TIME_OUT) {
					this.timingOut.put(dispatch, send(dispatch));
				}
			}
		}
		return this.timingOut;
	}

	private Sent send(Dispatch dispatch) throws IOException {
		String number = String.valueOf(numbers.incrementAndGet());
		String path = dispatch.path() + (dispatch.path().contains("?") ? "&" : "?") + "at=" + dispatch.at() + "&place="
				+ dispatch.place() + "&outcome=" + dispatch.outcome() + "&number=" + number;
		if (dispatch.outcome() == Outcome.HANG_UP) {
			hangUp(path);
			return new Sent(number, CompletableFuture.completedFuture(""));
		}
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path))
			.timeout(Duration.ofSeconds(30))
			.build();
		return new Sent(number, this.client.sendAsync(request, BodyHandlers.ofString())
			.thenApply(HttpResponse::body)
			// The time-out cuts a response short that has begun
			.exceptionally((ex) -> ""));
	}

	private void hangUp(String path) throws IOException {
		try (Socket socket = new Socket("localhost", this.port)) {
			OutputStream out = socket.getOutputStream();
			out.write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
			socket.getInputStream().readNBytes(1000);
		}
		catch (SocketException ex) {
			// The container was quicker
		}
	}

	static List<Dispatch> dispatches() {
		List<Dispatch> dispatches = new ArrayList<>();
		for (Place place : Place.values()) {
			for (Outcome outcome : Outcome.values()) {
				dispatches.add(new Dispatch("/plain/target", DispatcherType.REQUEST, place, outcome));
				dispatches.add(new Dispatch("/war/target", DispatcherType.REQUEST, place, outcome));
				dispatches.add(new Dispatch("/plain/forward", DispatcherType.FORWARD, place, outcome));
				dispatches.add(new Dispatch("/plain/include", DispatcherType.INCLUDE, place, outcome));
				dispatches.add(new Dispatch("/plain/x?early=forward", DispatcherType.FORWARD, place, outcome));
				dispatches.add(new Dispatch("/plain/x?early=include", DispatcherType.INCLUDE, place, outcome));
				dispatches.add(new Dispatch("/plain/async", DispatcherType.ASYNC, place, outcome));
				dispatches.add(new Dispatch("/war/async", DispatcherType.ASYNC, place, outcome));
				dispatches.add(new Dispatch("/plain/throw", DispatcherType.ERROR, place, outcome));
				dispatches.add(new Dispatch("/plain/send-error", DispatcherType.ERROR, place, outcome));
				dispatches.add(new Dispatch("/plain/time-out", DispatcherType.ERROR, place, outcome));
				dispatches.add(new Dispatch("/war/time-out", DispatcherType.ERROR, place, outcome));
				dispatches.add(new Dispatch("/war/throw", DispatcherType.FORWARD, place, outcome));
				dispatches.add(new Dispatch("/war/send-error", DispatcherType.FORWARD, place, outcome));
			}
		}
		return dispatches;
	}

	/**
	 * A request that was sent.
	 *
	 * @param number its number
	 * @param body the body of its response
	 */
	record Sent(String number, CompletableFuture<String> body) {

	}

	/**
	 * A request, and where in it a buffer is acquired.
	 *
	 * @param path its path
	 * @param at the type of the dispatch
	 * @param place before, within or after the filter
	 * @param outcome how the dispatch ends
	 */
	record Dispatch(String path, DispatcherType at, Place place, Outcome outcome) {

		String type() {
			return (this.path.startsWith("/war") && this.at == DispatcherType.FORWARD) ? "WAR error page"
					: this.at.name();
		}

		/**
		 * Return a pattern for the result of the acquire.
		 */
		String acquire() {
			String refused = "(?s)refused: .*(the request has ended|mempool.request.filter-order).*";
			if (isAfterTimeOut() && this.place == Place.AFTER) {
				// Containers differ in whether the request is asynchronous still
				return "acquired|" + refused;
			}
			return isWatched() ? "acquired" : refused;
		}

		/**
		 * Return whether the place is within the filter, or within one of a dispatch
		 * around it, or in a dispatch that an asynchronous request has begun, or after
		 * one that began asynchronous work.
		 */
		private boolean isWatched() {
			boolean within = this.path.equals("/plain/forward") || this.path.equals("/plain/include");
			boolean begun = this.place == Place.BEFORE && (this.at == DispatcherType.ASYNC || isAfterTimeOut());
			boolean continued = this.place == Place.AFTER && this.outcome == Outcome.TIME_OUT;
			return this.place == Place.WITHIN || within || begun || continued;
		}

		// Whether an error page reports a time-out
		private boolean isAfterTimeOut() {
			return this.path.endsWith("/time-out");
		}

		/**
		 * Return a pattern for the body of the response.
		 */
		String body() {
			String content = isWatched() ? DispatchTestApplication.CONTENT : "";
			return switch (this.outcome) {
				case SUCCESS -> ((this.place != Place.AFTER) ? content : "") + "served";
				// The error page has the buffer, which is alive until the completion
				case TIME_OUT -> isErrorPage() ? "|" + content + "served" : content + "served";
				case EXCEPTION, HANG_UP -> "(?s).*";
			};
		}

		// A time-out of an error page may leave no page to send
		private boolean isErrorPage() {
			return this.at == DispatcherType.ERROR || type().equals("WAR error page");
		}

	}

}
