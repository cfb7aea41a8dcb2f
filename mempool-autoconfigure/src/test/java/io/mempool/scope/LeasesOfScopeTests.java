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

import java.util.ArrayList;
import java.util.List;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.Lease;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolClosedException;
import io.mempool.core.UnitOfWork;
import io.mempool.object.ObjectPool;
import io.mempool.slice.Slice;
import io.mempool.slice.SlicingAllocator;
import io.mempool.testing.LeaseSource;
import io.mempool.testing.LeaseSource.Kind;
import io.mempool.testing.Together;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mockito.InOrder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;

/**
 * Leases of every kind as part of a {@link BufferScope}.
 */
class LeasesOfScopeTests {

	private final LeaseSource source = new LeaseSource();

	private final BufferScope scope = new BufferScope(this.source.buffers());

	private Lease adopt(Kind kind) {
		return this.scope.adopt(kind.acquire(this.source));
	}

	// The end

	@Test
	void leasesOfEveryKindAreReleasedTogether() {
		List<Lease> leases = new ArrayList<>();
		for (Kind kind : Kind.values()) {
			leases.add(adopt(kind));
		}
		this.scope.outputStream().write(1);
		assertThat(this.scope.size()).isEqualTo(leases.size() + 1);
		this.scope.close();
		assertThat(leases).noneMatch(Lease::isAlive);
		assertThat(this.source.leased()).isZero();
		assertThat(this.source.inDoubt()).isZero();
		assertThat(this.source.doubleReleases()).isZero();
	}

	@Test
	void newestIsReleasedFirstWhateverItsKind() {
		List<String> alive = new ArrayList<>();
		Slice[] slices = new Slice[2];
		ObjectPool<Object> observers = ObjectPool.builder("observers", Object::new)
			.reset((observer) -> alive.add(slices[0].isAlive() + " " + slices[1].isAlive()))
			.build();
		this.scope.acquire(observers);
		slices[0] = (Slice) adopt(Kind.SLICE);
		this.scope.acquire(observers);
		slices[1] = (Slice) adopt(Kind.SLICE_OF_A_BUFFER);
		this.scope.acquire(observers);
		this.scope.close();
		assertThat(alive).containsExactly("true true", "true false", "false false");
	}

	@ParameterizedTest
	@EnumSource
	void whatWasReleasedBeforeTheEndIsNotReleasedAgain(Kind kind) {
		adopt(kind).release();
		assertThat(this.scope.size()).isZero();
		this.scope.close();
		assertThat(this.source.doubleReleases()).isZero();
	}

	@Test
	void sliceThatWasRetainedLivesOn() {
		Slice retained = ((Slice) adopt(Kind.SLICE)).retain();
		this.scope.close();
		assertThat(retained.toByteArray()).hasSize(LeaseSource.SIZE);
		retained.release();
		assertThat(this.source.leased()).isZero();
	}

	// In doubt

	@ParameterizedTest
	@EnumSource
	void whatMayStillBeInUseIsNotLentAgain(Kind kind) {
		Lease lease = adopt(kind);
		this.scope.abandon();
		assertThat(lease.isAlive()).isFalse();
		assertThat(this.source.leased()).isZero();
		assertThat(this.source.inDoubt()).isOne();
		assertThat(this.source.doubleReleases()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void whatWasReleasedBeforeTheDoubtIsLentAgain(Kind kind) {
		adopt(kind).release();
		this.scope.abandon();
		assertThat(this.source.leased()).isZero();
		assertThat(this.source.inDoubt()).isZero();
		assertThat(this.source.doubleReleases()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void closeByTheUserDuringTheDoubtIsNoMisuse(Kind kind) throws Exception {
		for (int round = 0; round < 50; round++) {
			BufferScope unit = new BufferScope(this.source.buffers());
			List<Lease> leases = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				leases.add(unit.adopt(kind.acquire(this.source)));
			}
			Together.run(2, (thread) -> {
				if (thread == 0) {
					unit.abandon();
					return;
				}
				for (int i = 19; i >= 0; i--) {
					leases.get(i).close();
				}
			});
		}
		assertThat(this.source.leased()).isZero();
		assertThat(this.source.doubleReleases()).isZero();
	}

	@Test
	void sliceInDoubtTakesItsWholeAreaOutOfUse() {
		Slice other = (Slice) Kind.SLICE.acquire(this.source);
		adopt(Kind.SLICE);
		this.scope.abandon();
		assertThat(other.toByteArray()).as("still its owner's").hasSize(LeaseSource.SIZE);
		other.release();
		assertThat(this.source.leased()).isZero();
		assertThat(this.source.inDoubt()).isOne();
		assertThat(this.source.buffers().statistics().idle()).isZero();
	}

	// Owners

	@ParameterizedTest
	@EnumSource
	void leaseIsAdoptedOnce(Kind kind) {
		Lease lease = adopt(kind);
		assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> this.scope.adopt(lease))
			.withMessageStartingWith("Cannot let this scope adopt " + lease)
			.withMessageContaining("the scope owns it already");
		assertThat(this.scope.size()).isOne();
	}

	@ParameterizedTest
	@EnumSource
	void releasedLeaseIsNotAdopted(Kind kind) {
		Lease lease = kind.acquire(this.source);
		lease.release();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> this.scope.adopt(lease))
			.withMessageContaining("it was released before");
	}

	@ParameterizedTest
	@EnumSource
	void detachedLeaseBelongsToItsNewOwner(Kind kind) {
		Lease lease = this.scope.detach(adopt(kind));
		assertThat(this.scope.size()).isZero();
		this.scope.close();
		assertThat(lease.isAlive()).isTrue();
		lease.release();
		assertThat(this.source.leased()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void onlyWhatTheScopeOwnsIsDetached(Kind kind) {
		Lease lease = kind.acquire(this.source);
		assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> this.scope.detach(lease))
			.withMessageStartingWith("Cannot detach " + lease)
			.withMessageContaining("acquired elsewhere");
	}

	@ParameterizedTest
	@EnumSource
	void scopeThatHasEndedAdoptsNothingAndLeavesTheLeaseToItsOwner(Kind kind) {
		Lease late = kind.acquire(this.source);
		this.scope.close();
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> this.scope.adopt(late))
			.withMessageContaining("its unit of work has ended");
		assertThat(late.isAlive()).isTrue();
		late.release();
		assertThat(this.source.leased()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void leaseThatIsUsedAfterItsScopeIsDead(Kind kind) {
		Lease lease = adopt(kind);
		this.scope.close();
		assertThat(lease.isAlive()).isFalse();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(lease::release);
	}

	// The limit

	@ParameterizedTest
	@EnumSource
	void leaseCountsTowardsTheLimitWithItsSize(Kind kind) {
		BufferScope limited = new BufferScope(this.source.buffers(), 100);
		Lease lease = limited.adopt(kind.acquire(this.source));
		assertThat(limited.remaining()).isEqualTo(100 - kind.size());
		limited.detach(lease);
		assertThat(limited.remaining()).isEqualTo(100);
	}

	@Test
	void sliceOverTheLimitStaysWithItsOwner() {
		BufferScope limited = new BufferScope(this.source.buffers(), 25);
		limited.acquire(LeaseSource.SIZE);
		limited.adopt(Kind.SLICE.acquire(this.source));
		Lease refused = Kind.SLICE.acquire(this.source);
		assertThatExceptionOfType(SizeLimitExceededException.class).isThrownBy(() -> limited.adopt(refused))
			.withMessageContaining("it holds 20 bytes already and is limited to 25");
		assertThat(refused.isAlive()).isTrue();
		assertThat(limited.size()).isEqualTo(2);
		limited.close();
		assertThat(refused.isAlive()).isTrue();
	}

	@Test
	void sliceThatGrewCountsAsItIsWhenRoomIsNeeded() {
		BufferScope limited = new BufferScope(this.source.buffers(), 30);
		Slice slice = limited.adopt((Slice) Kind.SLICE.acquire(this.source));
		slice.truncateFront(6);
		assertThat(limited.remaining()).isEqualTo(26);
		slice.expandFront(10);
		assertThat(limited.remaining()).isEqualTo(16);
	}

	// Leases of other implementations

	private static Lease foreign() {
		Lease lease = mock(Lease.class);
		given(lease.isAlive()).willReturn(true);
		given(lease.size()).willReturn(LeaseSource.SIZE);
		return lease;
	}

	@Test
	void leaseOfAnotherImplementationIsReleasedInItsTurn() {
		Lease first = foreign();
		Lease second = foreign();
		BufferScope limited = new BufferScope(this.source.buffers(), 25);
		limited.adopt(first);
		limited.adopt(second);
		assertThat(limited.remaining()).isEqualTo(5);
		limited.close();
		InOrder order = inOrder(first, second);
		then(second).should(order).close();
		then(first).should(order).close();
	}

	@Test
	void leaseOfAnotherImplementationIsDiscardedInDoubtAlsoIfItsUserIsFaster() {
		Lease lease = foreign();
		willThrow(new LeaseException("released a moment ago")).given(lease).discard();
		this.scope.adopt(lease);
		PooledBuffer buffer = this.scope.acquire(LeaseSource.SIZE);
		this.scope.abandon();
		then(lease).should().discard();
		assertThat(buffer.isAlive()).isFalse();
	}

	@Test
	void leaseThatCannotBeNamedIsOwnedAllTheSame() {
		BufferScope named = new BufferScope(this.source.buffers(), 25, () -> new UnitOfWork("job", "7"), true);
		Lease lease = named.adopt(foreign());
		assertThat(named.size()).isOne();
		named.close();
		then(lease).should().close();
	}

	@Test
	void allocatorServesScopesThatEndInAnyOrder() {
		BufferPool areas = BufferPool.builder("areas").tiers(1024).build();
		BufferScope other = new BufferScope(areas);
		try (SlicingAllocator allocator = new SlicingAllocator(areas, 0, 1024)) {
			Slice mine = this.scope.adopt(allocator.allocate(LeaseSource.SIZE));
			Slice others = other.adopt(allocator.allocate(LeaseSource.SIZE));
			this.scope.close();
			assertThat(mine.isAlive()).isFalse();
			assertThat(others.isAlive()).isTrue();
			other.close();
		}
		assertThat(areas.statistics().leased()).isZero();
		assertThat(areas.statistics().idle()).isOne();
	}

}
