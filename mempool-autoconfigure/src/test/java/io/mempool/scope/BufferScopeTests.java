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

package io.mempool.scope;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.PooledOutputStream;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolClosedException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.core.UnitOfWork;
import io.mempool.test.CheckLeases;
import io.mempool.testing.Allocation;
import io.mempool.testing.Buffers;
import io.mempool.testing.Together;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.InOrder;

import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;

/**
 * Units of work that own leases (Q1).
 */
@CheckLeases(timeout = 0)
class BufferScopeTests {

	private final BufferPool pool = BufferPool.builder("uploads").tiers(16, 64, 1024).build();

	private final BufferScope scope = new BufferScope(this.pool);

	private long leased() {
		return this.pool.statistics().leased();
	}

	private static PooledBuffer buffer() {
		PooledBuffer buffer = mock(PooledBuffer.class);
		given(buffer.isAlive()).willReturn(true);
		given(buffer.size()).willReturn(10);
		return buffer;
	}

	private int length() {
		Object slots = ReflectionTestUtils.getField(this.scope, "slots");
		assertThat(slots).isNotNull();
		return ((Object[]) slots).length;
	}

	// The end

	@Test
	void endReleasesWhatIsStillHeld() {
		Buffers.acquire(this.pool, 10, 1).forEach(this.scope::adopt);
		this.scope.acquire(100);
		this.scope.acquire(5000);
		assertThat(leased()).isEqualTo(3);
		this.scope.close();
		assertThat(leased()).isZero();
		assertThat(this.pool.statistics().idle()).isEqualTo(2);
	}

	@Test
	void endOfATryStatementReleasesAlsoAfterAFailure() {
		assertThatIllegalStateException().isThrownBy(() -> {
			try (BufferScope unit = new BufferScope(this.pool)) {
				unit.acquire(10);
				throw new IllegalStateException("Handler failed");
			}
		});
		assertThat(leased()).isZero();
	}

	@Test
	void newestIsReleasedFirst() {
		List<PooledBuffer> buffers = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			buffers.add(this.scope.adopt(buffer()));
		}
		this.scope.close();
		InOrder order = inOrder(buffers.toArray());
		for (int i = 19; i >= 0; i--) {
			order.verify(buffers.get(i)).close();
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { IllegalStateException.class, AssertionError.class, StackOverflowError.class })
	void endReleasesAllWhateverFailsOnTheWay(Class<? extends Throwable> type) throws Exception {
		Throwable failure = type.getConstructor().newInstance();
		Throwable another = type.getConstructor().newInstance();
		List<PooledBuffer> buffers = List.of(buffer(), buffer(), buffer(), buffer());
		buffers.forEach(this.scope::adopt);
		willThrow(failure).given(buffers.get(2)).close();
		willThrow(another).given(buffers.get(1)).close();
		assertThatExceptionOfType(Throwable.class).isThrownBy(this.scope::close)
			.isSameAs(failure)
			.satisfies((ex) -> assertThat(ex.getSuppressed()).containsExactly(another));
		then(buffers.get(0)).should().close();
		then(buffers.get(3)).should().close();
		assertThat(this.scope.isClosed()).isTrue();
	}

	@Test
	void closingAgainHasNoEffect() {
		this.scope.acquire(10);
		this.scope.close();
		this.scope.close();
		this.scope.abandon();
		assertThat(this.pool.statistics().returned()).isEqualTo(1);
		assertThat(this.pool.statistics().doubleReleases()).isZero();
	}

	@Test
	void whatWasReleasedBeforeIsNotReleasedAgain() {
		this.scope.acquire(10).release();
		PooledBuffer reused = this.pool.acquire(10);
		this.scope.close();
		assertThat(reused.isAlive()).isTrue();
		assertThat(this.pool.statistics().doubleReleases()).isZero();
		reused.release();
	}

	@Test
	void retainedBufferLivesOn() {
		PooledBuffer retained = this.scope.acquire(10).retain();
		this.scope.close();
		assertThat(retained.isAlive()).isTrue();
		assertThat(retained.referenceCount()).isEqualTo(1);
		retained.release();
		assertThat(leased()).isZero();
	}

	@Test
	void closedScopeRefusesEverything() {
		PooledBuffer own = this.scope.acquire(10);
		PooledBuffer other = this.pool.acquire(20);
		this.scope.close();
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> this.scope.acquire(10))
			.withMessage("Cannot acquire 10 bytes through this scope: it is closed, its unit of work has ended");
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> this.scope.acquire(this.pool, 10));
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> this.scope.outputStream().write(1));
		assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> this.scope.detach(own))
			.withMessageContaining("the scope is closed");
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> this.scope.adopt(other));
		assertThat(other.isAlive()).as("still its owner's").isTrue();
		other.release();
		assertThat(this.scope.size()).isZero();
		assertThat(leased()).isZero();
	}

	@Test
	void closedScopeRefusesWithoutAskingThePool() {
		BufferPool busy = BufferPool.builder("busy")
			.tiers(64)
			.caps(new Caps(1, 1, 0))
			.policy(ExhaustionPolicy.WAIT)
			.maxWait(Duration.ofMinutes(1))
			.build();
		PooledBuffer only = busy.acquire(10);
		this.scope.close();
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> this.scope.acquire(busy, 10));
		only.release();
		assertThat(busy.recentSizes()).containsExactly(10);
	}

	// Abandoned

	@Test
	void memoryOfAnAbandonedScopeIsNotLentAgain() {
		PooledBuffer buffer = this.scope.acquire(10);
		this.scope.acquire(100);
		this.scope.acquire(20).release();
		this.scope.abandon();
		assertThat(buffer.isAlive()).isFalse();
		assertThat(leased()).isZero();
		assertThat(this.pool.statistics().discardedBy()).containsEntry(DiscardReason.IN_DOUBT, 2L);
		assertThat(this.pool.statistics().idle()).isEqualTo(1);
		assertThat(this.scope.isClosed()).isTrue();
	}

	@Test
	void memoryOfAnAbandonedScopeStaysUsableForTheOwnerThatRetainedIt() {
		PooledBuffer retained = this.scope.acquire(10).retain();
		this.scope.abandon();
		retained.copyIn(0, new byte[10], 0, 10);
		retained.release();
		assertThat(leased()).isZero();
		assertThat(this.pool.statistics().idle()).isZero();
	}

	@Test
	void abandonAfterCloseHasNoEffect() {
		this.scope.acquire(10);
		this.scope.close();
		this.scope.abandon();
		assertThat(this.pool.statistics().idle()).isEqualTo(1);
		assertThat(this.pool.statistics().discarded()).isZero();
	}

	@Test
	void releaseByTheUserDuringAbandonIsNoMisuse() throws Exception {
		for (int round = 0; round < 300; round++) {
			BufferScope unit = new BufferScope(this.pool);
			List<PooledBuffer> buffers = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				buffers.add(unit.acquire(10));
			}
			Together.run(2, (thread) -> {
				if (thread == 0) {
					unit.abandon();
					return;
				}
				for (int i = 19; i >= 0; i--) {
					buffers.get(i).close();
				}
			});
		}
		assertThat(leased()).isZero();
		assertThat(this.pool.statistics().doubleReleases()).isZero();
	}

	// Owners

	@Test
	void detachedBufferBelongsToTheCallerThatDetachedIt() {
		PooledBuffer first = this.scope.acquire(10);
		PooledBuffer second = this.scope.acquire(10);
		assertThat(this.scope.detach(first)).isSameAs(first);
		assertThat(this.scope.size()).isEqualTo(1);
		this.scope.close();
		assertThat(first.isAlive()).isTrue();
		assertThat(second.isAlive()).isFalse();
		first.release();
		assertThat(leased()).isZero();
	}

	@Test
	void onlyWhatTheScopeOwnsCanBeDetached() {
		PooledBuffer own = this.scope.acquire(10);
		PooledBuffer foreign = this.pool.acquire(10);
		PooledBuffer retained = own.retain();
		this.scope.detach(own);
		for (PooledBuffer buffer : List.of(own, foreign, retained)) {
			assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> this.scope.detach(buffer))
				.withMessageStartingWith("Cannot detach PooledBuffer[pool=uploads, size=10");
			assertThat(buffer.isAlive()).isTrue();
			buffer.release();
		}
		PooledBuffer released = this.scope.acquire(10);
		released.release();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> this.scope.detach(released));
	}

	@Test
	void adoptedBufferBelongsToTheScope() {
		PooledBuffer buffer = this.pool.acquire(10);
		assertThat(this.scope.adopt(buffer)).isSameAs(buffer);
		assertThat(this.scope.size()).isEqualTo(1);
		this.scope.close();
		assertThat(buffer.isAlive()).isFalse();
	}

	@Test
	void bufferIsAdoptedOnce() {
		PooledBuffer adopted = this.scope.adopt(this.pool.acquire(10));
		PooledBuffer acquired = this.scope.acquire(10);
		PooledOutputStream out = this.scope.outputStream();
		PooledBuffer written = out.toBuffer();
		for (PooledBuffer buffer : List.of(adopted, acquired, written)) {
			assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> this.scope.adopt(buffer))
				.withMessageStartingWith("Cannot let this scope adopt PooledBuffer[pool=uploads")
				.withMessageContaining("the scope owns it already");
			this.scope.detach(buffer);
		}
		this.scope.close();
		for (PooledBuffer buffer : List.of(adopted, acquired, written)) {
			assertThat(buffer.isAlive()).as("detached once is enough").isTrue();
			buffer.release();
		}
	}

	@Test
	void refusedAdoptionChangesNothing() {
		BufferScope limited = new BufferScope(this.pool, 30);
		PooledBuffer buffer = limited.adopt(this.pool.acquire(10));
		assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> limited.adopt(buffer));
		assertThat(limited.size()).isOne();
		assertThat(limited.remaining()).isEqualTo(20);
		limited.acquire(20);
		limited.close();
		assertThat(leased()).isZero();
	}

	@Test
	void oneOfSeveralThreadsThatAdoptABufferSucceeds() throws Exception {
		for (int round = 0; round < 500; round++) {
			PooledBuffer buffer = this.pool.acquire(10);
			AtomicInteger adopted = new AtomicInteger();
			Together.run(2, (thread) -> {
				try {
					this.scope.adopt(buffer);
					adopted.incrementAndGet();
				}
				catch (LeaseException ex) {
					// The other thread was first
				}
			});
			assertThat(adopted).hasValue(1);
			this.scope.detach(buffer).release();
		}
	}

	@Test
	void bufferThatIsUsedAfterItsScopeSaysThatTheScopeHasEnded() {
		PooledBuffer buffer = this.scope.acquire(10);
		PooledBuffer early = this.scope.acquire(10);
		early.release();
		this.scope.close();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(buffer::retain)
			.withMessageContaining("the request or scope that owned it has ended, and released it");
		assertThatExceptionOfType(LeaseException.class).isThrownBy(early::retain)
			.withMessageContaining("it was released before")
			.withMessageNotContaining("has ended");
	}

	@Test
	void bufferThatWasAbandonedSaysThatItsWorkHasEnded() {
		BufferScope work = new BufferScope(this.pool, Long.MAX_VALUE, () -> new UnitOfWork("job", "7"), false);
		PooledBuffer buffer = work.acquire(10);
		work.abandon();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(buffer::retain)
			.withMessageContaining("the request or scope that owned it has ended");
	}

	@Test
	void bufferThatIsReleasedTwiceAdvisesToCloseOrToHaveOneOwner() {
		PooledBuffer buffer = this.pool.acquire(10);
		buffer.release();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(buffer::release)
			.withMessageContaining("it was released before")
			.withMessageContaining("one owner")
			.withMessageContaining("close()");
	}

	@Test
	void releasedBufferIsNotAdopted() {
		PooledBuffer released = this.pool.acquire(10);
		released.release();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> this.scope.adopt(released))
			.withMessageContaining("it was released before");
	}

	@Test
	void bufferThatCannotBeOwnedIsReleasedWhenAcquired() {
		BufferScope limited = new BufferScope(this.pool, 100);
		BufferPool slow = mock(BufferPool.class);
		given(slow.acquire(10)).willAnswer((call) -> {
			limited.acquire(95);
			return this.pool.acquire(10);
		});
		assertThatExceptionOfType(SizeLimitExceededException.class).isThrownBy(() -> limited.acquire(slow, 10));
		assertThat(leased()).isOne();
		limited.close();
	}

	@Test
	void bufferMovesFromScopeToScope() {
		BufferScope next = new BufferScope(this.pool);
		PooledBuffer buffer = next.adopt(this.scope.detach(this.scope.acquire(10)));
		this.scope.close();
		assertThat(buffer.isAlive()).isTrue();
		next.close();
		assertThat(leased()).isZero();
	}

	@Test
	void buffersOfSeveralPoolsBelongToOneScope() {
		BufferPool downloads = BufferPool.builder("downloads").tiers(64).build();
		this.scope.acquire(downloads, 10);
		this.scope.acquire(10);
		assertThat(downloads.statistics().leased()).isEqualTo(1);
		assertThat(leased()).isEqualTo(1);
		this.scope.close();
		assertThat(downloads.statistics().leased()).isZero();
		assertThat(leased()).isZero();
	}

	@Test
	void failedAcquireLeavesNothingBehind() {
		BufferPool strict = BufferPool.builder("strict")
			.tiers(64)
			.caps(new Caps(1, 1, 0))
			.policy(ExhaustionPolicy.FAIL)
			.build();
		this.scope.acquire(strict, 10);
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> this.scope.acquire(strict, 10));
		assertThatIllegalArgumentException().isThrownBy(() -> this.scope.acquire(-1));
		assertThat(this.scope.size()).isEqualTo(1);
		this.scope.close();
	}

	@Test
	void poolIsRequired() {
		assertThatNullPointerException().isThrownBy(BufferScopeTests::scopeWithoutPool)
			.withMessage("'pool' must not be null");
	}

	@SuppressWarnings("NullAway")
	private static void scopeWithoutPool() {
		new BufferScope(null);
	}

	// Size

	@Test
	void sizeIsWhatIsNeitherReleasedNorDetached() {
		PooledBuffer first = this.scope.acquire(10);
		PooledBuffer second = this.scope.acquire(10);
		this.scope.acquire(10);
		first.release();
		this.scope.detach(second).release();
		assertThat(this.scope.size()).isEqualTo(1);
		this.scope.close();
		assertThat(this.scope.size()).isZero();
	}

	@Test
	@Tag("allocation")
	void scopeAllocatesLittleBesideTheHandle() throws Exception {
		long handle = Allocation.of(() -> this.pool.acquire(10).release());
		assertThat(Allocation.of(() -> {
			try (BufferScope unit = new BufferScope(this.pool, 1000)) {
				unit.acquire(10);
			}
		})).isBetween(handle, handle + 128);
	}

	@Test
	void millionPairsLeaveItsSizeConstant() {
		for (int i = 0; i < 1_000_000; i++) {
			this.scope.acquire(10).release();
		}
		assertThat(length()).isLessThanOrEqualTo(16);
		assertThat(this.scope.size()).isZero();
		this.scope.close();
	}

	@Test
	void millionPairsBesideALongLivingBufferLeaveItsSizeConstant() {
		for (int i = 0; i < 20; i++) {
			this.scope.acquire(10);
		}
		for (int i = 0; i < 1_000_000; i++) {
			PooledBuffer buffer = this.scope.acquire(10);
			if (i % 3 == 0) {
				this.scope.detach(buffer);
			}
			buffer.release();
		}
		assertThat(length()).isLessThanOrEqualTo(64);
		assertThat(this.scope.size()).isEqualTo(20);
		this.scope.close();
		assertThat(leased()).isZero();
	}

	// Limit

	@Test
	void limitBoundsWhatIsHeldAtOnce() {
		BufferScope limited = new BufferScope(this.pool, 100);
		PooledBuffer first = limited.acquire(60);
		limited.acquire(40);
		assertThatExceptionOfType(SizeLimitExceededException.class).isThrownBy(() -> limited.acquire(1))
			.withMessage("Cannot acquire 1 bytes through this scope: it holds 100 bytes already and is limited to 100. "
					+ "Release buffers sooner, or raise the limit of the scope")
			.satisfies((ex) -> assertThat(ex.getLimit()).isEqualTo(100));
		limited.acquire(0);
		first.release();
		limited.acquire(60);
		limited.close();
		assertThat(leased()).isZero();
	}

	@Test
	void limitCountsSizesAndNotCapacities() {
		BufferScope limited = new BufferScope(this.pool, 20);
		limited.acquire(17);
		limited.acquire(3);
		assertThat(limited.size()).isEqualTo(2);
		limited.close();
	}

	@Test
	void requestOverTheLimitDoesNotReachThePool() {
		BufferScope limited = new BufferScope(this.pool, 100);
		assertThatExceptionOfType(SizeLimitExceededException.class).isThrownBy(() -> limited.acquire(101));
		assertThatExceptionOfType(SizeLimitExceededException.class)
			.isThrownBy(() -> limited.acquire(Integer.MAX_VALUE));
		assertThat(this.pool.recentSizes()).isEmpty();
		limited.close();
	}

	@Test
	void detachedBytesDoNotCountAgainstTheLimit() {
		BufferScope limited = new BufferScope(this.pool, 100);
		PooledBuffer detached = limited.detach(limited.acquire(100));
		limited.acquire(100);
		limited.close();
		detached.release();
	}

	@Test
	void bufferThatDoesNotFitStaysWithItsOwner() {
		BufferScope limited = new BufferScope(this.pool, 100);
		PooledBuffer tooLarge = this.pool.acquire(101);
		assertThatExceptionOfType(SizeLimitExceededException.class).isThrownBy(() -> limited.adopt(tooLarge));
		assertThat(limited.size()).isZero();
		limited.close();
		assertThat(tooLarge.isAlive()).isTrue();
		tooLarge.release();
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -1 })
	void limitMustBePositive(long limit) {
		assertThatIllegalArgumentException().isThrownBy(() -> new BufferScope(this.pool, limit))
			.withMessage("'limit' must be positive but is " + limit);
	}

	@Test
	void limitIsCountedInLong() {
		BufferScope limited = new BufferScope(this.pool, Long.MAX_VALUE - 1);
		limited.acquire(1000);
		limited.close();
		assertThat(leased()).isZero();
	}

	// Streams

	@Test
	void memoryOfAStreamBelongsToTheScope() throws IOException {
		PooledOutputStream out = this.scope.outputStream();
		out.transferFrom(new ByteArrayInputStream(new byte[100]));
		assertThat(leased()).isEqualTo(1);
		assertThat(this.scope.size()).isEqualTo(1);
		this.scope.close();
		assertThat(leased()).isZero();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> out.write(1));
	}

	@Test
	void resultOfAStreamBelongsToTheScope() {
		PooledOutputStream out = this.scope.outputStream();
		out.write(new byte[70], 0, 70);
		PooledBuffer buffer = out.toBuffer();
		assertThat(this.scope.size()).isEqualTo(1);
		this.scope.detach(buffer);
		this.scope.close();
		assertThat(buffer.toByteArray()).hasSize(70);
		buffer.release();
		assertThat(leased()).isZero();
	}

	@Test
	void streamRespectsItsMaximumAndTheLimitOfTheScope() {
		BufferScope limited = new BufferScope(this.pool, 200);
		PooledOutputStream out = limited.outputStream(this.pool, 0, 50);
		out.write(new byte[50], 0, 50);
		assertThatExceptionOfType(SizeLimitExceededException.class).isThrownBy(() -> out.write(1))
			.satisfies((ex) -> assertThat(ex.getLimit()).isEqualTo(50));
		out.close();
		PooledOutputStream large = limited.outputStream();
		assertThatExceptionOfType(SizeLimitExceededException.class).isThrownBy(() -> large.write(new byte[201], 0, 201))
			.satisfies((ex) -> assertThat(ex.getLimit()).isEqualTo(200));
		limited.close();
		assertThat(leased()).isZero();
	}

	@Test
	void streamsCountTowardsTheLimitByWhatTheyHold() {
		BufferScope limited = new BufferScope(this.pool, 1000);
		PooledOutputStream first = limited.outputStream();
		first.write(new byte[600], 0, 600);
		assertThat(limited.remaining()).isEqualTo(400);
		assertThatExceptionOfType(SizeLimitExceededException.class).isThrownBy(() -> limited.acquire(401))
			.withMessageContaining("it holds 600 bytes already and is limited to 1000");
		limited.acquire(300);
		PooledOutputStream second = limited.outputStream();
		assertThatExceptionOfType(SizeLimitExceededException.class)
			.isThrownBy(() -> second.write(new byte[101], 0, 101));
		second.write(new byte[100], 0, 100);
		assertThatExceptionOfType(SizeLimitExceededException.class).isThrownBy(() -> first.write(1));
		assertThat(first.toBuffer().size()).as("nothing is lost").isEqualTo(600);
		assertThat(limited.remaining()).isZero();
		limited.close();
		assertThat(leased()).isZero();
	}

	@Test
	void manyStreamsHoldNoMoreThanTheLimit() {
		BufferScope limited = new BufferScope(this.pool, 1000);
		List<PooledOutputStream> streams = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			streams.add(limited.outputStream());
		}
		streams.get(0).write(new byte[1000], 0, 1000);
		streams.subList(1, 50)
			.forEach((stream) -> assertThatExceptionOfType(SizeLimitExceededException.class)
				.isThrownBy(() -> stream.write(1)));
		assertThat(streams.stream().mapToInt(PooledOutputStream::size).sum()).isEqualTo(1000);
		limited.close();
	}

	@Test
	void sourceThatIsReadIntoAStreamCountsAsItArrives() throws IOException {
		BufferScope limited = new BufferScope(this.pool, 100);
		PooledOutputStream out = limited.outputStream(this.pool, 50, 1000);
		assertThat(out.transferFrom(new ByteArrayInputStream(new byte[70]))).isEqualTo(70);
		assertThat(limited.remaining()).isEqualTo(30);
		assertThatExceptionOfType(SizeLimitExceededException.class)
			.isThrownBy(() -> out.transferFrom(new ByteArrayInputStream(new byte[31])))
			.satisfies((ex) -> assertThat(ex.getLimit()).isEqualTo(100));
		assertThat(out.size()).isEqualTo(100);
		limited.close();
		assertThat(leased()).isZero();
	}

	@Test
	void releasedStreamDoesNotCountAndAClosedOneDoes() {
		BufferScope limited = new BufferScope(this.pool, 100);
		PooledOutputStream out = limited.outputStream();
		out.write(new byte[100], 0, 100);
		out.close();
		assertThatExceptionOfType(SizeLimitExceededException.class).isThrownBy(() -> limited.acquire(1));
		out.release();
		limited.acquire(100);
		limited.close();
		assertThat(leased()).isZero();
	}

	@Test
	void closedStreamIsReleasedWithItsScope() {
		PooledOutputStream out = this.scope.outputStream();
		out.write(1);
		out.close();
		assertThat(this.scope.size()).isOne();
		this.scope.close();
		assertThat(leased()).isZero();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(out::toBuffer);
	}

	@Test
	void abandonedStreamIsDiscardedWithItsScope() {
		PooledOutputStream out = this.scope.outputStream();
		out.write(1);
		out.close();
		this.scope.abandon();
		assertThat(leased()).isZero();
		assertThat(this.pool.statistics().discardedBy()).containsEntry(DiscardReason.IN_DOUBT, 1L);
		assertThat(this.pool.statistics().doubleReleases()).isZero();
	}

	@Test
	void streamsOfSeveralThreadsHoldNoMoreThanTheLimit() throws Exception {
		for (int round = 0; round < 200; round++) {
			BufferScope limited = new BufferScope(this.pool, 1000);
			List<PooledOutputStream> streams = List.of(limited.outputStream(), limited.outputStream(),
					limited.outputStream());
			Together.run(3, (thread) -> {
				try {
					for (;;) {
						streams.get(thread).write(new byte[7], 0, 7);
						limited.acquire(3).release();
					}
				}
				catch (SizeLimitExceededException ex) {
					// All is used
				}
			});
			assertThat(streams.stream().mapToInt(PooledOutputStream::size).sum()).isBetween(985, 1000);
			limited.close();
		}
		assertThat(leased()).isZero();
	}

	// Failures at the end

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void failingListenerKeepsNothingFromBeingReleased(boolean abandons) {
		BufferPool pool = BufferPool.builder("reported").tiers(64).leakListener((leak) -> {
			throw new NoClassDefFoundError("listener");
		}).build();
		BufferScope unit = new BufferScope(pool, Long.MAX_VALUE, () -> {
			throw new NoClassDefFoundError("name");
		}, true);
		unit.acquire(64);
		unit.acquire(64);
		if (abandons) {
			unit.abandon();
		}
		else {
			unit.close();
		}
		assertThat(pool.statistics().leased()).isZero();
	}

	@Test
	void whatCouldNotBeReleasedIsReleasedWhenClosedAgain() {
		PooledBuffer failing = buffer();
		this.scope.adopt(failing);
		this.scope.acquire(10);
		willThrow(new StackOverflowError()).willDoNothing().given(failing).close();
		assertThatExceptionOfType(StackOverflowError.class).isThrownBy(this.scope::close);
		assertThat(leased()).isZero();
		this.scope.close();
		this.scope.close();
		then(failing).should(times(2)).close();
	}

	@Test
	void whatCouldNotBeDiscardedIsNotReleasedInstead() {
		PooledBuffer failing = buffer();
		this.scope.adopt(failing);
		willThrow(new OutOfMemoryError("No memory")).willDoNothing().given(failing).discard();
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(this.scope::abandon);
		this.scope.close();
		then(failing).should(times(2)).discard();
		then(failing).should(never()).close();
	}

	// Threads

	@Test
	void severalThreadsUseOneScope() throws Exception {
		Together.run(6, (thread) -> {
			for (int i = 0; i < 3000; i++) {
				PooledBuffer buffer = this.scope.acquire(1 + i % 80);
				switch (i % 4) {
					case 0 -> buffer.release();
					case 1 -> this.scope.detach(buffer).release();
					case 2 -> this.scope.size();
					default -> buffer.close();
				}
			}
		});
		assertThat(this.scope.size()).isEqualTo(6 * 750);
		this.scope.close();
		assertThat(leased()).isZero();
		assertThat(this.pool.statistics().doubleReleases()).isZero();
	}

	@Test
	void endRacingItsUsersLeavesNothingLeased() throws Exception {
		for (int round = 0; round < 100; round++) {
			BufferScope unit = new BufferScope(this.pool, 10_000);
			boolean abandons = round % 2 == 0;
			Together.run(3, (thread) -> {
				if (thread == 0) {
					Thread.yield();
					if (abandons) {
						unit.abandon();
					}
					else {
						unit.close();
					}
					return;
				}
				try {
					for (int i = 0; i < 100_000; i++) {
						PooledBuffer buffer = unit.acquire(10);
						if (i % 2 == 0) {
							buffer.close();
						}
						if (i % 100 == 99) {
							unit.outputStream().write(i);
						}
					}
				}
				catch (PoolClosedException | SizeLimitExceededException | LeaseException ex) {
					// As expected
				}
			});
			unit.close();
			assertThat(unit.isClosed()).isTrue();
			assertThat(leased()).isZero();
		}
		assertThat(this.pool.statistics().doubleReleases()).isZero();
	}

}
