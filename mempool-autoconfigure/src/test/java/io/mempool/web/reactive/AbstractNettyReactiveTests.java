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

package io.mempool.web.reactive;

import java.net.Socket;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

import io.mempool.buffer.PooledBuffer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What holds on a server whose event loops call the handlers, and which notices at once,
 * and always, that a client has gone.
 */
abstract class AbstractNettyReactiveTests extends AbstractReactiveTests {

	@Test
	void clientThatHangsUpWhileItsHandlerWorksLeavesItsMemoryInDoubt() throws Exception {
		long before = this.scopes.statistics().inDoubt();
		String id = UUID.randomUUID().toString();
		Socket socket = open("/slow?id=" + id, 1000);
		socket.getOutputStream().write(new byte[1000]);
		this.slow.arrived(id).await();
		hangUp(socket);
		await().until(() -> this.scopes.statistics().inDoubt() == before + 1);
		this.slow.released(id).countDown();
		await().until(() -> this.slow.aliveAfterwards.containsKey(id));
		assertThat(this.slow.aliveAfterwards).containsEntry(id, false);
	}

	@Test
	void acquireThatWouldWaitOnAnEventLoopIsRefusedAtOnce() throws Exception {
		PooledBuffer other = this.waiting.acquire(10);
		try {
			HttpResponse<byte[]> response = get("/waiting/now");
			assertThat(response.statusCode()).isEqualTo(503);
			assertThat(this.waiting.statistics().waiting()).isZero();
		}
		finally {
			other.release();
		}
		assertThat(get("/waiting/now").statusCode()).isEqualTo(200);
	}

	@Test
	void clientThatHangsUpWhileItsRequestWaitsEndsTheWait() throws Exception {
		PooledBuffer other = this.waiting.acquire(10);
		try (Socket socket = new Socket("localhost", this.port)) {
			socket.getOutputStream()
				.write("GET /waiting/later HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			await().until(() -> this.waiting.statistics().waiting() == 1);
			hangUp(socket);
			await().until(() -> this.waiting.statistics().waiting() == 0);
		}
		other.release();
		assertThat(get("/waiting/later").statusCode()).isEqualTo(200);
	}

	@Test
	void thousandMixedRequestsLeaveNothing() throws Exception {
		byte[] content = content(20_000);
		List<CompletableFuture<?>> responses = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			String path = List.of("/body", "/mono", "/function", "/buffers", "/failing", "/ignored").get(i % 6);
			BodyPublisher body = (i % 7 == 0) ? BodyPublishers.ofByteArray(new byte[300 * 1024 + 1])
					: (i % 2 == 0) ? inChunks(content) : BodyPublishers.ofByteArray(content);
			CompletableFuture<?> response = this.client.sendAsync(request(path).POST(body).build(),
					BodyHandlers.ofByteArray());
			responses.add(response);
			if (i % 5 == 0) {
				responses.get(ThreadLocalRandom.current().nextInt(responses.size())).cancel(true);
			}
			if (i % 50 == 49) {
				CompletableFuture.allOf(responses.toArray(CompletableFuture[]::new))
					.handle((result, failure) -> failure)
					.join();
				responses.clear();
			}
		}
	}

}
