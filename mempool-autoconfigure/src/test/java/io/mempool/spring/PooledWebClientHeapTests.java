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

package io.mempool.spring;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

import com.sun.management.ThreadMXBean;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.PooledBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What all threads allocate on the heap for one response of 1 MiB. With
 * {@code -Dheap.print} the figures are printed.
 */
@Tag("allocation")
class PooledWebClientHeapTests {

	private static final int SIZE = 1024 * 1024;

	private static final int CALLS = 100;

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private static final ByteBuf CONTENT = Unpooled.unreleasableBuffer(Unpooled.directBuffer(SIZE).writeZero(SIZE));

	private static DisposableServer server;

	@BeforeAll
	static void startServer() {
		server = HttpServer.create()
			.port(0)
			.handle((request, response) -> response.header("Content-Length", Integer.toString(SIZE))
				.send(Mono.fromSupplier(CONTENT::retainedDuplicate)))
			.bindNow();
	}

	@AfterAll
	static void stopServer() {
		server.disposeNow();
	}

	@ParameterizedTest
	@EnumSource(MemoryKind.class)
	void responseOfReactorNettyTakesATenthOfItsSizeAtMost(MemoryKind memory) {
		assertThat(pooled("reactor", client(), memory)).isLessThan(SIZE / 10);
		assertThat(array("reactor", client())).isGreaterThan(SIZE);
	}

	@Test
	void responseOfTheClientOfTheJdkTakesHalfOfAnArrayAtMost() {
		assertThat(pooled("jdk", client().clientConnector(new JdkClientHttpConnector()), MemoryKind.HEAP))
			.isLessThan(array("jdk", client().clientConnector(new JdkClientHttpConnector())) / 2);
	}

	private static long pooled(String connector, WebClient.Builder builder, MemoryKind memory) {
		BufferPool pool = BufferPool.builder("bodies").memory(memory).build();
		WebClient client = builder
			.codecs((codecs) -> codecs.customCodecs()
				.register(new PooledBufferHttpMessageReader(() -> pool, Integer.MAX_VALUE)))
			.build();
		long bytes = bytesPerCall(connector + ", pooled, " + memory,
				() -> client.get().retrieve().bodyToMono(PooledBuffer.class).block().release());
		assertThat(pool.statistics().leased()).isZero();
		return bytes;
	}

	private static long array(String connector, WebClient.Builder builder) {
		WebClient client = builder.codecs((codecs) -> codecs.defaultCodecs().maxInMemorySize(-1)).build();
		return bytesPerCall(connector + ", byte[]", () -> client.get().retrieve().bodyToMono(byte[].class).block());
	}

	private static WebClient.Builder client() {
		return WebClient.builder().baseUrl("http://localhost:" + server.port());
	}

	private static long bytesPerCall(String name, Runnable call) {
		for (int i = 0; i < CALLS; i++) {
			call.run();
		}
		Map<Long, Long> before = allocated();
		for (int i = 0; i < CALLS; i++) {
			call.run();
		}
		long bytes = 0;
		// A thread that has ended meanwhile did nothing for these calls
		for (Map.Entry<Long, Long> thread : allocated().entrySet()) {
			bytes += thread.getValue() - before.getOrDefault(thread.getKey(), 0L);
		}
		bytes /= CALLS;
		if (System.getProperty("heap.print") != null) {
			System.out.printf("GET of 1 MiB, %s: %,d bytes of heap%n", name, bytes);
		}
		return bytes;
	}

	private static Map<Long, Long> allocated() {
		long[] ids = THREADS.getAllThreadIds();
		long[] bytes = THREADS.getThreadAllocatedBytes(ids);
		Map<Long, Long> allocated = new HashMap<>();
		for (int i = 0; i < ids.length; i++) {
			if (bytes[i] >= 0) {
				allocated.put(ids[i], bytes[i]);
			}
		}
		return allocated;
	}

}
