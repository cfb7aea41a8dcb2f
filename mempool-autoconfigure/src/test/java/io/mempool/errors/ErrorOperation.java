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

package io.mempool.errors;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.PooledOutputStream;
import io.mempool.core.Caps;
import io.mempool.core.PoolExhaustedException;
import io.mempool.engine.AccountedPool;
import io.mempool.engine.Relief;
import io.mempool.object.PooledObject;
import io.mempool.scope.BufferScope;

/**
 * What a user does with a pool while errors happen inside of it.
 *
 * @param name what it does
 * @param before what is done before, without errors
 * @param action what an error may happen in
 */
record ErrorOperation(String name, Consumer<ErrorSubject> before, Consumer<ErrorSubject> action) {

	private static final byte[] BYTES = new byte[1_000];

	static List<ErrorOperation> all() {
		return List.of(
				of("acquire what is idle", (subject) -> subject.pool.acquire(64).release(),
						(subject) -> subject.first = subject.pool.acquire(64)),
				of("acquire what must be created", (subject) -> subject.pool.trim(),
						(subject) -> subject.first = subject.pool.acquire(64)),
				of("acquire beyond the largest tier", (subject) -> {
				}, (subject) -> subject.first = subject.pool.acquire(5_000)),
				of("acquire part of a new slab", (subject) -> subject.carved.trim(),
						(subject) -> subject.first = subject.carved.acquire(ErrorSubject.CARVED)),
				of("acquire part of a slab", ErrorOperation::holdPartOfSlab,
						(subject) -> subject.first = subject.carved.acquire(ErrorSubject.CARVED)),
				of("discard part of a slab", ErrorOperation::holdPartOfSlab, (subject) -> subject.held.discard()),
				of("trim parts of slabs", (subject) -> subject.carved.acquire(ErrorSubject.CARVED).release(),
						(subject) -> subject.carved.trim()),
				of("acquire with a note", (subject) -> {
				}, (subject) -> subject.first = subject.noted.acquire(64)),
				of("acquire what was in quarantine", (subject) -> subject.quarantined.acquire(64).release(),
						(subject) -> subject.first = subject.quarantined.acquire(64)),
				of("acquire in place of what was overwritten", ErrorOperation::overwrite,
						(subject) -> subject.first = subject.quarantined.acquire(64)),
				of("release into quarantine", (subject) -> subject.first = subject.quarantined.acquire(64),
						(subject) -> subject.first.release()),
				of("relieve the heap", ErrorOperation::leaveIdle,
						(subject) -> new Relief(List.of(((AccountedPool) subject.pool).account()))
							.give(Long.MAX_VALUE)),
				of("try to acquire what is leased", (subject) -> subject.held = subject.capped.tryAcquire(64),
						(subject) -> subject.first = subject.capped.tryAcquire(64)),
				of("acquire what is leased", (subject) -> subject.held = subject.capped.tryAcquire(64),
						(subject) -> subject.first = orNull(() -> subject.capped.acquire(64))),
				of("wait in vain", (subject) -> subject.held = subject.waiting.tryAcquire(64),
						(subject) -> subject.first = orNull(() -> subject.waiting.acquire(64))),
				of("wait and be served", ErrorOperation::releaseSoon,
						(subject) -> subject.first = orNull(() -> subject.waiting.acquire(64))),
				of("release", (subject) -> subject.first = subject.pool.acquire(64),
						(subject) -> subject.first.release()),
				of("release with a trace", (subject) -> subject.first = subject.noted.acquire(64),
						(subject) -> subject.first.release()),
				of("release the last of two", ErrorOperation::share, (subject) -> subject.first.release()),
				of("release what has no place", ErrorOperation::acquireMany, (subject) -> subject.first.release()),
				of("release what another waits for", (subject) -> subject.first = subject.capped.tryAcquire(64),
						ErrorOperation::releaseIfAcquired),
				of("retain", (subject) -> subject.first = subject.pool.acquire(64),
						(subject) -> subject.second = subject.first.retain()),
				of("slice", (subject) -> subject.first = subject.pool.acquire(64),
						(subject) -> subject.second = subject.first.slice(10, 20)),
				of("share", (subject) -> subject.first = subject.pool.acquire(64),
						(subject) -> subject.first.share().release().run()),
				of("discard", (subject) -> subject.first = subject.pool.acquire(64),
						(subject) -> subject.first.discard()),
				of("trim", ErrorOperation::leaveIdle, (subject) -> subject.pool.trim()),
				of("read statistics", ErrorOperation::leaveIdle, (subject) -> subject.pool.statistics()),
				of("lower caps", ErrorOperation::raiseCaps,
						(subject) -> subject.pool.update((settings) -> settings.maxIdle(1))),
				of("change tiers", ErrorOperation::leaveIdle,
						(subject) -> subject.pool
							.update((settings) -> settings.tiers(64, (subject.round % 2 == 0) ? 128 : 256))),
				of("lower the limit", ErrorOperation::raiseCaps,
						(subject) -> subject.pool.update((settings) -> settings.limit(20_000L))),
				of("close", ErrorOperation::open, (subject) -> subject.other.close()), of("open", (subject) -> {
				}, (subject) -> subject.other = subject.builder("other").caps(new Caps(4, 4, 2)).build()),
				of("acquire through a scope", (subject) -> subject.scope = new BufferScope(subject.pool, 10_000),
						(subject) -> subject.scope.acquire(64)),
				of("end a scope", ErrorOperation::fillScope, (subject) -> subject.scope.close()),
				of("abandon a scope", ErrorOperation::fillScope, (subject) -> subject.scope.abandon()),
				of("write to a stream", (subject) -> subject.scope = new BufferScope(subject.pool, 10_000),
						ErrorOperation::write),
				of("acquire an idle object", (subject) -> subject.objects.acquire().release(),
						(subject) -> subject.object = subject.objects.acquire()),
				of("acquire a new object", (subject) -> subject.objects.trim(),
						(subject) -> subject.object = subject.objects.acquire()),
				of("acquire in place of an invalid object", ErrorOperation::leaveInvalid,
						(subject) -> subject.object = subject.objects.acquire()),
				of("release an object", (subject) -> subject.object = subject.objects.acquire(),
						(subject) -> subject.object.release()),
				of("discard an object", (subject) -> subject.object = subject.objects.acquire(),
						(subject) -> subject.object.discard()),
				of("release what raises max-idle", ErrorOperation::useMoreThanIsKept,
						(subject) -> subject.object.release()),
				of("trim objects", (subject) -> subject.objects.acquire().release(),
						(subject) -> subject.objects.trim()));
	}

	private static ErrorOperation of(String name, Consumer<ErrorSubject> before, Consumer<ErrorSubject> action) {
		return new ErrorOperation(name, before, action);
	}

	private static void overwrite(ErrorSubject subject) {
		PooledBuffer buffer = subject.quarantined.acquire(64);
		ByteBuffer view = buffer.byteBuffer();
		buffer.release();
		view.put(0, (byte) (view.get(0) + 1));
	}

	private static PooledBuffer orNull(java.util.function.Supplier<PooledBuffer> acquire) {
		try {
			return acquire.get();
		}
		catch (PoolExhaustedException ex) {
			return null;
		}
	}

	private static void releaseSoon(ErrorSubject subject) {
		PooledBuffer held = subject.waiting.tryAcquire(64);
		if (held != null) {
			Thread thread = new Thread(() -> {
				LockSupport.parkNanos(200_000);
				held.close();
			});
			thread.setDaemon(true);
			thread.start();
		}
	}

	private static void holdPartOfSlab(ErrorSubject subject) {
		subject.held = subject.carved.acquire(ErrorSubject.CARVED);
		subject.carved.trim();
	}

	private static void share(ErrorSubject subject) {
		PooledBuffer buffer = subject.pool.acquire(64);
		subject.first = buffer.retain();
		buffer.release();
	}

	private static void acquireMany(ErrorSubject subject) {
		for (int i = 0; i < 5; i++) {
			subject.more.add(subject.pool.acquire(64));
		}
		subject.first = subject.pool.acquire(64);
	}

	private static void releaseIfAcquired(ErrorSubject subject) {
		if (subject.first != null) {
			subject.first.release();
		}
	}

	private static void leaveIdle(ErrorSubject subject) {
		acquireMany(subject);
		subject.giveBack();
		subject.first = subject.pool.acquire(64);
	}

	private static void raiseCaps(ErrorSubject subject) {
		subject.pool.update((settings) -> settings.maxIdle(4).limit(1L << 26));
		leaveIdle(subject);
	}

	private static void open(ErrorSubject subject) {
		subject.other = subject.builder("other").build();
		subject.other.acquire(64).release();
		subject.first = subject.other.acquire(64);
		subject.second = subject.other.acquire(100);
	}

	private static void fillScope(ErrorSubject subject) {
		subject.scope = new BufferScope(subject.pool, 10_000, null, true);
		subject.scope.acquire(64);
		subject.scope.acquire(subject.noted, 200);
		subject.scope.acquire(subject.objects);
		subject.scope.outputStream().write(1);
		subject.scope.acquire(5_000);
	}

	private static void write(ErrorSubject subject) {
		PooledOutputStream stream = subject.scope.outputStream();
		stream.write(BYTES, 0, 30);
		stream.write(BYTES, 0, 200);
		stream.write(BYTES, 0, 700);
		stream.toBuffer();
	}

	// Twice one more than the pool keeps: the last to be created was discarded before
	private static void useMoreThanIsKept(ErrorSubject subject) {
		int maxIdle = subject.growing.statistics().caps().maxIdle();
		for (int i = 0; i < 2; i++) {
			subject.giveBack();
			for (int j = 0; j < maxIdle; j++) {
				subject.moreObjects.add(subject.growing.acquire());
			}
			subject.object = subject.growing.acquire();
		}
		subject.moreObjects.forEach(PooledObject::release);
		subject.moreObjects.clear();
	}

	private static void leaveInvalid(ErrorSubject subject) {
		subject.objects.trim();
		var object = subject.objects.acquire();
		StringBuilder builder = object.get();
		object.release();
		builder.append("written after the release");
	}

	/**
	 * Pools that all operations can be tried on.
	 */
	static List<MemoryKind> memories() {
		return List.of(MemoryKind.HEAP, MemoryKind.OFF_HEAP);
	}

	@Override
	public String toString() {
		return this.name;
	}

}
