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

package io.mempool.core;

import java.util.concurrent.atomic.AtomicInteger;

import io.mempool.slice.Slice;
import io.mempool.testing.LeaseSource;
import io.mempool.testing.LeaseSource.Kind;
import io.mempool.testing.Together;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What holds for a {@link Lease} of every kind.
 */
class LeaseContractTests {

	private final LeaseSource source = new LeaseSource();

	@ParameterizedTest
	@EnumSource
	void leaseIsAliveUntilItsRelease(Kind kind) {
		Lease lease = kind.acquire(this.source);
		assertThat(lease.isAlive()).isTrue();
		assertThat(lease.referenceCount()).isPositive();
		lease.release();
		assertThat(lease.isAlive()).isFalse();
		assertThat(lease.referenceCount()).isZero();
		assertThat(this.source.leased()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void sizeIsKnownBeforeAndAfterTheRelease(Kind kind) {
		Lease lease = kind.acquire(this.source);
		assertThat(lease.size()).isEqualTo(kind.size());
		lease.release();
		assertThat(lease.size()).isEqualTo(kind.size());
	}

	@ParameterizedTest
	@EnumSource
	void secondReleaseIsAnErrorAndCounted(Kind kind) {
		Lease lease = kind.acquire(this.source);
		lease.release();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(lease::release)
			.withMessageContaining("it was released before");
		assertThat(this.source.doubleReleases()).isOne();
	}

	@ParameterizedTest
	@EnumSource
	void closeMayBeRepeated(Kind kind) {
		Lease lease = kind.acquire(this.source);
		lease.close();
		lease.close();
		assertThat(this.source.doubleReleases()).isZero();
		assertThat(this.source.leased()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void whatIsDiscardedIsNotLentAgain(Kind kind) {
		Lease lease = kind.acquire(this.source);
		lease.discard();
		assertThat(lease.isAlive()).isFalse();
		assertThat(this.source.leased()).isZero();
		assertThat(this.source.inDoubt()).isOne();
	}

	@ParameterizedTest
	@EnumSource
	void discardAfterTheReleaseIsAnErrorAndCounted(Kind kind) {
		Lease lease = kind.acquire(this.source);
		lease.release();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(lease::discard);
		assertThat(this.source.doubleReleases()).isOne();
		assertThat(this.source.leased()).isZero();
		assertThat(this.source.inDoubt()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void oneOfSeveralThreadsReleasesIt(Kind kind) throws Exception {
		for (int round = 0; round < 100; round++) {
			Lease lease = kind.acquire(this.source);
			AtomicInteger released = new AtomicInteger();
			Together.run(2, (thread) -> {
				try {
					lease.release();
					released.incrementAndGet();
				}
				catch (LeaseException ex) {
					// The other thread was first
				}
			});
			assertThat(released).hasValue(1);
		}
		assertThat(this.source.doubleReleases()).isEqualTo(100);
	}

	@Test
	void objectHasOneReference() {
		assertThat(Kind.OBJECT.acquire(this.source).referenceCount()).isOne();
	}

	@Test
	void sliceHasTheReferencesOfItsArea() {
		Slice slice = (Slice) Kind.SLICE.acquire(this.source);
		assertThat(slice.referenceCount()).as("its own and the allocator's").isEqualTo(2);
		Slice next = (Slice) Kind.SLICE.acquire(this.source);
		assertThat(slice.referenceCount()).isEqualTo(3);
		next.release();
		assertThat(slice.referenceCount()).isEqualTo(2);
	}

	@Test
	void sliceOfMemoryWithoutAPoolHasOneReference() {
		Slice slice = Slice.wrap(new byte[LeaseSource.SIZE]);
		assertThat(slice.referenceCount()).isOne();
		slice.close();
		assertThat(slice.referenceCount()).isZero();
	}

}
