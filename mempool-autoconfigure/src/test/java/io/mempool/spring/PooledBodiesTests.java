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

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.ContentReader;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolExhaustedException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Data buffers of Netty, whose reference counts tell what became of each, into pooled
 * memory.
 */
class PooledBodiesTests {

	private static final int KB = 1024;

	private final NettyDataBufferFactory factory = new NettyDataBufferFactory(PooledByteBufAllocator.DEFAULT);

	private final List<ByteBuf> arrived = new ArrayList<>();

	private BufferPool pool = BufferPool.builder("bodies").tiers(4 * KB, 16 * KB, 64 * KB, 256 * KB).build();

	@AfterEach
	void everyDataBufferIsReleasedOnceAndNothingIsLeased() {
		await().untilAsserted(() -> assertThat(this.arrived).allMatch((buffer) -> buffer.refCnt() == 0));
		await().untilAsserted(() -> assertThat(this.pool.statistics().leased()).isZero());
		assertThat(this.pool.statistics().doubleReleases()).isZero();
	}

	static Stream<Arguments> bodies() {
		return Stream.of(0, 1, 4095, 4096, 4097, 100_000, 300_000)
			.flatMap((size) -> Stream.of(-1, size, size / 2, size * 2)
				.flatMap((announced) -> Stream.of(MemoryKind.values())
					.map((memory) -> Arguments.of(size, announced, memory))));
	}

	@ParameterizedTest
	@MethodSource("bodies")
	void bodyIsReadWholeWhateverWasAnnounced(int size, int announced, MemoryKind memory) {
		this.pool = BufferPool.builder("bodies").memory(memory).tiers(4 * KB, 64 * KB, 512 * KB).build();
		byte[] content = bytes(size);
		try (PooledBuffer body = read(body(content), announced).block()) {
			assertThat(body).isNotNull();
			assertThat(body.toByteArray()).isEqualTo(content);
		}
		assertThat(this.pool.recentSizes()).containsExactly(size);
	}

	@Test
	void bodyThatArrivesInTwoIsCopiedOnceIntoOneBufferOfItsSize() {
		read(body(bytes(16_000)), 16_000).block().release();
		assertThat(this.pool.statistics().misses()).isOne();
	}

	@Test
	void memoryIsHeldInProportionToWhatHasArrived() {
		Sinks.Many<DataBuffer> body = Sinks.many().unicast().onBackpressureBuffer();
		AtomicReference<PooledBuffer> read = new AtomicReference<>();
		read(body.asFlux(), 200_000).subscribe(read::set);
		assertThat(this.pool.statistics().leased()).as("nothing has arrived").isZero();
		body.tryEmitNext(buffer(bytes(1000)));
		assertThat(this.pool.statistics().leasedBytes()).isBetween(1000L, 64L * KB + 4000);
		body.tryEmitNext(buffer(bytes(199_000)));
		body.tryEmitComplete();
		assertThat(read.get().size()).isEqualTo(200_000);
		assertThat(this.pool.statistics().leased()).isOne();
		read.get().release();
	}

	@Test
	void readOfMoreThanAnnouncedIsRefusedBeforeAnythingIsRequested() {
		List<Long> requests = new ArrayList<>();
		List<String> signals = new ArrayList<>();
		Flux<DataBuffer> body = body(bytes(1001)).doOnRequest(requests::add).doOnCancel(() -> signals.add("cancel"));
		assertThatExceptionOfType(SizeLimitExceededException.class)
			.isThrownBy(() -> PooledBodies.read(body, 1001, this.pool, 1000).block())
			.withMessageContaining("1001 bytes")
			.satisfies((ex) -> assertThat(ex.getLimit()).isEqualTo(1000));
		assertThat(requests).isEmpty();
		assertThat(signals).containsExactly("cancel");
	}

	@Test
	void moreThanTheMaximumIsRefusedWhenItArrives() {
		List<String> signals = new ArrayList<>();
		Flux<DataBuffer> body = body(bytes(50_000)).doOnCancel(() -> signals.add("cancel"));
		assertThatExceptionOfType(SizeLimitExceededException.class)
			.isThrownBy(() -> PooledBodies.read(body, -1, this.pool, 20_000).block())
			.satisfies((ex) -> assertThat(ex.getLimit()).isEqualTo(20_000));
		assertThat(signals).containsExactly("cancel");
	}

	@Test
	void bodyOfAResponseMayAnnounceWhatItDoesNotHave() {
		assertThat(PooledBodies.readResponse(Flux.empty(), 1001, this.pool, 1000).blockOptional()).isEmpty();
		assertThatExceptionOfType(SizeLimitExceededException.class)
			.isThrownBy(() -> PooledBodies.readResponse(body(bytes(1)), 1001, this.pool, 1000).block());
	}

	@Test
	void failureOfTheBodyLeavesNothing() {
		Flux<DataBuffer> body = body(bytes(50_000)).concatWith(Mono.error(new IllegalStateException("as asked")));
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> read(body, 100_000).block())
			.withMessage("as asked");
	}

	@Test
	void cancelInTheMiddleLeavesNothing() {
		Sinks.Many<DataBuffer> body = Sinks.many().unicast().onBackpressureBuffer();
		Disposable reading = read(body.asFlux(), 100_000).subscribe();
		body.tryEmitNext(buffer(bytes(50_000)));
		assertThat(this.pool.statistics().leased()).isPositive();
		reading.dispose();
		assertThat(this.pool.statistics().leased()).isZero();
		assertThat(body.currentSubscriberCount()).isZero();
	}

	@Test
	void dataBufferThatArrivesAfterACancelIsReleased() {
		Sinks.Many<DataBuffer> body = Sinks.unsafe().many().multicast().directBestEffort();
		DataBuffer late = buffer(bytes(10));
		Disposable[] reading = new Disposable[1];
		Flux<DataBuffer> arriving = body.asFlux().doOnNext((buffer) -> reading[0].dispose());
		reading[0] = read(arriving, 100).subscribe();
		body.tryEmitNext(late);
		assertThat(this.pool.statistics().leased()).isZero();
	}

	// Spring puts this hook on what it writes: MonoIgnoreElements of a 'then' would call
	// it
	@Test
	void discardHookForDataBuffersDoesNotReleaseThemTwice() {
		PooledBuffer body = read(body(bytes(50_000)), -1).doOnDiscard(DataBuffer.class, DataBufferUtils::release)
			.block();
		assertThat(body).isNotNull();
		body.release();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void ownerOfTheReaderMayEndItWhileTheBodyArrives(boolean inDoubt) {
		Sinks.Many<DataBuffer> body = Sinks.many().unicast().onBackpressureBuffer();
		ContentReader reader = new ContentReader(this.pool, -1, 1_000_000);
		AtomicReference<Throwable> failure = new AtomicReference<>();
		PooledBodies.read(body.asFlux(), reader).subscribe((read) -> {
		}, failure::set);
		body.tryEmitNext(buffer(bytes(50_000)));
		if (inDoubt) {
			reader.abandon();
		}
		else {
			reader.close();
		}
		assertThat(this.pool.statistics().leased()).isZero();
		body.tryEmitNext(buffer(bytes(1000)));
		assertThat(failure.get()).isInstanceOf(LeaseException.class);
		assertThat(body.currentSubscriberCount()).isZero();
	}

	@Test
	void signalsDoNotWaitForMemory() throws InterruptedException {
		this.pool = waiting(Duration.ofMinutes(1));
		PooledBuffer other = this.pool.acquire(4 * KB);
		AtomicReference<PooledBuffer> read = new AtomicReference<>();
		CountDownLatch subscribed = new CountDownLatch(1);
		byte[] content = bytes(10_000);
		Schedulers.parallel().schedule(() -> {
			read(body(content), -1).subscribe(read::set);
			subscribed.countDown();
		});
		subscribed.await();
		await().until(() -> this.pool.statistics().waiting() == 1);
		other.release();
		await().until(() -> read.get() != null);
		assertThat(read.get().toByteArray()).isEqualTo(content);
		read.get().release();
	}

	@Test
	void bodyThatCompletesWhileItsLastPieceWaitsForMemoryIsRead() {
		this.pool = waiting(Duration.ofMinutes(1));
		PooledBuffer other = this.pool.acquire(16 * KB);
		AtomicReference<PooledBuffer> read = new AtomicReference<>();
		read(body(bytes(8000)), -1).subscribe(read::set);
		await().until(() -> this.pool.statistics().waiting() == 1);
		other.release();
		await().until(() -> read.get() != null);
		assertThat(read.get().toByteArray()).isEqualTo(bytes(8000));
		read.get().release();
	}

	@Test
	void cancelWhileAnotherThreadWaitsForMemoryLeavesNothing() {
		this.pool = waiting(Duration.ofMinutes(1));
		PooledBuffer other = this.pool.acquire(4 * KB);
		Disposable reading = read(body(bytes(10_000)), -1).subscribe();
		await().until(() -> this.pool.statistics().waiting() == 1);
		reading.dispose();
		other.release();
	}

	@Test
	void bodyWhoseMemoryIsNotLentInTimeFails() {
		this.pool = waiting(Duration.ofMillis(10));
		PooledBuffer other = this.pool.acquire(4 * KB);
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> read(body(bytes(10_000)), -1).block());
		other.release();
	}

	private static BufferPool waiting(Duration maxWait) {
		return BufferPool.builder("bodies")
			.memory(MemoryKind.OFF_HEAP)
			.tiers(4 * KB, 16 * KB)
			.limit(16 * KB + 4095)
			.policy(ExhaustionPolicy.WAIT)
			.maxWait(maxWait)
			.build();
	}

	@ParameterizedTest
	@EnumSource(ExhaustionPolicy.class)
	void bodyThatCanNeverFitIsRefusedBeforeAnythingIsRequested(ExhaustionPolicy policy) {
		this.pool = BufferPool.builder("bodies")
			.memory(MemoryKind.OFF_HEAP)
			.tiers(4 * KB, 16 * KB)
			.limit(16 * KB + 4095)
			.policy(policy)
			.build();
		List<Long> requests = new ArrayList<>();
		assertThatExceptionOfType(PoolExhaustedException.class)
			.isThrownBy(() -> read(body(bytes(30_000)).doOnRequest(requests::add), 30_000).block())
			.satisfies((ex) -> assertThat(ex.isPermanent()).isTrue());
		assertThat(requests).isEmpty();
	}

	@Test
	void publisherThatIgnoresDemandFailsAndLeavesNothing() {
		this.pool = waiting(Duration.ofMinutes(1));
		PooledBuffer other = this.pool.acquire(16 * KB);
		List<DataBuffer> all = List.of(buffer(bytes(8000)), buffer(bytes(2000)), buffer(bytes(1)));
		AtomicReference<Throwable> failure = new AtomicReference<>();
		PooledBodies.read(pushing(all), -1, this.pool, 100_000).subscribe((read) -> {
		}, failure::set);
		other.release();
		await().untilAsserted(() -> assertThat(failure.get()).hasMessageContaining("overrun"));
	}

	private static Flux<DataBuffer> pushing(List<DataBuffer> buffers) {
		return new Flux<>() {

			@Override
			public void subscribe(CoreSubscriber<? super DataBuffer> actual) {
				actual.onSubscribe(new Subscription() {

					@Override
					public void request(long count) {
					}

					@Override
					public void cancel() {
					}

				});
				buffers.forEach(actual::onNext);
			}

		};
	}

	private Mono<PooledBuffer> read(Flux<DataBuffer> body, long announced) {
		return PooledBodies.read(body, announced, this.pool, 1_000_000);
	}

	/**
	 * A body in pieces of 8000 bytes, made when they are asked for.
	 */
	private Flux<DataBuffer> body(byte[] content) {
		int pieces = (content.length + 7999) / 8000;
		return Flux.range(0, pieces)
			.map((index) -> buffer(
					Arrays.copyOfRange(content, index * 8000, Math.min(content.length, (index + 1) * 8000))));
	}

	private DataBuffer buffer(byte[] bytes) {
		DataBuffer buffer = this.factory.allocateBuffer(bytes.length).write(bytes);
		this.arrived.add(NettyDataBufferFactory.toByteBuf(buffer));
		return buffer;
	}

	private static byte[] bytes(int size) {
		byte[] bytes = new byte[size];
		new Random(size).nextBytes(bytes);
		return bytes;
	}

}
