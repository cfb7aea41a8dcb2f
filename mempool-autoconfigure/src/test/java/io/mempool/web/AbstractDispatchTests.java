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

package io.mempool.web;

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
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.mempool.buffer.BufferPool;
import io.mempool.web.DispatchTestApplication.Outcome;
import io.mempool.web.DispatchTestApplication.Place;
import jakarta.servlet.DispatcherType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Whatever the type of a dispatch, wherever in it a buffer is acquired, and however it
 * ends: either the buffer is given back, or there is none, and an error says why.
 */
@SpringBootTest(classes = DispatchTestApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = "logging.level.root=off")
abstract class AbstractDispatchTests {

	private static final AtomicInteger numbers = new AtomicInteger();

	private final HttpClient client = HttpClient.newHttpClient();

	@LocalServerPort
	private int port;

	@Autowired
	private BufferPool pool;

	@Autowired
	private RequestScopes scopes;

	@AfterEach
	void everythingIsBack() {
		await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
			assertThat(this.pool.statistics().leased()).isZero();
			assertThat(this.scopes.statistics().open()).isZero();
		});
		assertThat(this.pool.statistics().leaked()).isZero();
	}

	@ParameterizedTest
	@MethodSource("dispatches")
	void bufferIsGivenBackOrRefused(Dispatch dispatch) throws Exception {
		String number = String.valueOf(numbers.incrementAndGet());
		String body = send(dispatch, number);
		await().until(() -> DispatchTestApplication.acquires.containsKey(number));
		String acquire = DispatchTestApplication.acquires.get(number);
		if (!dispatch.isWatched()) {
			assertThat(acquire).startsWith("refused")
				.containsAnyOf("the request has ended", "mempool.request.filter-order");
		}
		else {
			assertThat(acquire).isEqualTo("acquired");
		}
		if (dispatch.outcome() == Outcome.SUCCESS) {
			assertThat(body).endsWith(dispatch.isSeen() ? DispatchTestApplication.CONTENT + "served" : "served");
		}
	}

	private String send(Dispatch dispatch, String number) throws IOException, InterruptedException {
		String path = dispatch.path() + (dispatch.path().contains("?") ? "&" : "?") + "at=" + dispatch.at() + "&place="
				+ dispatch.place() + "&outcome=" + dispatch.outcome() + "&number=" + number;
		if (dispatch.outcome() == Outcome.HANG_UP) {
			hangUp(path);
			return "";
		}
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path))
			.timeout(Duration.ofSeconds(30))
			.build();
		HttpResponse<String> response = this.client.send(request, BodyHandlers.ofString());
		return response.body();
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
				dispatches.add(new Dispatch("/war/throw", DispatcherType.FORWARD, place, outcome));
				dispatches.add(new Dispatch("/war/send-error", DispatcherType.FORWARD, place, outcome));
			}
			// A request that times out, after it has returned or before
			dispatches.add(new Dispatch("/plain/never", DispatcherType.REQUEST, place, Outcome.SUCCESS));
			dispatches.add(new Dispatch("/war/never", DispatcherType.REQUEST, place, Outcome.SUCCESS));
		}
		dispatches.add(new Dispatch("/plain/never", DispatcherType.ERROR, Place.WITHIN, Outcome.SUCCESS));
		return dispatches;
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

		/**
		 * Return whether the place is within the filter, or within one of a dispatch
		 * around it, or in a dispatch that an asynchronous request has begun.
		 */
		boolean isWatched() {
			boolean within = this.path.equals("/plain/forward") || this.path.equals("/plain/include");
			boolean begun = this.at == DispatcherType.ASYNC && this.place == Place.BEFORE;
			boolean continued = this.path.endsWith("/never") && this.place == Place.AFTER;
			return this.place == Place.WITHIN || within || begun || continued;
		}

		/**
		 * Return whether the response has what is in the buffer.
		 */
		boolean isSeen() {
			return isWatched() && this.place != Place.AFTER && !this.path.endsWith("/never");
		}

	}

}
