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

package io.mempool.sample.frames;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.mempool.buffer.BufferPool;
import io.mempool.slice.Slice;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FrameServer} and {@link FrameConnection}.
 */
@SpringBootTest(properties = "sample.frames.port=0")
class FrameServerTests {

	@Autowired
	private FrameServer server;

	@Autowired
	private Map<String, BufferPool> pools;

	@AfterEach
	void poolsShouldBeAtRest() {
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.pools.values())
				.allSatisfy((pool) -> assertThat(pool.statistics().leased()).isZero()));
	}

	@ParameterizedTest
	@CsvSource({ "1, 0", "1, 1", "1, 65536", "1000, 100", "1000, 5000", "20, 300000", "3, 1048576" })
	void framesShouldComeBackInOrder(int count, int maximumSize) throws Exception {
		try (FrameConnection connection = connect()) {
			CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(connection, count, maximumSize));
			for (int i = 0; i < count; i++) {
				try (Slice payload = connection.receive()) {
					assertThat(payload).isNotNull();
					assertThat(payload.toByteArray()).isEqualTo(payload(i, size(i, count, maximumSize)));
				}
			}
			sending.get(20, TimeUnit.SECONDS);
		}
	}

	@Test
	void frameThatIsTooLargeShouldEndTheConnection() throws IOException {
		try (SocketChannel channel = SocketChannel.open(this.server.address())) {
			channel.write(ByteBuffer.allocate(4).putInt(FrameConnection.MAXIMUM_SIZE + 1).flip());
			assertThat(channel.read(ByteBuffer.allocate(1))).isNegative();
		}
	}

	@Test
	void frameThatIsCutOffShouldLeaveNothingLeased() throws IOException {
		try (SocketChannel channel = SocketChannel.open(this.server.address())) {
			channel.write(ByteBuffer.allocate(10).putInt(100).clear());
		}
	}

	@Test
	void serverShouldListenOnlyIfItHasAPort() {
		new ApplicationContextRunner().withUserConfiguration(FrameServer.class)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(FrameServer.class));
	}

	private FrameConnection connect() throws IOException {
		return new FrameConnection(this.pools.get("uploads"), SocketChannel.open(this.server.address()));
	}

	private static void send(FrameConnection connection, int count, int maximumSize) {
		try {
			for (int i = 0; i < count; i++) {
				byte[] bytes = payload(i, size(i, count, maximumSize));
				Slice payload = connection.allocate(bytes.length);
				payload.copyIn(0, bytes);
				connection.send(payload);
				if (i % 10 == 9) {
					connection.flush();
				}
			}
			connection.flush();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static int size(int index, int count, int maximumSize) {
		return (int) ((long) maximumSize * (index + 1) / count);
	}

	private static byte[] payload(int index, int size) {
		byte[] bytes = new byte[size];
		for (int i = 0; i < size; i++) {
			bytes[i] = (byte) (index + i * 7);
		}
		return bytes;
	}

}
