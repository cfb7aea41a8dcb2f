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

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.Weights;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeakDetection;
import io.mempool.core.UnitOfWork;
import io.mempool.engine.LeakDetector;
import io.mempool.object.ObjectPool;
import io.mempool.object.PooledObject;
import io.mempool.scope.BufferScope;
import io.mempool.testing.Buffers;
import io.mempool.testing.Logged;
import io.mempool.testing.ProvokesOutput;
import io.mempool.testing.Started;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * Tests for events of the JDK's flight recorder.
 */
@ProvokesOutput
class FlightRecorderTests {

	@TempDir
	private Path directory;

	private static final String POOL = "recorded";

	private final Recording recording = new Recording();

	@AfterEach
	void close() {
		this.recording.close();
	}

	private List<RecordedEvent> recorded(String name) throws IOException {
		this.recording.stop();
		Path file = this.directory.resolve("pools.jfr");
		this.recording.dump(file);
		return RecordingFile.readAllEvents(file)
			.stream()
			// A recording is of all pools of the JVM, also of other tests
			.filter((event) -> event.getEventType().getName().equals(name) && event.getString("pool").equals(POOL))
			.toList();
	}

	private static BufferPool pool(int maxIdle) {
		return BufferPool.builder(POOL).tiers(100, 1000).caps(Caps.ofIdle(maxIdle)).build();
	}

	@Test
	void missIsRecordedWhereItIsAskedFor() throws IOException {
		this.recording.enable("mempool.Miss");
		this.recording.start();
		BufferPool pool = pool(4);
		pool.acquire(60).release();
		pool.acquire(60).release();
		pool.acquire(5000).release();
		List<RecordedEvent> misses = recorded("mempool.Miss");
		assertThat(misses).hasSize(2);
		RecordedEvent miss = misses.get(0);
		assertThat(miss.getString("pool")).isEqualTo(POOL);
		assertThat(miss.getLong("tier")).isEqualTo(100);
		assertThat(miss.getLong("size")).isEqualTo(60);
		assertThat(miss.getBoolean("kept")).isTrue();
		assertThat(miss.getDuration()).isPositive();
		assertThat(miss.getStackTrace().getFrames())
			.anyMatch((frame) -> frame.getMethod().getName().equals("missIsRecordedWhereItIsAskedFor"));
		assertThat(misses.get(1).getBoolean("kept")).isFalse();
	}

	@Test
	void oversizedIsRecordedAsSuch() throws IOException {
		this.recording.enable("mempool.Miss");
		this.recording.enable("mempool.Discard");
		this.recording.start();
		BufferPool pool = pool(4);
		pool.acquire(60).release();
		pool.acquire(5000).discard();
		pool.acquire(60).discard();
		this.recording.stop();
		Path file = this.directory.resolve("pools.jfr");
		this.recording.dump(file);
		List<RecordedEvent> events = RecordingFile.readAllEvents(file);
		assertThat(events).filteredOn((event) -> event.getEventType().getName().equals("mempool.Miss"))
			.extracting((event) -> event.getBoolean("oversized"), (event) -> event.getLong("tier"))
			.containsExactly(tuple(false, 100L), tuple(true, 0L));
		assertThat(events).filteredOn((event) -> event.getEventType().getName().equals("mempool.Discard"))
			.extracting((event) -> event.getBoolean("oversized"), (event) -> event.getLong("tier"))
			.containsExactly(tuple(true, 0L), tuple(false, 100L));
	}

	@Test
	void discardIsRecordedWithItsReasonWhereItIsAskedFor() throws IOException {
		this.recording.enable("mempool.Discard");
		this.recording.start();
		BufferPool pool = pool(1);
		Buffers.acquire(pool, 100, 2).forEach(PooledBuffer::release);
		pool.acquire(100).discard();
		List<RecordedEvent> discards = recorded("mempool.Discard");
		assertThat(discards).extracting((event) -> event.getString("reason")).containsExactly("full", "in-doubt");
		assertThat(discards).allSatisfy((event) -> {
			assertThat(event.getString("pool")).isEqualTo(POOL);
			assertThat(event.getLong("tier")).isEqualTo(100);
		});
	}

	@Test
	void waitIsRecordedForAsLongAsItTook() throws Exception {
		this.recording.enable("mempool.Wait").withoutThreshold();
		this.recording.start();
		BufferPool pool = BufferPool.builder(POOL)
			.tiers(100)
			.caps(new Caps(1, 1, 0))
			.policy(ExhaustionPolicy.WAIT)
			.maxWait(Duration.ofSeconds(20))
			.build();
		PooledBuffer held = pool.acquire(100);
		Started<PooledBuffer> waiting = Started.andWaiting(() -> pool.acquire(60));
		held.release();
		PooledBuffer granted = waiting.result();
		assertThat(pool.tryAcquire(100)).isNull();
		granted.release();
		assertThat(recorded("mempool.Wait")).singleElement().satisfies((wait) -> {
			assertThat(wait.getString("pool")).isEqualTo(POOL);
			assertThat(wait.getLong("tier")).isEqualTo(100);
			assertThat(wait.getLong("size")).isEqualTo(60);
			assertThat(wait.getBoolean("granted")).isTrue();
			assertThat(wait.getDuration()).isPositive();
			assertThat(wait.getThread().getJavaName()).isEqualTo("started");
		});
	}

	@Test
	void waitInVainIsRecordedToo() throws Exception {
		this.recording.enable("mempool.Wait").withoutThreshold();
		this.recording.start();
		ObjectPool<StringBuilder> pool = ObjectPool.builder(POOL, StringBuilder::new)
			.maxTotal(1)
			.policy(ExhaustionPolicy.WAIT)
			// Long enough that the thread has not used it up before it can wait
			.maxWait(Duration.ofMillis(500))
			.build();
		PooledObject<StringBuilder> held = pool.acquire();
		Started.of(() -> pool.acquire()).failure();
		held.release();
		assertThat(recorded("mempool.Wait")).singleElement()
			.satisfies((wait) -> assertThat(wait.getBoolean("granted")).isFalse());
	}

	@Test
	void trimIsRecordedByEveryRecording() throws IOException {
		this.recording.start();
		BufferPool pool = pool(4);
		Buffers.acquire(pool, 1000, 3).forEach(PooledBuffer::release);
		pool.trim();
		assertThat(recorded("mempool.Trim")).singleElement().satisfies((trim) -> {
			assertThat(trim.getString("pool")).isEqualTo(POOL);
			assertThat(trim.getLong("tier")).isEqualTo(1000);
			assertThat(trim.getString("reason")).isEqualTo("trimmed");
			assertThat(trim.getLong("bytes")).isEqualTo(3 * Weights.of(1000));
			assertThat(trim.getStackTrace().getFrames())
				.anyMatch((frame) -> frame.getMethod().getName().equals("trimIsRecordedByEveryRecording"));
		});
	}

	@Test
	void leakIsRecordedByEveryRecordingWithAllThatIsKnown() throws IOException {
		this.recording.start();
		LeakReports reports = new LeakReports(() -> new UnitOfWork("POST /files", "7"));
		BufferPool pool = BufferPool.builder(POOL)
			.tiers(100)
			.leakDetection(LeakDetection.PARANOID)
			.leakListener(reports)
			.build();
		LostLeases.lose(pool, 60);
		LostLeases.awaitReported(pool, reports, 1);
		assertThat(recorded("mempool.Leak")).singleElement().satisfies((leak) -> {
			assertThat(leak.getString("pool")).isEqualTo(POOL);
			assertThat(leak.getLong("tier")).isEqualTo(100);
			assertThat(leak.getString("kind")).isEqualTo("collected");
			assertThat(leak.getLong("size")).isEqualTo(60);
			assertThat(leak.getDuration("age")).isPositive();
			assertThat(leak.getString("work")).isEqualTo("POST /files");
			assertThat(leak.getString("workId")).isEqualTo("7");
			assertThat(leak.getString("acquiredBy")).isEqualTo(Thread.currentThread().getName());
			assertThat(leak.getString("acquiredAt")).contains("LostLeases.lose");
		});
	}

	@Test
	void leakOfWhichNothingIsKnownIsRecordedToo() throws IOException {
		this.recording.start();
		BufferPool pool = pool(4);
		try (Logged log = new Logged(LeakDetector.class)) {
			LostLeases.lose(pool, 60);
			LostLeases.awaitLost(pool, 1);
			await().atMost(Duration.ofSeconds(20)).until(() -> !log.messages(POOL).isEmpty());
		}
		assertThat(recorded("mempool.Leak")).singleElement().satisfies((leak) -> {
			assertThat(leak.getString("pool")).isEqualTo(POOL);
			assertThat(leak.getString("kind")).isEqualTo("collected");
			assertThat(leak.getString("acquiredBy")).isNull();
		});
	}

	@Test
	void whatAScopeReleasesIsRecordedIfItReports() throws IOException {
		this.recording.start();
		BufferScope scope = new BufferScope(pool(4), Long.MAX_VALUE, null, true);
		scope.acquire(100);
		scope.acquire(50);
		scope.close();
		assertThat(recorded("mempool.Leak")).singleElement().satisfies((leak) -> {
			assertThat(leak.getString("kind")).isEqualTo("scope");
			assertThat(leak.getInt("leases")).isEqualTo(2);
			assertThat(leak.getLong("size")).isEqualTo(150);
		});
	}

	@Test
	void whatHappensOftenIsNotRecordedUnlessAskedFor() throws IOException {
		this.recording.start();
		BufferPool pool = pool(0);
		pool.acquire(100).release();
		assertThat(pool.statistics().discarded()).isOne();
		this.recording.stop();
		Path file = this.directory.resolve("pools.jfr");
		this.recording.dump(file);
		assertThat(RecordingFile.readAllEvents(file))
			.noneMatch((event) -> event.getEventType().getName().startsWith("mempool."));
	}

	@Test
	void eventsAreDescribed() {
		BufferPool pool = pool(1);
		pool.acquire(100).release();
		pool.trim();
		List<EventType> types = FlightRecorder.getFlightRecorder()
			.getEventTypes()
			.stream()
			.filter((type) -> type.getName().startsWith("mempool."))
			.toList();
		assertThat(types).extracting(EventType::getName).contains("mempool.Miss", "mempool.Discard", "mempool.Trim");
		assertThat(types).allSatisfy((type) -> {
			assertThat(type.getCategoryNames()).containsExactly("Mempool");
			assertThat(type.getLabel()).startsWith("Pool ");
			assertThat(type.getDescription()).isNotBlank();
			assertThat(type.getField("pool").getLabel()).isEqualTo("Pool");
			assertThat(type.getField("tier").getLabel()).isEqualTo("Tier");
		});
	}

}
