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

package io.mempool.docs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferTier;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.PoolStatistics;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.PooledBufferedOutputStream;
import io.mempool.buffer.PooledOutputStream;
import io.mempool.buffer.SharedBytes;
import io.mempool.core.Budget;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeakDetection;
import io.mempool.core.OpenLease;
import io.mempool.core.PoolExhaustedException;
import io.mempool.object.ObjectBatch;
import io.mempool.object.ObjectPool;
import io.mempool.object.PooledObject;
import io.mempool.ring.LockedRingQueue;
import io.mempool.ring.RingQueue;
import io.mempool.scope.BufferScope;
import io.mempool.slice.Slice;
import io.mempool.slice.SliceReader;
import io.mempool.slice.SliceWriter;
import io.mempool.slice.SlicingAllocator;
import io.mempool.spring.PooledBufferResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.core.io.Resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Small programs as a Java programmer writes them at the first attempt. Each of them must
 * compile, do what it says, and leave no lease behind.
 */
class NaturalProgramsTests {

	private final BufferPool pool = BufferPool.builder("uploads").tiers(4096, 65_536).build();

	private final BufferPool blocks = BufferPool.builder("blocks").blocks(8192, 4, 0).build();

	private final ObjectPool<Deflater> deflaters = ObjectPool.builder("deflaters", Deflater::new)
		.reset(Deflater::reset)
		.destroy(Deflater::end)
		.build();

	@AfterEach
	void everythingIsBack() {
		assertThat(this.pool.statistics().leased()).isZero();
		assertThat(this.blocks.statistics().leased()).isZero();
		assertThat(this.deflaters.statistics().leased()).isZero();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	// Buffers

	@Test
	void numbersByIndex() {
		try (PooledBuffer buffer = this.pool.acquire(16)) {
			buffer.putInt(0, 42);
			buffer.putLong(4, 1L << 40);
			buffer.putShort(12, (short) 7);
			buffer.put(14, (byte) 1);
			assertThat(buffer.getInt(0)).isEqualTo(42);
			assertThat(buffer.getLong(4)).isEqualTo(1L << 40);
			assertThat(buffer.getShort(12)).isEqualTo((short) 7);
			assertThat(buffer.get(14)).isEqualTo((byte) 1);
		}
	}

	@Test
	void bytesInAndOut() {
		byte[] content = bytes("content");
		byte[] read = new byte[content.length];
		try (PooledBuffer buffer = this.pool.acquire(content.length)) {
			buffer.copyIn(0, content);
			buffer.copyOut(0, read);
			assertThat(buffer.toByteArray()).isEqualTo(content);
		}
		assertThat(read).isEqualTo(content);
	}

	@Test
	void oneBufferIntoAnother() {
		try (PooledBuffer source = PooledBuffer.wrap(bytes("content"));
				PooledBuffer target = this.pool.acquire(source.size())) {
			target.copyIn(0, source);
			assertThat(target.toString(StandardCharsets.UTF_8)).isEqualTo("content");
		}
	}

	@Test
	void wholeBufferToAStream() throws IOException {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		try (PooledBuffer buffer = this.pool.acquire(7)) {
			buffer.copyIn(0, bytes("content"));
			buffer.writeTo(out);
		}
		assertThat(out).hasToString("content");
	}

	@Test
	void exactlyAsManyBytesAsTheBufferHas() throws IOException {
		InputStream in = new ByteArrayInputStream(bytes("headbody"));
		try (PooledBuffer head = this.pool.acquire(4); PooledBuffer body = this.pool.acquire(4)) {
			head.readFully(in);
			body.readFully(in);
			assertThat(body.toString(StandardCharsets.US_ASCII)).isEqualTo("body");
		}
	}

	@Test
	void offHeapReadsAsMuchAsTheHeap() throws IOException {
		byte[] content = new byte[200_000];
		try (BufferPool channel = BufferPool.builder("channel").memory(MemoryKind.OFF_HEAP).tiers(1 << 20).build();
				PooledBuffer buffer = channel.acquire(content.length)) {
			assertThat(buffer.readFrom(new ByteArrayInputStream(content), 0, content.length)).isEqualTo(content.length);
		}
	}

	@Test
	void bufferWithoutASizeFromAPoolOfOneTier() {
		try (PooledBuffer block = this.blocks.acquire()) {
			assertThat(block.size()).isEqualTo(8192);
		}
	}

	@Test
	void poolThatIsExhausted() {
		List<PooledBuffer> all = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			all.add(this.blocks.acquire());
		}
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(this.blocks::acquire);
		assertThat(this.blocks.tryAcquire(8192)).isNull();
		all.forEach(PooledBuffer::release);
	}

	@Test
	void waitForABuffer() throws Exception {
		try (BufferPool one = BufferPool.builder("one")
			.tiers(64)
			.maxTotal(1)
			.policy(ExhaustionPolicy.WAIT)
			.maxWait(Duration.ofSeconds(20))
			.build()) {
			PooledBuffer held = one.acquire(64);
			Thread releasing = new Thread(held::release);
			releasing.start();
			one.acquire(64, Duration.ofSeconds(20)).release();
			releasing.join();
		}
	}

	@Test
	void anotherThreadKeepsItsOwnReference() throws Exception {
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try (PooledBuffer buffer = this.pool.acquire(4)) {
			buffer.putInt(0, 42);
			PooledBuffer retained = buffer.retain();
			AtomicInteger seen = new AtomicInteger();
			executor.submit(() -> {
				try (retained) {
					seen.set(retained.getInt(0));
				}
			}).get();
			assertThat(seen).hasValue(42);
		}
		executor.shutdown();
	}

	@Test
	void partOfABuffer() {
		try (PooledBuffer message = PooledBuffer.wrap(bytes("head body")); PooledBuffer body = message.slice(5, 4)) {
			assertThat(body.toString(StandardCharsets.UTF_8)).isEqualTo("body");
		}
	}

	@Test
	void arrayForAnApiThatKnowsNothingElse() throws Exception {
		MessageDigest digest = MessageDigest.getInstance("SHA-256");
		try (PooledBuffer buffer = this.pool.acquire(7)) {
			buffer.copyIn(0, bytes("content"));
			digest.update(buffer.array(), buffer.arrayOffset(), buffer.size());
		}
		assertThat(digest.digest()).isEqualTo(MessageDigest.getInstance("SHA-256").digest(bytes("content")));
	}

	@Test
	void byteBufferForAChannel() throws IOException {
		Pipe pipe = Pipe.open();
		try (PooledBuffer buffer = this.pool.acquire(7)) {
			ByteBuffer view = buffer.byteBuffer();
			view.put(bytes("content")).flip();
			pipe.sink().write(view);
		}
		pipe.sink().close();
		assertThat(Channels.newInputStream(pipe.source()).readAllBytes()).isEqualTo(bytes("content"));
	}

	@Test
	void bytesWithAFunctionThatReleasesThem() {
		PooledBuffer buffer = this.pool.acquire(4);
		SharedBytes shared = buffer.share();
		buffer.release();
		assertThat(shared.bytes().remaining()).isEqualTo(4);
		shared.release().run();
		shared.release().run();
	}

	@Test
	void ownBytesAsABuffer() {
		try (PooledBuffer buffer = PooledBuffer.wrap(bytes("content"))) {
			assertThat(buffer.isTransient()).isTrue();
			assertThat(buffer.size()).isEqualTo(7);
		}
	}

	@Test
	void bufferBeyondTheLargestTierIsTransient() {
		try (PooledBuffer small = this.pool.acquire(100); PooledBuffer large = this.pool.acquire(100_000)) {
			assertThat(small.isTransient()).isFalse();
			assertThat(large.isTransient()).isTrue();
		}
	}

	@Test
	void bufferAsAResource() throws IOException {
		try (PooledBuffer buffer = PooledBuffer.wrap(bytes("content"))) {
			Resource resource = PooledBufferResource.of(buffer);
			assertThat(resource.contentLength()).isEqualTo(7);
			assertThat(resource.getContentAsString(StandardCharsets.UTF_8)).isEqualTo("content");
		}
	}

	@Test
	void toStringShowsNoContent() {
		try (PooledBuffer buffer = PooledBuffer.wrap(bytes("secret"))) {
			assertThat(buffer.toString()).doesNotContain("secret");
		}
	}

	// Streams

	@Test
	void bodyOfUnknownLength() throws IOException {
		PooledOutputStream out = this.pool.outputStream();
		for (int i = 0; i < 10_000; i++) {
			out.write(bytes("line\n"));
		}
		try (PooledBuffer body = out.toBuffer()) {
			assertThat(body.size()).isEqualTo(50_000);
		}
	}

	@Test
	void compressedBody() throws IOException {
		PooledOutputStream out = this.pool.outputStream();
		try (OutputStream gzip = new GZIPOutputStream(out)) {
			gzip.write(bytes("content"));
		}
		try (PooledBuffer body = out.toBuffer(); InputStream in = new GZIPInputStream(body.inputStream())) {
			assertThat(in.readAllBytes()).isEqualTo(bytes("content"));
		}
	}

	@Test
	void bufferedStreamToAnother() throws IOException {
		ByteArrayOutputStream target = new ByteArrayOutputStream();
		try (OutputStream out = new PooledBufferedOutputStream(this.pool, target)) {
			for (byte value : bytes("content")) {
				out.write(value);
			}
		}
		assertThat(target).hasToString("content");
	}

	// Slices

	@Test
	void frameWithAHeaderInFront() throws IOException {
		ByteArrayOutputStream sent = new ByteArrayOutputStream();
		try (SlicingAllocator slices = new SlicingAllocator(this.pool, 4); SliceWriter writer = new SliceWriter(sent)) {
			Slice frame = slices.copy(bytes("content"));
			frame.expandFront(4);
			frame.putInt(0, 7);
			writer.add(frame);
			writer.flush();
		}
		assertThat(ByteBuffer.wrap(sent.toByteArray()).getInt()).isEqualTo(7);
		assertThat(sent.size()).isEqualTo(11);
	}

	@Test
	void framesFromAStream() throws IOException {
		byte[] content = new byte[] { 0, 0, 0, 2, 'h', 'i' };
		try (SliceReader reader = new SliceReader(this.pool, new ByteArrayInputStream(content));
				Slice header = reader.read(4);
				Slice payload = reader.read(header.getInt(0))) {
			assertThat(payload.toString(StandardCharsets.UTF_8)).isEqualTo("hi");
		}
	}

	@Test
	void partOfASlice() throws IOException {
		try (Slice message = Slice.wrap(bytes("head body"));
				Slice body = message.slice(5, 4);
				InputStream in = body.inputStream()) {
			assertThat(in.readAllBytes()).isEqualTo(bytes("body"));
		}
	}

	@Test
	void slicesThatAScopeOwns() {
		try (BufferScope scope = new BufferScope(this.pool)) {
			SlicingAllocator slices = scope.slicingAllocator();
			slices.allocate(100);
			slices.allocate(200);
		}
	}

	// Objects

	@Test
	void objectInATryBlock() {
		try (PooledObject<Deflater> lease = this.deflaters.acquire()) {
			lease.get().setInput(bytes("content"));
		}
	}

	@Test
	void resultOfAFunctionOnAnObject() {
		int length = this.deflaters.use((deflater) -> {
			deflater.setInput(bytes("content"));
			deflater.finish();
			return deflater.deflate(new byte[100]);
		});
		assertThat(length).isPositive();
	}

	@Test
	void severalObjectsOfAScope() {
		try (BufferScope scope = new BufferScope()) {
			List<Deflater> three = scope.acquire(this.deflaters, 3);
			assertThat(three).doesNotHaveDuplicates().hasSize(3);
		}
	}

	@Test
	void hundredsOfSmallObjects() {
		try (ObjectPool<ObjectBatch<StringBuilder>> names = ObjectPool
			.batches("names", StringBuilder::new, (name) -> name.setLength(0))
			.build(); BufferScope scope = new BufferScope()) {
			ObjectBatch<StringBuilder> batch = scope.acquire(names);
			for (int i = 0; i < 300; i++) {
				batch.next().append(i);
			}
			assertThat(batch.size()).isEqualTo(300);
		}
	}

	@Test
	void poolWhoseObjectsAreChecked() {
		try (ObjectPool<CRC32> checksums = ObjectPool.builder("checksums", CRC32::new)
			.reset(CRC32::reset)
			.validation((checksum) -> checksum.getValue() == 0)
			.build()) {
			checksums.useWithoutResult((checksum) -> checksum.update(1));
			assertThat(checksums.<Long, RuntimeException>use(CRC32::getValue)).isZero();
		}
	}

	// Scopes and threads

	@Test
	void severalBuffersReleasedTogether() {
		try (BufferScope scope = new BufferScope(this.pool)) {
			PooledBuffer header = scope.acquire(64);
			PooledBuffer body = scope.acquire(100_000);
			assertThat(header.size() + body.size()).isEqualTo(100_064);
		}
	}

	@Test
	void bufferThatLeavesItsScope() {
		PooledBuffer kept;
		try (BufferScope scope = new BufferScope(this.pool)) {
			kept = scope.detach(scope.acquire(100));
		}
		kept.putInt(0, 1);
		kept.release();
	}

	@Test
	void taskThatUsesTheBuffersOfAScope() throws Exception {
		ExecutorService executor = Executors.newSingleThreadExecutor();
		AtomicInteger seen = new AtomicInteger();
		try (BufferScope scope = new BufferScope(this.pool)) {
			PooledBuffer buffer = scope.acquire(4);
			buffer.putInt(0, 42);
			scope.submit(executor, () -> seen.set(buffer.getInt(0)));
		}
		executor.shutdown();
		assertThat(executor.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
		assertThat(seen).hasValue(42);
	}

	// Settings and figures

	@Test
	void tiersThatAreMultiplesOfABase() {
		try (BufferPool areas = BufferPool.builder("areas").multiplesOf(4096, 16_384).build()) {
			assertThat(areas.tiers()).extracting(BufferTier::size).containsExactly(4096, 8192, 12_288, 16_384);
		}
	}

	@Test
	void figuresOfAPoolAndOfATier() {
		this.pool.acquire(100).release();
		this.pool.acquire(100).release();
		PoolStatistics statistics = this.pool.statistics();
		assertThat(statistics.acquisitions()).isEqualTo(2);
		assertThat(statistics.hitRate()).isEqualTo(0.5);
		assertThat(statistics.tier(100).hitRate()).isEqualTo(0.5);
		assertThat(statistics.tier(4096).hits()).isOne();
		assertThat(statistics.activeTiers()).hasSize(1);
	}

	@Test
	void sizesRequestedLast() {
		this.pool.acquire(100).release();
		this.pool.acquire(200).release();
		assertThat(this.pool.recentSizes()).containsExactly(100, 200);
	}

	@Test
	void settingsOfARunningPool() {
		this.pool.update((settings) -> settings.maxIdle(8).limit(64 << 20));
		assertThat(this.pool.settings().limit()).isEqualTo(64 << 20);
		assertThat(this.pool.statistics().tier(4096).caps().maxIdle()).isEqualTo(8);
	}

	@Test
	void twoPoolsWithOneBudget() {
		Budget budget = BufferPool.budget("both", 1 << 20);
		try (BufferPool one = BufferPool.builder("one").tiers(4096).budget(budget).build();
				BufferPool two = BufferPool.builder("two").tiers(4096).budget(budget).build()) {
			one.acquire(100).release();
			two.acquire(100).release();
			assertThat(budget.limit()).isEqualTo(1 << 20);
		}
	}

	@Test
	void whichLeasesAreOpen() {
		try (BufferPool watched = BufferPool.builder("watched")
			.tiers(4096)
			.leakDetection(LeakDetection.PARANOID)
			.build(); PooledBuffer buffer = watched.acquire(100)) {
			assertThat(buffer.isAlive()).isTrue();
			assertThat(watched.openLeases()).extracting(OpenLease::size).containsExactly(100L);
		}
	}

	@Test
	void listenerForTheEndOfAPool() {
		AtomicInteger closed = new AtomicInteger();
		BufferPool short_ = BufferPool.builder("short").tiers(64).build();
		short_.onClose(closed::incrementAndGet);
		short_.close();
		assertThat(closed).hasValue(1);
	}

	// Rings

	@Test
	void lastValuesOfAnyType() {
		RingQueue<String> ring = new RingQueue<>(3);
		for (String value : List.of("a", "b", "c", "d")) {
			ring.push(value);
		}
		assertThat(ring.snapshot()).containsExactly("b", "c", "d");
		assertThat(ring.isFull()).isTrue();
		assertThat(ring.peek()).isEqualTo("b");
		assertThat(ring.pop()).isEqualTo("b");
		assertThat(ring.size()).isEqualTo(2);
		assertThat(ring.capacity()).isEqualTo(3);
	}

	@Test
	void lastValuesExactly() {
		LockedRingQueue<Integer> ring = new LockedRingQueue<>(2);
		ring.push(1);
		ring.clear();
		assertThat(ring.isEmpty()).isTrue();
		assertThat(ring.pop()).isNull();
	}

}
