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
import java.lang.ref.WeakReference;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

import io.mempool.core.DiscardReason;
import io.mempool.core.PoolClosedException;
import io.mempool.core.Protection;
import io.mempool.core.TierStatistics;
import io.mempool.scope.BufferScope;
import io.mempool.testing.Garbage;
import io.mempool.testing.Started;
import io.mempool.testing.Together;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests of views that die with their lease, on the jar.
 */
@EnabledForJreRange(min = JRE.JAVA_22)
class RevocationIT {

	private static final int SIZE = 4096;

	private final BufferPool pool = builder().build();

	private static BufferPoolBuilder builder() {
		return BufferPool.builder("uploads").memory(MemoryKind.OFF_HEAP).tiers(SIZE).protection(Protection.REVOKE);
	}

	@AfterEach
	void closePool() {
		this.pool.close();
	}

	private TierStatistics tier() {
		return this.pool.statistics().tiers().get(0);
	}

	@Test
	void viewAndWhatIsDerivedFromItDieWithTheLease() {
		PooledBuffer buffer = this.pool.acquire(100);
		ByteBuffer view = buffer.byteBuffer();
		List<ByteBuffer> views = List.of(view, view.slice(1, 9), view.duplicate(), view.asReadOnlyBuffer());
		view.putLong(0, 42);
		assertThat(views).allSatisfy((each) -> assertThat(each.get(7)).isNotNegative());
		buffer.release();
		assertThat(views).allSatisfy((each) -> assertThatIllegalStateException().isThrownBy(() -> each.get(0)));
		assertThatIllegalStateException().isThrownBy(() -> view.put(0, (byte) 1));
	}

	@Test
	void memoryIsUsedAgain() {
		for (int i = 0; i < 3; i++) {
			try (PooledBuffer buffer = this.pool.acquire(100)) {
				assertThat(buffer.toByteArray()).containsOnly(0);
				buffer.byteBuffer().putLong(0, 42);
			}
		}
		assertThat(tier().hits()).isEqualTo(2);
		assertThat(tier().idle()).isEqualTo(1);
	}

	@Test
	void viewReachesItsLeaseOnly() {
		try (PooledBuffer buffer = this.pool.acquire(100)) {
			assertThat(buffer.byteBuffer().capacity()).isEqualTo(100);
			PooledBuffer part = buffer.slice(10, 20);
			part.byteBuffer().put(0, (byte) 7);
			assertThat(part.byteBuffer().capacity()).isEqualTo(20);
			assertThat(buffer.get(10)).isEqualTo((byte) 7);
			part.release();
		}
	}

	@Test
	void viewLivesUntilTheLastHandleIsReleased() {
		PooledBuffer buffer = this.pool.acquire(100);
		ByteBuffer view = buffer.byteBuffer();
		PooledBuffer retained = buffer.retain();
		buffer.release();
		view.put(0, (byte) 1);
		retained.release();
		assertThatIllegalStateException().isThrownBy(() -> view.get(0));
	}

	@Test
	void viewsOfAScopeDieWithIt() {
		ByteBuffer first;
		ByteBuffer second;
		try (BufferScope scope = new BufferScope(this.pool)) {
			first = scope.acquire(100).byteBuffer();
			second = scope.acquire(200).byteBuffer();
		}
		assertThatIllegalStateException().isThrownBy(() -> first.get(0));
		assertThatIllegalStateException().isThrownBy(() -> second.get(0));
		assertThat(tier().idle()).isEqualTo(2);
	}

	@Test
	void viewsOfMemoryInDoubtDieToo() throws Exception {
		PooledBuffer buffer = this.pool.acquire(100);
		ByteBuffer view = buffer.byteBuffer();
		buffer.discard();
		assertThatIllegalStateException().isThrownBy(() -> view.put(0, (byte) 1));
		Garbage.collectUntil(() -> this.pool.statistics().pendingBytes() == 0);
	}

	@Test
	void viewsOfTransientMemoryDieToo() {
		PooledBuffer buffer = this.pool.acquire(SIZE + 1);
		ByteBuffer view = buffer.byteBuffer();
		buffer.release();
		assertThatIllegalStateException().isThrownBy(() -> view.get(0));
		assertThat(this.pool.statistics().usedBytes()).isZero();
	}

	@Test
	void viewsDieWithThePool() {
		PooledBuffer buffer = this.pool.acquire(100);
		ByteBuffer view = buffer.byteBuffer();
		this.pool.close();
		assertThatIllegalStateException().isThrownBy(() -> view.get(0));
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(buffer::byteBuffer);
		buffer.release();
		assertThat(this.pool.statistics().usedBytes()).isZero();
	}

	@Test
	void memoryThatAnIoCallUsesStaysOutOfUseUntilTheCallEnds() throws Exception {
		try (Connection connection = new Connection()) {
			PooledBuffer buffer = this.pool.acquire(100);
			ByteBuffer view = buffer.byteBuffer();
			Started<Integer> read = connection.read(view);
			buffer.release();
			assertThat(tier().discardedBy()).containsEntry(DiscardReason.IN_DOUBT, 1L);
			assertThat(tier().idle()).isZero();
			assertThat(this.pool.statistics().pendingBytes()).isEqualTo(SIZE);
			try (PooledBuffer next = this.pool.acquire(100)) {
				connection.server.write(ByteBuffer.wrap(new byte[] { 1, 2, 3 }));
				assertThat(read.result()).isEqualTo(3);
				assertThat(next.toByteArray()).containsOnly(0);
			}
			Garbage.collectUntil(() -> this.pool.statistics().pendingBytes() == 0);
			assertThatIllegalStateException().isThrownBy(() -> view.get(0));
		}
	}

	@Test
	void closedPoolWaitsForAnIoCall() throws Exception {
		try (Connection connection = new Connection()) {
			PooledBuffer buffer = this.pool.acquire(100);
			ByteBuffer view = buffer.byteBuffer();
			Started<Integer> read = connection.read(view);
			this.pool.close();
			connection.server.write(ByteBuffer.wrap(new byte[] { 1, 2, 3 }));
			assertThat(read.result()).isEqualTo(3);
			await().untilAsserted(() -> assertThatIllegalStateException().isThrownBy(() -> view.get(0)));
			buffer.release();
			assertThat(this.pool.statistics().usedBytes()).isZero();
		}
	}

	@Test
	void viewOfALostLeaseKeepsItsMemory() throws Exception {
		ByteBuffer view = viewOfLostLease();
		Garbage.collectUntil(() -> this.pool.statistics().leaked() == 1);
		view.putLong(0, 42);
		assertThat(this.pool.statistics().pendingBytes()).isEqualTo(SIZE);
		WeakReference<ByteBuffer> reference = new WeakReference<>(view);
		view = null;
		Garbage.collectUntil(() -> reference.refersTo(null) && this.pool.statistics().pendingBytes() == 0);
	}

	private ByteBuffer viewOfLostLease() {
		return this.pool.acquire(100).byteBuffer();
	}

	@Test
	void heapMemoryCannotBeRevoked() {
		assertThatIllegalArgumentException().isThrownBy(() -> builder().memory(MemoryKind.HEAP).build())
			.withMessage(
					"Cannot have the protection 'revoke' in pool 'uploads': it has heap memory, whose arrays cannot "
							+ "be revoked. Use 'quarantine' to find writes after release");
	}

	@Test
	void protectionChangesWhileThePoolRuns() {
		this.pool.update((settings) -> settings.protection(Protection.STANDARD));
		PooledBuffer buffer = this.pool.acquire(100);
		ByteBuffer view = buffer.byteBuffer();
		this.pool.update((settings) -> settings.protection(Protection.REVOKE));
		buffer.release();
		PooledBuffer next = this.pool.acquire(100);
		ByteBuffer revocable = next.byteBuffer();
		next.release();
		assertThatIllegalStateException().isThrownBy(() -> revocable.get(0));
		assertThatIllegalStateException().isThrownBy(() -> view.get(0));
	}

	// Each owner writes its number through its view; a view that outlived its lease would
	// write into the memory of another owner
	@Test
	void lateViewsNeverReachOtherOwners() throws Exception {
		AtomicLong owners = new AtomicLong();
		List<ByteBuffer> late = new CopyOnWriteArrayList<>();
		Together.run(4, (thread) -> {
			SplittableRandom random = new SplittableRandom(thread);
			for (int i = 0; i < 500; i++) {
				PooledBuffer buffer = this.pool.acquire(8);
				ByteBuffer view = buffer.byteBuffer();
				long owner = owners.incrementAndGet();
				view.putLong(0, owner);
				if (!late.isEmpty()) {
					ByteBuffer other = late.get(random.nextInt(late.size()));
					assertThatIllegalStateException().isThrownBy(() -> other.putLong(0, -owner));
				}
				assertThat(buffer.getLong(0)).isEqualTo(owner);
				buffer.release();
				late.add(view);
			}
		});
		assertThat(tier().leased()).isZero();
		assertThat(tier().hits() + tier().misses()).isEqualTo(tier().returned()).isEqualTo(2000);
	}

	/**
	 * Two ends of a connection.
	 */
	private static final class Connection implements AutoCloseable {

		private final SocketChannel client;

		private final SocketChannel server;

		Connection() throws IOException {
			try (ServerSocketChannel listener = ServerSocketChannel.open()
				.bind(new InetSocketAddress("localhost", 0))) {
				this.client = SocketChannel.open(listener.getLocalAddress());
				this.server = listener.accept();
			}
		}

		/**
		 * Read on another thread, which the operating system blocks.
		 */
		Started<Integer> read(ByteBuffer view) {
			Thread[] reader = new Thread[1];
			Started<Integer> read = Started.of(() -> {
				reader[0] = Thread.currentThread();
				return this.client.read(view);
			});
			await().until(() -> reader[0] != null && reader[0].getStackTrace()[0].isNativeMethod());
			return read;
		}

		@Override
		public void close() throws IOException {
			this.client.close();
			this.server.close();
		}

	}

}
