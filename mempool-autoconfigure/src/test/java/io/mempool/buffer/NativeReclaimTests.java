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
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.mempool.engine.Block;
import io.mempool.testing.Garbage;
import io.mempool.testing.ProvokesOutput;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * When native memory is gone. Runs on the classes, which are those of Java 17, and by
 * {@link NativeReclaimIT} on the jar.
 */
@Tag("garbage")
@ProvokesOutput
class NativeReclaimTests {

	private static final int SIZE = 10_000;

	private final NativeSource source = new NativeSource("native", Clearing.ON_RELEASE, false, false);

	private final MemoryBlock block = this.source.create(SIZE);

	private final AtomicInteger gone = new AtomicInteger();

	// What an abandoned call still uses, until it is cleared
	private final List<Buffer> views = new ArrayList<>();

	static boolean freesAtOnce() {
		return !OffHeapMemory.isLimitedByJvm();
	}

	private void destroy(boolean inDoubt) {
		this.source.destroy(this.block, inDoubt, this.gone::incrementAndGet);
	}

	private void assertGoneAfterCollection() throws InterruptedException {
		Garbage.collectUntil(() -> this.gone.get() > 0);
		assertThat(this.gone).hasValue(1);
	}

	// In doubt

	static Stream<UnaryOperator<Buffer>> views() {
		return Stream.of((view) -> view, (view) -> bytes(view).duplicate(), (view) -> bytes(view).slice(1, 2).slice(),
				(view) -> bytes(view).asReadOnlyBuffer(), (view) -> bytes(view).asIntBuffer(),
				(view) -> bytes(view).asLongBuffer().duplicate(), (view) -> bytes(view).alignedSlice(8));
	}

	private static ByteBuffer bytes(Buffer buffer) {
		return (ByteBuffer) buffer;
	}

	@ParameterizedTest
	@MethodSource("views")
	void memoryInDoubtIsGoneWhenNoViewIsReachable(UnaryOperator<Buffer> derived) throws InterruptedException {
		this.views.add(derived.apply(this.block.view(10, 100)));
		destroy(true);
		Garbage.collect();
		assertThat(this.gone).hasValue(0);
		assertThat(NativeReclaimer.isServing()).isTrue();
		this.views.clear();
		assertGoneAfterCollection();
	}

	@Test
	void alignedMemoryInDoubtIsGoneWhenNoViewIsReachable() throws InterruptedException {
		NativeSource aligned = new NativeSource("native", Clearing.ON_RELEASE, true, false);
		MemoryBlock block = aligned.create(SIZE);
		this.views.add(block.view(0, 1));
		aligned.destroy(block, true, this.gone::incrementAndGet);
		Garbage.collect();
		assertThat(this.gone).hasValue(0);
		this.views.clear();
		assertGoneAfterCollection();
	}

	@Test
	void memoryInDoubtStaysUsableThroughItsViews() throws InterruptedException {
		ByteBuffer view = this.block.view(0, SIZE);
		this.views.add(view);
		destroy(true);
		Garbage.collect();
		view.put(5, (byte) 42);
		assertThat(view.get(5)).isEqualTo((byte) 42);
	}

	@Test
	void memoryInDoubtHasNoNextOwnerWhileItIsInUse() {
		BufferPool pool = BufferPool.builder("native").memory(MemoryKind.OFF_HEAP).tiers(SIZE).build();
		for (int i = 0; i < 20; i++) {
			PooledBuffer buffer = pool.acquire(SIZE);
			this.views.add(buffer.byteBuffer().put(0, (byte) i));
			buffer.discard();
			pool.trim();
		}
		for (int i = 0; i < 20; i++) {
			assertThat(bytes(this.views.get(i)).get(0)).isEqualTo((byte) i);
		}
	}

	@Test
	void viewOutlivesTheLeaseThatWasLost() throws InterruptedException {
		BufferPool pool = BufferPool.builder("native").memory(MemoryKind.OFF_HEAP).tiers(SIZE).build();
		ByteBuffer view = pool.acquire(SIZE).byteBuffer();
		view.putInt(0, 42);
		Garbage.collectUntil(() -> pool.statistics().leaked() == 1);
		assertThat(pool.statistics().leaked()).isOne();
		PooledBuffer next = pool.acquire(SIZE);
		next.byteBuffer().putInt(0, 7);
		assertThat(view.getInt(0)).isEqualTo(42);
	}

	@Test
	void taskEndsWhenNothingIsPending() throws InterruptedException {
		destroy(true);
		assertGoneAfterCollection();
		await().atMost(20, TimeUnit.SECONDS).until(() -> {
			System.gc();
			return !NativeReclaimer.isServing();
		});
	}

	@Test
	void interruptOfTheDaemonLosesNothing() throws InterruptedException {
		this.views.add(this.block.view(0, 1));
		destroy(true);
		Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("mempool-"))
			.forEach(Thread::interrupt);
		this.views.clear();
		assertGoneAfterCollection();
	}

	// Not in doubt

	@Test
	void memoryThatIsNotInDoubtIsGoneAtOnce() {
		this.views.add(this.block.view(0, SIZE));
		destroy(false);
		assertThat(this.gone).hasValue(1);
	}

	@Test
	void memoryInACallOfTheOperatingSystemIsGoneWhenThatEnds() throws Exception {
		assumeThat(freesAtOnce()).as("the runtime can revoke views").isTrue();
		Pipe pipe = Pipe.open();
		ByteBuffer view = this.block.view(0, 10);
		CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> read(pipe, view));
		await().during(200, TimeUnit.MILLISECONDS).until(() -> !read.isDone());
		destroy(false);
		Garbage.collect();
		assertThat(this.gone).hasValue(0);
		pipe.sink().write(ByteBuffer.allocate(3));
		assertThat(read.get(10, TimeUnit.SECONDS)).isEqualTo(3);
		await().atMost(10, TimeUnit.SECONDS).untilAtomic(this.gone, Matchers.is(1));
		assertThatIllegalStateException().isThrownBy(() -> view.get(0));
	}

	private static int read(Pipe pipe, ByteBuffer view) {
		try {
			return pipe.source().read(view);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	// Several calls

	@Test
	void secondCallFreesNothingAndIsToldAsWell() throws InterruptedException {
		Block.Remains remains = ((NativeBlock) this.block).remains();
		assertThat(remains).isNotNull();
		this.views.add(this.block.view(0, 1));
		destroy(true);
		AtomicInteger others = new AtomicInteger();
		remains.free(false, others::incrementAndGet);
		remains.free(true, others::incrementAndGet);
		assertThat(others).hasValue(0);
		assertThat(bytes(this.views.get(0)).get(0)).isZero();
		this.views.clear();
		assertGoneAfterCollection();
		await().atMost(10, TimeUnit.SECONDS).untilAtomic(others, Matchers.is(2));
		remains.free(true, others::incrementAndGet);
		assertThat(others).hasValue(3);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void errorsLoseNothing(boolean inDoubt) throws InterruptedException {
		Block.Remains remains = ((NativeBlock) this.block).remains();
		assertThat(remains).isNotNull();
		this.views.add(this.block.view(0, 1));
		AtomicInteger attempts = new AtomicInteger();
		// No class is to be initialised at the end of the stack
		new NativeReclaimTests().destroyWhileInUse(this.views);
		Runnable free = () -> {
			attempts.incrementAndGet();
			remains.free(inDoubt, () -> {
			});
		};
		Thread thread = new Thread(null, () -> atTheEndOfTheStack(free), "deep", 256 * 1024);
		thread.start();
		thread.join();
		assertThat(attempts).hasValueGreaterThan(1);
		((NativeBlock) this.block).free(inDoubt, this.gone::incrementAndGet);
		this.views.clear();
		assertGoneAfterCollection();
	}

	private void destroyWhileInUse(List<Buffer> views) {
		views.add(this.block.view(0, 1));
		destroy(true);
	}

	// Runs an action with as little stack as it needs, after it failed with any less
	private static boolean atTheEndOfTheStack(Runnable action) {
		try {
			if (atTheEndOfTheStack(action)) {
				return true;
			}
		}
		catch (StackOverflowError ex) {
			// Here, then
		}
		try {
			action.run();
			return true;
		}
		catch (StackOverflowError ex) {
			return false;
		}
	}

	// Others

	@Test
	void memoryOfAForgottenPoolIsFreed() throws InterruptedException {
		Set<?> held = (Set<?>) ReflectionTestUtils.getField(NativeRemains.class, "HELD");
		assertThat(held).isNotNull();
		Garbage.collect();
		this.source.create(1);
		int before = held.size();
		forgetPoolOf(50);
		assertThat(held.size()).isGreaterThanOrEqualTo(before + 50);
		Garbage.collectUntil(() -> {
			this.source.create(1);
			return held.size() < before + 20;
		});
		assertThat(held.size()).isLessThan(before + 20);
	}

	private static void forgetPoolOf(int blocks) {
		BufferPool.builder("forgotten")
			.memory(MemoryKind.OFF_HEAP)
			.budget(BufferPool.budget("unlimited", Long.MAX_VALUE))
			.blocks(1000, blocks, blocks)
			.build();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 100, 4096, 65536 })
	void footprintIsWhatAnAllocationTakes(int size) {
		assertThat(NativeMemory.footprint(size, 1)).isEqualTo(size);
		assertThat(NativeMemory.footprint(size, 4096)).isEqualTo(size + 4095L);
	}

	@Test
	void footprintIsWhatTheJvmCounts() throws InterruptedException {
		assumeThat(freesAtOnce()).as("the JVM counts").isFalse();
		Garbage.collect();
		long before = direct();
		List<NativeMemory> memory = new ArrayList<>();
		for (int i = 0; i < 500; i++) {
			memory.add(NativeMemory.allocate(4096, 4096));
		}
		memory.forEach((piece) -> piece.clear(0, 4096));
		assertThat((double) direct() - before).isBetween(490.0 * NativeMemory.footprint(4096, 4096),
				510.0 * NativeMemory.footprint(4096, 4096));
		assertThat(memory).hasSize(500);
	}

	private static long direct() {
		return java.lang.management.ManagementFactory.getPlatformMXBeans(java.lang.management.BufferPoolMXBean.class)
			.stream()
			.filter((bean) -> bean.getName().equals("direct"))
			.findFirst()
			.orElseThrow()
			.getTotalCapacity();
	}

}
