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

package io.mempool.docs;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.spring.PooledBodies;
import io.mempool.spring.PooledDataBufferFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

import static org.assertj.core.api.Assertions.assertThat;

class DataBuffersTests {

	private final BufferPool pool = BufferPool.builder("messages").tiers(4096).build();

	@AfterEach
	void nothingIsLeased() {
		assertThat(this.pool.statistics().leased()).isZero();
	}

	// tag::factory[]
	String join(BufferPool pool, String first, String second) {
		PooledDataBufferFactory factory = new PooledDataBufferFactory(pool);
		DataBuffer a = factory.allocateBuffer(64).write(first, StandardCharsets.UTF_8);
		DataBuffer b = factory.allocateBuffer(64).write(second, StandardCharsets.UTF_8);
		DataBuffer joined = factory.join(List.of(a, b)); // takes a and b over
		try {
			return joined.toString(StandardCharsets.UTF_8);
		}
		finally {
			DataBufferUtils.release(joined);
		}
	}
	// end::factory[]

	// tag::bodies[]
	Mono<Integer> sizeOf(Flux<DataBuffer> body) {
		return PooledBodies.read(body, -1, this.pool, 1024 * 1024).map((buffer) -> {
			try (buffer) {
				return buffer.size();
			}
		});
	}
	// end::bodies[]

	// tag::wrap[]
	DataBuffer wrap(PooledDataBufferFactory factory, PooledBuffer buffer) {
		try (buffer) {
			return factory.wrap(buffer); // has a reference of its own, which its release
											// ends
		}
	}
	// end::wrap[]

	@Test
	void joins() {
		assertThat(join(this.pool, "Hello, ", "world")).isEqualTo("Hello, world");
	}

	@Test
	void readsBodies() {
		PooledDataBufferFactory factory = new PooledDataBufferFactory(this.pool);
		Flux<DataBuffer> body = Flux.just("ab", "cde")
			.map((text) -> factory.allocateBuffer(1).write(text, StandardCharsets.UTF_8));
		assertThat(sizeOf(body).block()).isEqualTo(5);
	}

	@Test
	void wraps() {
		DataBuffer wrapped = wrap(new PooledDataBufferFactory(this.pool), this.pool.acquire(10));
		assertThat(wrapped.readableByteCount()).isEqualTo(10);
		DataBufferUtils.release(wrapped);
	}

}
