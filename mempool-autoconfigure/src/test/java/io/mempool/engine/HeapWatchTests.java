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

package io.mempool.engine;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

import io.mempool.testing.Garbage;
import io.mempool.testing.Logged;
import io.mempool.testing.ProvokesOutput;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@ProvokesOutput
class HeapWatchTests {

	private final Collections collections = new Collections();

	private final HeapWatch watch = new HeapWatch("heap-watch-tests", () -> this.collections);

	private void start(Subscriber subscriber) {
		this.watch.add(subscriber);
		this.collections.wake();
		subscriber.await(1);
	}

	private void collect(long number, long used) {
		this.collections.end(number, used);
		this.collections.wake();
	}

	@Test
	void firstSignalIsARehearsalThatNeedsNoCollection() {
		Subscriber subscriber = new Subscriber(0);
		start(subscriber);
		assertThat(subscriber.readings).singleElement().satisfies((reading) -> {
			assertThat(reading.isRehearsal()).isTrue();
			assertThat(reading.used()).isZero();
		});
	}

	@Test
	void eachCollectionIsReadOnceHoweverManySignalsThereAre() {
		Subscriber subscriber = new Subscriber(0);
		start(subscriber);
		collect(1, 50);
		subscriber.await(2);
		this.collections.wake();
		collect(2, 60);
		subscriber.await(3);
		assertThat(subscriber.readings).extracting(HeapReading::used).containsExactly(0L, 50L, 60L);
	}

	@Test
	void collectionThatEndsMeanwhileIsReadAtOnce() {
		Subscriber subscriber = new Subscriber(0) {

			@Override
			public void given() {
				HeapWatchTests.this.collections.end(2, 70);
				super.given();
			}

		};
		start(subscriber);
		subscriber.await(2);
		assertThat(subscriber.readings).extracting(HeapReading::used).containsExactly(0L, 70L);
	}

	@Test
	void collectionBeforeTheFirstSubscriberSaysNothing() {
		this.collections.end(7, 99);
		Subscriber subscriber = new Subscriber(0);
		start(subscriber);
		collect(8, 10);
		subscriber.await(2);
		assertThat(subscriber.readings).extracting(HeapReading::used).containsExactly(0L, 10L);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whatWasGivenCountsUntilACollectionThatBeganLater(boolean concurrent) {
		this.collections.last = new HeapReading(0, concurrent, 0, 100);
		Subscriber first = new Subscriber(5) {

			@Override
			public long collected(HeapReading reading, long given) {
				if (reading.number() == 1) {
					// It ends while the pools give memory back
					HeapWatchTests.this.collections.end(2, 99);
				}
				long amount = super.collected(reading, given);
				return (reading.number() <= 1) ? amount : 0;
			}

		};
		Subscriber second = new Subscriber(0);
		this.watch.add(first);
		start(second);
		collect(1, 99);
		second.await(3);
		collect(3, 99);
		second.await(4);
		collect(4, 99);
		second.await(5);
		assertThat(first.given).containsExactly(0L, 0L, 5L, concurrent ? 5L : 0L, 0L);
		assertThat(second.given).as("of the same collection too").containsExactly(0L, 5L, 5L, concurrent ? 5L : 0L, 0L);
	}

	@Test
	void subscriberThatFailsDoesNotKeepOthersFromHearing() {
		Subscriber failing = new Subscriber(0) {

			@Override
			public long collected(HeapReading reading, long given) {
				throw new OutOfMemoryError("for the test");
			}

		};
		Subscriber subscriber = new Subscriber(0);
		this.watch.add(failing);
		start(subscriber);
		collect(1, 50);
		subscriber.await(2);
		assertThat(subscriber.readings).hasSize(2);
	}

	@Test
	void threadEndsWithTheLastSubscriberAndComesBackWithTheNext() {
		Subscriber one = new Subscriber(0);
		Subscriber other = new Subscriber(0);
		this.watch.add(one);
		start(other);
		this.watch.remove(one);
		assertThat(this.watch.thread()).isNotNull();
		this.watch.remove(other);
		Awaitility.await().until(() -> this.watch.thread() == null);
		int before = one.readings.size();
		this.watch.add(one);
		assertThat(this.watch.thread()).isNotNull();
		Awaitility.await().until(() -> {
			collect(this.collections.ended + 1, 50);
			return one.readings.size() > before;
		});
		this.watch.remove(one);
	}

	@Test
	void forgottenSubscriberIsNotHeld() throws Exception {
		WeakReference<Subscriber> forgotten = new WeakReference<>(new Subscriber(0));
		this.watch.add(forgotten.get());
		Garbage.collectUntil(() -> forgotten.get() == null);
		assertThat(forgotten.get()).isNull();
	}

	@Test
	void watchWithoutASourceSaysSoOnceAndDoesNothing() {
		try (Logged logged = new Logged(HeapWatch.class)) {
			HeapWatch blind = new HeapWatch("blind", () -> {
				throw new NoClassDefFoundError("java/lang/management/ManagementFactory");
			});
			blind.add(new Subscriber(0));
			Awaitility.await().until(() -> blind.thread() == null && !logged.messages().isEmpty());
			blind.add(new Subscriber(0));
			assertThat(blind.thread()).isNull();
			assertThat(logged.messages()).singleElement()
				.asString()
				.contains("Pools do not notice when the heap is nearly full", "'java.management'");
		}
	}

	/**
	 * The collections of a heap.
	 */
	private static final class Collections implements HeapWatch.Source {

		private final Semaphore signals = new Semaphore(0);

		private volatile HeapReading last = new HeapReading(0, false, 0, 100);

		private volatile long ended;

		private void end(long number, long used) {
			this.last = new HeapReading(number, this.last.concurrent(), used, 100);
			this.ended = number;
		}

		@Override
		public void await() throws InterruptedException {
			this.signals.acquire();
		}

		@Override
		public void wake() {
			this.signals.release();
		}

		@Override
		public HeapReading latest() {
			return this.last;
		}

		@Override
		public long collections() {
			return this.ended;
		}

	}

	/**
	 * Gives the same amount each time.
	 */
	private static class Subscriber implements HeapWatch.Subscriber {

		private final List<HeapReading> readings = new CopyOnWriteArrayList<>();

		private final List<Long> given = new CopyOnWriteArrayList<>();

		private volatile long amount;

		private volatile HeapReading reading;

		Subscriber(long amount) {
			this.amount = amount;
		}

		@Override
		public long collected(HeapReading reading, long given) {
			this.given.add(given);
			this.reading = reading;
			return reading.isRehearsal() ? 0 : this.amount;
		}

		// Last: what is awaited has happened then
		@Override
		public void given() {
			this.readings.add(this.reading);
		}

		void await(int count) {
			Awaitility.await().until(() -> this.readings.size() >= count);
		}

	}

}
