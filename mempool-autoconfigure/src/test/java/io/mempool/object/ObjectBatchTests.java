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

package io.mempool.object;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

import io.mempool.testing.Allocation;
import io.mempool.testing.Thing;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Q1: hundreds of small objects, taken as they are needed and given back together.
 */
class ObjectBatchTests {

	private final Thing.Factory factory = new Thing.Factory();

	private final ObjectBatch<Thing> batch = new ObjectBatch<>(this.factory, Thing::reset, 10);

	private List<Thing> take(int count) {
		List<Thing> things = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			things.add(this.batch.next());
		}
		return things;
	}

	@Test
	void everyObjectIsAnotherOne() {
		Set<Thing> things = Collections.newSetFromMap(new IdentityHashMap<>());
		things.addAll(take(100));
		assertThat(things).hasSize(100);
		assertThat(this.batch.size()).isEqualTo(100);
	}

	@Test
	void objectsAreHandedOutAgainAfterTheReset() throws Exception {
		List<Thing> first = take(10);
		this.batch.reset();
		assertThat(this.batch.size()).isZero();
		assertThat(take(10)).isEqualTo(first);
		assertThat(this.factory.made()).hasSize(10);
	}

	@Test
	void nothingOfTheLastOwnerIsLeft() throws Exception {
		take(10).forEach((thing) -> thing.mark(7));
		this.batch.reset();
		assertThat(take(10)).allMatch((thing) -> thing.mark() == 0);
	}

	@Test
	void onlyWhatWasHandedOutIsReset() throws Exception {
		List<Integer> reset = new ArrayList<>();
		ObjectBatch<Thing> batch = new ObjectBatch<>(this.factory, (thing) -> reset.add(thing.number()));
		for (int i = 0; i < 5; i++) {
			batch.next();
		}
		batch.reset();
		batch.next();
		reset.clear();
		batch.reset();
		assertThat(reset).containsExactly(0);
	}

	@ParameterizedTest
	@ValueSource(ints = { 9, 10, 11, 1000 })
	void noMoreAreKeptThanTheBound(int count) throws Exception {
		List<Thing> first = take(count);
		this.batch.reset();
		int kept = Math.min(count, 10);
		assertThat(take(count).subList(0, kept)).isEqualTo(first.subList(0, kept));
		assertThat(this.factory.made()).hasSize(count + Math.max(0, count - kept));
	}

	@Test
	void batchThatKeepsNothingHandsOutFreshObjects() throws Exception {
		ObjectBatch<Thing> batch = new ObjectBatch<>(this.factory, Thing::reset, 0);
		Thing first = batch.next();
		batch.reset();
		assertThat(batch.next()).isNotSameAs(first);
	}

	@Test
	void objectsAreListedInTheirOrder() {
		List<Thing> things = take(20);
		assertThat(this.batch.toList()).isEqualTo(things);
		assertThat(this.batch.get(0)).isSameAs(things.get(0));
		assertThat(this.batch.get(19)).isSameAs(things.get(19));
	}

	@Test
	void objectThatWasNotHandedOutIsNotGot() throws Exception {
		take(3);
		this.batch.reset();
		take(2);
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> this.batch.get(2));
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> this.batch.get(-1));
	}

	@Test
	void failureOfTheFactoryLeavesTheBatchAsItWas() {
		List<String> failures = new ArrayList<>(List.of("as asked"));
		ObjectBatch<Thing> batch = new ObjectBatch<>(() -> {
			if (!failures.isEmpty()) {
				throw new IOException(failures.remove(0));
			}
			return this.factory.call();
		}, Thing::reset);
		assertThatExceptionOfType(PooledObjectException.class).isThrownBy(batch::next)
			.withMessageContaining("as asked")
			.withCauseInstanceOf(IOException.class);
		assertThat(batch.size()).isZero();
		assertThat(batch.next()).isNotNull();
	}

	@Test
	void factoryThatReturnsNullFails() {
		ObjectBatch<Thing> batch = new ObjectBatch<>(() -> null, Thing::reset);
		assertThatExceptionOfType(PooledObjectException.class).isThrownBy(batch::next)
			.withMessageContaining("The factory returned null");
	}

	@Test
	void argumentsAreChecked() {
		assertThatIllegalArgumentException().isThrownBy(() -> new ObjectBatch<>(Object::new, (object) -> {
		}, -1)).withMessage("'kept' must not be negative but is -1");
		assertThatNullPointerException().isThrownBy(() -> new ObjectBatch<>(null, (object) -> {
		})).withMessage("'factory' must not be null");
		assertThatNullPointerException().isThrownBy(() -> new ObjectBatch<>(Object::new, null))
			.withMessage("'reset' must not be null");
	}

	@Test
	void textTellsNumbersAndNoObjects() {
		take(3);
		assertThat(this.batch).hasToString("ObjectBatch[size=3, created=3]");
	}

	@Test
	void poolOfBatchesResetsThem() {
		try (ObjectPool<ObjectBatch<Thing>> pool = ObjectPool.batches("rows", this.factory, Thing::reset).build()) {
			Thing first = pool.use((rows) -> {
				Thing row = rows.next();
				row.mark(3);
				return row;
			});
			assertThat(first.mark()).isZero();
			assertThat(pool.<Integer, RuntimeException>use(ObjectBatch::size)).isZero();
			assertThat(pool.<Boolean, RuntimeException>use((rows) -> rows.next() == first)).isTrue();
		}
	}

	@Test
	void batchOfWhichAnObjectCannotBeResetIsNotUsedAgain() {
		try (ObjectPool<ObjectBatch<Thing>> pool = ObjectPool.batches("rows", this.factory, (thing) -> {
			throw new IllegalStateException("no reset");
		}).build()) {
			assertThatExceptionOfType(PooledObjectException.class)
				.isThrownBy(() -> pool.useWithoutResult(ObjectBatch::next));
			assertThat(pool.statistics().idle()).isZero();
		}
	}

	@Test
	@Tag("allocation")
	void handingOutWhatIsThereAllocatesNothing() throws Exception {
		take(10);
		this.batch.reset();
		assertThat(Allocation.of(() -> {
			for (int i = 0; i < 10; i++) {
				this.batch.next();
			}
			this.batch.reset();
		})).isZero();
	}

}
