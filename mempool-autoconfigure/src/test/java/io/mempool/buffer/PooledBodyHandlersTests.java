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

package io.mempool.buffer;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Subscription;

import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeakDetection;
import io.mempool.core.PoolExhaustedException;
import io.mempool.testing.BodyServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link PooledBodyHandlers}.
 */
class PooledBodyHandlersTests {

	private static final int MB = 1024 * 1024;

	private static BodyServer server;

	private static HttpClient client;

	private final BufferPool pool = pool().powersOfTwo(4096, 2 * MB).build();

	private static BufferPoolBuilder pool() {
		return BufferPool.builder("answers").leakDetection(LeakDetection.PARANOID);
	}

	@BeforeAll
	static void start() {
		server = new BodyServer();
		client = HttpClient.newHttpClient();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@AfterEach
	void nothingIsLeased() {
		awaitLeased(0);
		assertThat(this.pool.statistics().doubleReleases()).isZero();
		this.pool.close();
	}

	private void awaitLeased(int count) {
		Awaitility.await().untilAsserted(() -> assertThat(this.pool.statistics().leased()).isEqualTo(count));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/fixed/0", "/fixed/1", "/fixed/5000", "/fixed/1048576", "/chunked/0", "/chunked/300000",
			"/chunked/1048576", "/missing/5000" })
	void bodyIsOneBufferOfItsSize(String path) throws Exception {
		int size = Integer.parseInt(path.replaceAll(".*/", ""));
		try (PooledBuffer body = get(path).body()) {
			assertThat(body.toByteArray()).isEqualTo(BodyServer.bytes(size));
		}
	}

	@Test
	void offHeapPoolIsReadInto() throws Exception {
		try (BufferPool offHeap = BufferPool.builder("off-heap").memory(MemoryKind.OFF_HEAP).tiers(MB).build();
				PooledBuffer body = client.send(request("/fixed/5000"), PooledBodyHandlers.ofPooledBuffer(offHeap, MB))
					.body()) {
			assertThat(body.toByteArray()).isEqualTo(BodyServer.bytes(5000));
		}
	}

	@Test
	void bodyThatIsTooLargeFailsBeforeMemoryIsAcquired() {
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> get("/fixed/1048577"))
			.withMessage("Cannot read a response of 1048577 bytes into a buffer of pool 'answers': at most 1048576 "
					+ "bytes are allowed. Raise the maximum of PooledBodyHandlers.ofPooledBuffer(..)")
			.withCauseInstanceOf(SizeLimitExceededException.class);
		assertThat(this.pool.statistics().misses()).isZero();
	}

	@Test
	void bodyThatIsTooLargeAndNotAnnouncedFailsAtTheMaximum() {
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> get("/chunked/1048577"))
			.withMessageContaining("Cannot read more than 1048576 bytes")
			.withCauseInstanceOf(SizeLimitExceededException.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/cut/1000000", "/cut-chunked/1000000" })
	void connectionThatIsLostIsAnError(String path) {
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> get(path));
	}

	@Test
	void poolThatIsExhaustedIsAnError() throws Exception {
		try (BufferPool small = pool().tiers(MB).limit(2 * MB).policy(ExhaustionPolicy.FAIL).build()) {
			PooledBuffer other = small.acquire(MB);
			assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> client.send(request("/fixed/1000000"), PooledBodyHandlers.ofPooledBuffer(small, MB)))
				.withCauseInstanceOf(PoolExhaustedException.class);
			assertThat(small.statistics().leased()).isOne();
			other.release();
		}
	}

	@Test
	void bodyThatCanNeverBeHeldFailsBeforeItIsRead() throws Exception {
		try (BufferPool small = pool().tiers(4096).limit(64 * 1024).policy(ExhaustionPolicy.FAIL).build()) {
			BodySubscriber<PooledBuffer> subscriber = PooledBodyHandlers.ofPooledBuffer(small, MB)
				.apply(response("1000000"));
			Demand demand = new Demand();
			subscriber.onSubscribe(demand);
			assertThat(demand.cancelled).isTrue();
			assertThat(subscriber.getBody().toCompletableFuture()).isCompletedExceptionally();
		}
	}

	@Test
	void futureThatIsCancelledWhileTheBodyArrivesLeavesNothing() {
		CompletableFuture<HttpResponse<PooledBuffer>> response = client.sendAsync(request("/stall/1000000"),
				PooledBodyHandlers.ofPooledBuffer(this.pool, MB));
		Awaitility.await().untilAsserted(() -> assertThat(this.pool.statistics().leased()).isPositive());
		response.cancel(true);
		awaitLeased(0);
	}

	@Test
	void bodyThatIsCompleteAfterItsFutureWasCancelledGoesBack() {
		BodySubscriber<PooledBuffer> subscriber = subscriber(PooledBodyHandlers.ofPooledBuffer(this.pool, MB));
		subscriber.onNext(parts(3000));
		subscriber.getBody().toCompletableFuture().cancel(true);
		subscriber.onComplete();
		assertThat(this.pool.statistics().leased()).isZero();
	}

	@Test
	void partThatArrivesAfterItsFutureWasCancelledTakesNoMemory() {
		BodySubscriber<PooledBuffer> subscriber = subscriber(PooledBodyHandlers.ofPooledBuffer(this.pool, MB));
		subscriber.getBody().toCompletableFuture().cancel(true);
		subscriber.onNext(parts(3000));
		assertThat(this.pool.statistics().misses()).isZero();
	}

	@Test
	void bodyThatNoCodeTakesIsAnOpenLease() {
		BodySubscriber<PooledBuffer> subscriber = subscriber(PooledBodyHandlers.ofPooledBuffer(this.pool, MB));
		subscriber.onNext(parts(3000));
		subscriber.onComplete();
		assertThat(this.pool.openLeases()).singleElement().satisfies((lease) -> {
			assertThat(lease.pool()).isEqualTo("answers");
			assertThat(lease.size()).isEqualTo(3000);
		});
		subscriber.getBody().toCompletableFuture().join().close();
	}

	@Test
	void ownerHasTheBufferThoughNoCodeTakesIt() {
		Owner owner = new Owner();
		BodySubscriber<PooledBuffer> subscriber = subscriber(
				PooledBodyHandlers.ofPooledBuffer(this.pool, MB, owner::adopt));
		subscriber.onNext(parts(3000));
		subscriber.onComplete();
		assertThat(owner.buffer.size()).isEqualTo(3000);
		owner.buffer.close();
	}

	@Test
	void ownerThatFailsIsAnErrorAndTheBufferGoesBack() {
		BodySubscriber<PooledBuffer> subscriber = subscriber(
				PooledBodyHandlers.ofPooledBuffer(this.pool, MB, (buffer) -> {
					throw new IllegalStateException("has ended");
				}));
		subscriber.onNext(parts(3000));
		subscriber.onComplete();
		assertThat(subscriber.getBody().toCompletableFuture()).isCompletedExceptionally();
		assertThat(this.pool.statistics().leased()).isZero();
	}

	@Test
	void secondSubscriptionIsCancelled() {
		BodySubscriber<PooledBuffer> subscriber = subscriber(PooledBodyHandlers.ofPooledBuffer(this.pool, MB));
		Demand second = new Demand();
		subscriber.onSubscribe(second);
		assertThat(second.cancelled).isTrue();
	}

	@Test
	void negativeMaximumIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> PooledBodyHandlers.ofPooledBuffer(this.pool, -1))
			.withMessageContaining("'maximum' must not be negative but is -1");
	}

	private HttpResponse<PooledBuffer> get(String path) throws IOException, InterruptedException {
		return client.send(request(path), PooledBodyHandlers.ofPooledBuffer(this.pool, MB));
	}

	private static HttpRequest request(String path) {
		return HttpRequest.newBuilder(server.uri(path)).build();
	}

	private static BodySubscriber<PooledBuffer> subscriber(BodyHandler<PooledBuffer> handler) {
		BodySubscriber<PooledBuffer> subscriber = handler.apply(response("5000"));
		subscriber.onSubscribe(new Demand());
		return subscriber;
	}

	private static HttpResponse.ResponseInfo response(String length) {
		HttpHeaders headers = HttpHeaders.of(Map.of("Content-Length", List.of(length)), (name, value) -> true);
		return new HttpResponse.ResponseInfo() {

			@Override
			public int statusCode() {
				return 200;
			}

			@Override
			public HttpHeaders headers() {
				return headers;
			}

			@Override
			public HttpClient.Version version() {
				return HttpClient.Version.HTTP_1_1;
			}

		};
	}

	private static List<ByteBuffer> parts(int size) {
		ByteBuffer bytes = ByteBuffer.wrap(BodyServer.bytes(size)).asReadOnlyBuffer();
		return List.of(bytes.slice(0, size / 2), bytes.slice(size / 2, size - size / 2));
	}

	private static final class Demand implements Subscription {

		private boolean cancelled;

		@Override
		public void request(long count) {
			assertThat(count).isPositive();
		}

		@Override
		public void cancel() {
			this.cancelled = true;
		}

	}

	private static final class Owner {

		private PooledBuffer buffer;

		PooledBuffer adopt(PooledBuffer buffer) {
			this.buffer = buffer;
			return buffer;
		}

	}

}
