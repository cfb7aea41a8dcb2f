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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.mempool.core.Budget;
import io.mempool.core.Caps;
import io.mempool.core.PoolClosedException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * What is special about memory outside of the heap. Runs on the classes, which are those
 * of Java 17, and by {@link OffHeapMemoryIT} on the jar, where newer JVMs free at once.
 */
@Tag("garbage")
class OffHeapMemoryTests {

	private static final int SIZE = 10_000;

	private final BufferPool pool = BufferPool.builder("native").memory(MemoryKind.OFF_HEAP).tiers(SIZE).build();

	/**
	 * Whether the running classes free memory at once.
	 */
	boolean freesAtOnce() {
		return !OffHeapMemory.isLimitedByJvm();
	}

	@Test
	void memoryIsDirectAndHasNoArray() {
		try (PooledBuffer buffer = this.pool.acquire(100)) {
			assertThat(buffer.byteBuffer().isDirect()).isTrue();
			assertThat(buffer.byteBuffer().capacity()).isEqualTo(100);
			assertThat(buffer.hasArray()).isFalse();
			assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(buffer::array)
				.withMessageContaining("'native'")
				.withMessageContaining("byteBuffer()");
		}
		assertThat(this.pool.memory()).isEqualTo(MemoryKind.OFF_HEAP);
	}

	@Test
	void unpooledTwinIsPlainHeapMemory() {
		BufferPool twin = BufferPool.builder("native").memory(MemoryKind.OFF_HEAP).pooling(false).build();
		assertThat(twin.acquire(10).hasArray()).isTrue();
		assertThat(twin.memory()).isEqualTo(MemoryKind.HEAP);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 4095, 4096, 4097, 65536 })
	void memoryIsPageAlignedOnRequest(int size) {
		BufferPool aligned = BufferPool.builder("native")
			.memory(MemoryKind.OFF_HEAP)
			.pageAligned(true)
			.tiers(size)
			.build();
		PooledBuffer first = aligned.acquire(size);
		PooledBuffer second = aligned.acquire(size);
		for (PooledBuffer buffer : List.of(first, second)) {
			assertThat(buffer.byteBuffer().alignmentOffset(0, 4096)).isZero();
			assertThat(buffer.capacity()).isEqualTo(size);
		}
		aligned.close();
	}

	@Test
	void ownersContentIsClearedForTheNext() {
		try (PooledBuffer buffer = this.pool.acquire(SIZE)) {
			byte[] secret = new byte[SIZE];
			Arrays.fill(secret, (byte) 42);
			buffer.copyIn(0, secret, 0, SIZE);
		}
		assertThat(this.pool.acquire(SIZE).toByteArray()).containsOnly(0);
		assertThat(this.pool.statistics().hits()).isOne();
	}

	@Test
	void closedPoolRefusesUseOfItsLeases() {
		PooledBuffer buffer = this.pool.acquire(100);
		this.pool.close();
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(buffer::toByteArray)
			.withMessageContaining("'native'")
			.withMessageContaining("closed");
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> buffer.copyIn(0, new byte[1], 0, 1));
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(buffer::byteBuffer);
		buffer.release();
		assertThat(this.pool.statistics().leased()).isZero();
	}

	@Test
	void closeGivesAllMemoryBackToTheBudgetOnceLeasesEnd() {
		Budget budget = BufferPool.budget("test", 100_000);
		BufferPool pool = BufferPool.builder("native")
			.memory(MemoryKind.OFF_HEAP)
			.tiers(List.of(new BufferTier(1000, new Caps(10, 10, 4))))
			.budget(budget)
			.build();
		PooledBuffer buffer = pool.acquire(10);
		pool.close();
		assertThat(budget.used()).isEqualTo(1000);
		buffer.release();
		assertThat(budget.used()).isZero();
	}

	@Test
	void closedPoolRevokesViewsThatWereHandedOut() {
		assumeThat(freesAtOnce()).as("the runtime can revoke views").isTrue();
		PooledBuffer buffer = this.pool.acquire(100);
		ByteBuffer view = buffer.byteBuffer();
		ByteBuffer slice = view.slice(10, 10).duplicate();
		this.pool.close();
		assertThatIllegalStateException().isThrownBy(() -> view.get(0));
		assertThatIllegalStateException().isThrownBy(() -> slice.put(0, (byte) 1));
	}

	@Test
	void trimmedMemoryIsGoneForViewsOfFormerOwners() {
		assumeThat(freesAtOnce()).as("the runtime can revoke views").isTrue();
		PooledBuffer buffer = this.pool.acquire(100);
		ByteBuffer stale = buffer.byteBuffer();
		buffer.release();
		assertThat(this.pool.trim()).isEqualTo(SIZE);
		assertThatIllegalStateException().isThrownBy(() -> stale.get(0));
	}

	@Test
	void memoryInACallOfTheOperatingSystemIsFreedWhenThatEnds() throws Exception {
		assumeThat(freesAtOnce()).as("the runtime can revoke views").isTrue();
		try (ServerSocketChannel server = ServerSocketChannel.open()) {
			server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
			try (SocketChannel client = SocketChannel.open(server.getLocalAddress());
					SocketChannel accepted = server.accept()) {
				ByteBuffer view = this.pool.acquire(100).byteBuffer();
				CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> read(client, view));
				await().during(200, TimeUnit.MILLISECONDS).until(() -> !read.isDone());
				this.pool.close();
				accepted.write(ByteBuffer.wrap(new byte[] { 1, 2, 3 }));
				assertThat(read.get(10, TimeUnit.SECONDS)).as("the call ends as if nothing had happened").isEqualTo(3);
				await().atMost(10, TimeUnit.SECONDS)
					.untilAsserted(() -> assertThatIllegalStateException().isThrownBy(() -> view.get(0)));
			}
		}
	}

	@Test
	void poolClosedUnderUseRaisesAndNeverCrashes() throws Exception {
		for (int round = 0; round < 50; round++) {
			BufferPool pool = BufferPool.builder("native").memory(MemoryKind.OFF_HEAP).tiers(SIZE).build();
			CompletableFuture<?>[] users = new CompletableFuture<?>[2];
			for (int i = 0; i < users.length; i++) {
				users[i] = CompletableFuture.runAsync(() -> use(pool));
			}
			Thread.sleep(2);
			pool.close();
			CompletableFuture.allOf(users).get(20, TimeUnit.SECONDS);
			assertThat(pool.statistics().leased()).isZero();
		}
	}

	private static void use(BufferPool pool) {
		byte[] bytes = new byte[SIZE];
		for (;;) {
			PooledBuffer buffer;
			try {
				buffer = pool.acquire(SIZE);
			}
			catch (PoolClosedException ex) {
				return;
			}
			try {
				buffer.copyIn(0, bytes, 0, SIZE);
				buffer.byteBuffer().put(bytes);
			}
			catch (IllegalStateException ex) {
				// Closed meanwhile
			}
			finally {
				buffer.release();
			}
		}
	}

	private static int read(SocketChannel channel, ByteBuffer buffer) {
		try {
			return channel.read(buffer);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void lostLeaseFreesItsMemoryAndItsCap() {
		BufferPool pool = BufferPool.builder("native").memory(MemoryKind.OFF_HEAP).blocks(SIZE, 1, 0).build();
		pool.acquire(SIZE);
		await().atMost(20, TimeUnit.SECONDS).until(() -> {
			System.gc();
			return pool.tryAcquire(SIZE) != null;
		});
		assertThat(pool.statistics().leaked()).isOne();
	}

}
