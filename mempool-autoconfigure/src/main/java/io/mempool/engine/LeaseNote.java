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

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mempool.core.Leak;
import io.mempool.core.LeakKind;
import io.mempool.core.OpenLease;
import io.mempool.core.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * A note about one lease. The levels that trace add the threads that ended its handles.
 * The note refers to neither lease nor block, which must stay reachable through the
 * handles only.
 */
final class LeaseNote {

	private static final int MAXIMUM_FRAMES = 32;

	private static final int MAXIMUM_RELEASES = 8;

	// A second release comes soon, but perhaps after the next owners had the block
	private static final int MAXIMUM_FORMER = 3;

	private static final String[] LIBRARY = { "io.mempool.core.", "io.mempool.engine.", "io.mempool.buffer.",
			"io.mempool.object.", "io.mempool.slice.", "io.mempool.scope.", "io.mempool.spring.", "io.mempool.web." };

	private static final AtomicLong last = new AtomicLong();

	private final long number = last.incrementAndGet();

	private final long version;

	private final int size;

	private final String thread = nameOf(Thread.currentThread());

	private final @Nullable LeaseTrace acquired;

	// A coarser clock would do, but only noted leases read it
	private final long start = System.nanoTime();

	private volatile @Nullable UnitOfWork work;

	private volatile @Nullable LeaseNote former;

	// Nothing blocks under the monitor
	@GuardedBy("this")
	private List<Release> releases = List.of();

	@GuardedBy("this")
	private boolean reported;

	/**
	 * Initialise the class, before memory is short.
	 */
	static void prepare() {
	}

	LeaseNote(long version, int size, @Nullable UnitOfWork work, @Nullable LeaseTrace acquired) {
		this.version = version;
		this.size = size;
		this.work = work;
		this.acquired = acquired;
	}

	// A virtual thread has no name by default
	private static String nameOf(Thread thread) {
		String name = thread.getName();
		return name.isEmpty() ? "#" + thread.getId() : name;
	}

	/**
	 * Keep a few notes of former leases of the same block too.
	 */
	void follow(@Nullable LeaseNote former) {
		this.former = former;
		LeaseNote last = this;
		for (int i = 0; i < MAXIMUM_FORMER && last != null; i++) {
			last = last.former;
		}
		if (last != null) {
			last.former = null;
		}
	}

	/**
	 * Return the note of the lease of a version, this or a former one.
	 */
	@Nullable LeaseNote of(long version) {
		LeaseNote note = this;
		while (note != null && note.version > version) {
			note = note.former;
		}
		return (note != null && note.version == version) ? note : null;
	}

	void assign(UnitOfWork work) {
		this.work = work;
	}

	Duration age() {
		return Duration.ofNanos(System.nanoTime() - this.start);
	}

	/**
	 * Note that a handle ended. A handle ends once.
	 */
	void ended(Object handle) {
		String thread = nameOf(Thread.currentThread());
		Release release = new Release(System.identityHashCode(handle),
				new LeaseTrace("The thread '" + thread + "' released it first"));
		synchronized (this) {
			if (this.releases.isEmpty()) {
				this.releases = new ArrayList<>(1);
			}
			if (this.releases.size() < MAXIMUM_RELEASES) {
				this.releases.add(release);
			}
		}
	}

	/**
	 * Return the trace of the end of a handle, {@code null} if it was not noted.
	 */
	synchronized @Nullable LeaseTrace endOf(Object handle) {
		int identity = System.identityHashCode(handle);
		for (Release release : this.releases) {
			if (release.handle == identity) {
				return release.trace;
			}
		}
		return null;
	}

	/**
	 * Return whether this is the first call.
	 */
	synchronized boolean reportOnce() {
		boolean first = !this.reported;
		this.reported = true;
		return first;
	}

	/**
	 * Describe the lease as a leak.
	 * @param pool the name of its pool
	 * @param unit the unit of its size
	 */
	Leak leak(LeakKind kind, String pool, Unit unit) {
		return new Leak(kind, pool, size(unit), 1, age(), this.work, this.thread, stack());
	}

	/**
	 * Describe a write to the memory of the lease after its release.
	 * @param pool the name of its pool
	 * @param unit the unit of its size
	 */
	Leak writtenAfterRelease(String pool, Unit unit) {
		return new Leak(LeakKind.WRITE_AFTER_RELEASE, pool, size(unit), 1, null, this.work, this.thread, stack());
	}

	/**
	 * Describe the lease while it is open.
	 * @param pool the name of its pool
	 * @param unit the unit of its size
	 */
	OpenLease open(String pool, Unit unit) {
		return new OpenLease(this.number, pool, size(unit), age(), this.work, this.thread, stack());
	}

	private long size(Unit unit) {
		return (unit == Unit.BYTES) ? this.size : 0;
	}

	private List<StackTraceElement> stack() {
		if (this.acquired == null) {
			return List.of();
		}
		return Arrays.stream(this.acquired.getStackTrace())
			.dropWhile(LeaseNote::isOfLibrary)
			.limit(MAXIMUM_FRAMES)
			.toList();
	}

	private static boolean isOfLibrary(StackTraceElement frame) {
		return Arrays.stream(LIBRARY).anyMatch(frame.getClassName()::startsWith);
	}

	// The identity of the handle, since a reference would keep the block reachable
	private record Release(int handle, LeaseTrace trace) {

	}

}
