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

package io.mempool.leaks;

import java.util.Arrays;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.Caps;
import io.mempool.core.LeakDetection;
import io.mempool.core.LeaseException;
import io.mempool.object.ObjectPool;
import io.mempool.object.PooledObject;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The error of a dead handle names the thread that released it.
 */
class TracedReleaseTests {

	private static BufferPool pool(LeakDetection detection, int maxIdle) {
		return BufferPool.builder("uploads").tiers(100).caps(Caps.ofIdle(maxIdle)).leakDetection(detection).build();
	}

	private static void releaseElsewhere(AutoCloseable lease) throws Exception {
		Thread thread = new Thread(() -> closeAsFirst(lease), "first");
		thread.start();
		thread.join();
	}

	private static void closeAsFirst(AutoCloseable lease) {
		try {
			lease.close();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void assertThatFirstIsNamed(ThrowingCallable misuse) {
		assertThatExceptionOfType(LeaseException.class).isThrownBy(misuse)
			.withMessageContaining("'uploads'")
			.withMessageEndingWith("The thread 'first' released it first")
			.satisfies((ex) -> {
				assertThat(ex.getStackTrace()).anyMatch((frame) -> frame.getClassName().contains("TracedReleaseTests"));
				assertThat(ex.getSuppressed()).hasSize(1);
				assertThat(Arrays.stream(ex.getSuppressed()[0].getStackTrace()).map(StackTraceElement::getMethodName))
					.contains("closeAsFirst");
			});
	}

	private static void assertThatNoThreadIsNamed(ThrowingCallable misuse) {
		assertThatExceptionOfType(LeaseException.class).isThrownBy(misuse)
			.satisfies((ex) -> assertThat(ex.getSuppressed()).isEmpty())
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("first'"));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 4 })
	void secondReleaseNamesTheFirst(int maxIdle) throws Exception {
		PooledBuffer buffer = pool(LeakDetection.PARANOID, maxIdle).acquire(100);
		releaseElsewhere(buffer);
		assertThatFirstIsNamed(buffer::release);
		assertThatFirstIsNamed(buffer::discard);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 4 })
	void useAfterReleaseNamesTheReleasingThread(int maxIdle) throws Exception {
		PooledBuffer buffer = pool(LeakDetection.PARANOID, maxIdle).acquire(100);
		releaseElsewhere(buffer);
		assertThatFirstIsNamed(buffer::array);
		assertThatFirstIsNamed(() -> buffer.copyIn(0, new byte[1], 0, 1));
		assertThatFirstIsNamed(buffer::retain);
	}

	@Test
	void secondReleaseNamesTheFirstAlsoWhenOthersHadTheMemorySince() throws Exception {
		BufferPool pool = pool(LeakDetection.PARANOID, 4);
		PooledBuffer stale = pool.acquire(100);
		releaseElsewhere(stale);
		pool.acquire(100).release();
		PooledBuffer other = pool.acquire(100);
		assertThat(pool.statistics().hits()).isEqualTo(2);
		assertThatFirstIsNamed(stale::release);
		assertThat(other.isAlive()).isTrue();
		other.release();
	}

	@Test
	void onlyAFewFormerLeasesOfABlockAreRemembered() throws Exception {
		BufferPool pool = pool(LeakDetection.PARANOID, 4);
		PooledBuffer stale = pool.acquire(100);
		releaseElsewhere(stale);
		for (int i = 0; i < 10; i++) {
			pool.acquire(100).release();
		}
		assertThatNoThreadIsNamed(stale::release);
	}

	@Test
	void releaseOfAnotherHandleOfTheSameLeaseIsNotTakenForTheFirst() throws Exception {
		BufferPool pool = pool(LeakDetection.PARANOID, 4);
		PooledBuffer buffer = pool.acquire(100);
		PooledBuffer retained = buffer.retain();
		retained.release();
		releaseElsewhere(buffer);
		assertThatFirstIsNamed(buffer::release);
		assertThatExceptionOfType(LeaseException.class).isThrownBy(retained::release)
			.withMessageContaining("'" + Thread.currentThread().getName() + "' released it first");
	}

	@Test
	void discardNamesItsThreadToo() throws Exception {
		PooledBuffer buffer = pool(LeakDetection.PARANOID, 4).acquire(100);
		releaseElsewhere(buffer::discard);
		assertThatFirstIsNamed(buffer::release);
	}

	@Test
	void secondReleaseOfAnObjectNamesTheFirst() throws Exception {
		PooledObject<StringBuilder> object = ObjectPool.builder("uploads", StringBuilder::new)
			.leakDetection(LeakDetection.PARANOID)
			.build()
			.acquire();
		releaseElsewhere(object);
		assertThatFirstIsNamed(object::release);
		assertThatFirstIsNamed(object::get);
	}

	@ParameterizedTest
	@ValueSource(strings = { "DISABLED", "SIMPLE" })
	void withoutTracesNoThreadIsNamed(LeakDetection detection) throws Exception {
		BufferPool pool = pool(detection, 4);
		for (int i = 0; i < 1000; i++) {
			PooledBuffer buffer = pool.acquire(100);
			buffer.release();
			assertThatNoThreadIsNamed(buffer::release);
		}
	}

	@Test
	void sampledReleasesNameTheFirstAtTheAdvancedLevel() {
		BufferPool pool = pool(LeakDetection.ADVANCED, 4);
		int named = 0;
		for (int i = 0; i < 10 * 128; i++) {
			PooledBuffer buffer = pool.acquire(100);
			buffer.release();
			try {
				buffer.release();
			}
			catch (LeaseException ex) {
				named += ex.getSuppressed().length;
			}
		}
		assertThat(named).isBetween(1, 40);
		assertThat(pool.statistics().doubleReleases()).isEqualTo(10 * 128);
	}

}
