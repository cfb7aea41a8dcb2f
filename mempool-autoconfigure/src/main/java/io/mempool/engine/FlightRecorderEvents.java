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

import io.mempool.core.DiscardReason;
import io.mempool.core.Leak;
import io.mempool.core.LeakKind;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/**
 * Events of the JDK's flight recorder. Every recording has the rare events. Events of
 * every acquire or release are recorded only on demand.
 */
// The fields are read by the recorder
@SuppressWarnings("UnusedVariable")
final class FlightRecorderEvents extends PoolEvents {

	// The capacity of the tier beyond the largest
	private static final int BEYOND_TIERS = Integer.MAX_VALUE;

	@Override
	@Nullable Object beginMiss() {
		MissEvent event = new MissEvent();
		if (!event.isEnabled()) {
			return null;
		}
		event.begin();
		return event;
	}

	@Override
	void endMiss(Object begun, String pool, int tier, int size, boolean kept) {
		MissEvent event = (MissEvent) begun;
		event.end();
		if (event.shouldCommit()) {
			event.pool = pool;
			event.of(tier);
			event.size = size;
			event.kept = kept;
			event.commit();
		}
	}

	@Override
	@Nullable Object beginWait() {
		WaitEvent event = new WaitEvent();
		if (!event.isEnabled()) {
			return null;
		}
		event.begin();
		return event;
	}

	@Override
	void endWait(Object begun, String pool, int tier, int size, boolean admitted) {
		WaitEvent event = (WaitEvent) begun;
		event.end();
		if (event.shouldCommit()) {
			event.pool = pool;
			event.of(tier);
			event.size = size;
			event.granted = admitted;
			event.commit();
		}
	}

	@Override
	boolean recordsDiscards() {
		return new DiscardEvent().isEnabled();
	}

	@Override
	void discard(String pool, int tier, DiscardReason reason) {
		DiscardEvent event = new DiscardEvent();
		if (event.shouldCommit()) {
			event.pool = pool;
			event.of(tier);
			event.reason = KebabCase.of(reason);
			event.commit();
		}
	}

	@Override
	boolean recordsTrims() {
		return new TrimEvent().isEnabled();
	}

	@Override
	void trim(String pool, int tier, DiscardReason reason, long bytes) {
		TrimEvent event = new TrimEvent();
		if (event.shouldCommit()) {
			event.pool = pool;
			event.of(tier);
			event.reason = KebabCase.of(reason);
			event.bytes = bytes;
			event.commit();
		}
	}

	@Override
	void leak(String pool, int tier, @Nullable Leak leak) {
		LeakEvent event = new LeakEvent();
		if (event.shouldCommit()) {
			event.pool = pool;
			event.of(tier);
			event.kind = KebabCase.of((leak != null) ? leak.kind() : LeakKind.COLLECTED);
			if (leak != null) {
				describe(event, leak);
			}
			event.commit();
		}
	}

	private static void describe(LeakEvent event, Leak leak) {
		event.size = leak.size();
		event.leases = leak.leases();
		event.acquiredBy = leak.thread();
		event.age = (leak.age() != null) ? leak.age().toNanos() : 0;
		event.work = (leak.work() != null) ? leak.work().name() : null;
		event.workId = (leak.work() != null) ? leak.work().id() : null;
		event.acquiredAt = leak.stack().isEmpty() ? null : leak.stack().get(0).toString();
	}

	/**
	 * The fields of all events of a tier.
	 */
	@Category("Mempool")
	private abstract static class TierEvent extends Event {

		@Label("Pool")
		@Nullable String pool;

		@Label("Tier")
		@Description("Capacity of the tier's blocks; 1 in a pool of objects, 0 beyond the largest tier")
		@DataAmount
		long tier;

		@Label("Oversized")
		@Description("Whether the request exceeded the largest tier; such a block is never pooled")
		boolean oversized;

		void of(int capacity) {
			this.oversized = capacity == BEYOND_TIERS;
			this.tier = this.oversized ? 0 : capacity;
		}

	}

	@Name("mempool.Miss")
	@Label("Pool Miss")
	@Description("An acquire found nothing idle, so that a block was created; its duration is that of the creation")
	@Enabled(false)
	private static final class MissEvent extends TierEvent {

		@Label("Size")
		@Description("Requested size; 1 in a pool of objects")
		@DataAmount
		long size;

		@Label("Kept")
		@Description("Whether the block may stay in the pool when it is released")
		boolean kept;

	}

	@Name("mempool.Discard")
	@Label("Pool Discard")
	@Description("A block was discarded on release, or removed from the pool")
	@Enabled(false)
	@StackTrace(false)
	private static final class DiscardEvent extends TierEvent {

		@Label("Reason")
		@Nullable String reason;

	}

	@Name("mempool.Wait")
	@Label("Pool Wait")
	@Description("An acquire waited for others to release")
	@Threshold("10 ms")
	private static final class WaitEvent extends TierEvent {

		@Label("Size")
		@Description("Requested size; 1 in a pool of objects")
		@DataAmount
		long size;

		@Label("Granted")
		@Description("Whether the request was admitted after the wait")
		boolean granted;

	}

	@Name("mempool.Leak")
	@Label("Pool Leak")
	@Description("A lease was lost, grew old, or was left to a scope")
	@StackTrace(false)
	private static final class LeakEvent extends TierEvent {

		@Label("Kind")
		@Description("How it was found: collected, age or scope")
		@Nullable String kind;

		@Label("Size")
		@Description("Requested size; 0 if unknown, or in a pool of objects")
		@DataAmount
		long size;

		@Label("Leases")
		@Description("Number of leases")
		int leases = 1;

		@Label("Age")
		@Timespan(Timespan.NANOSECONDS)
		long age;

		@Label("Work")
		@Description("Unit of work of the lease, such as the route of a request")
		@Nullable String work;

		@Label("Work Identifier")
		@Nullable String workId;

		@Label("Acquired By")
		@Description("Name of the thread that acquired it")
		@Nullable String acquiredBy;

		@Label("Acquired At")
		@Description("Code position of the acquire")
		@Nullable String acquiredAt;

	}

	@Name("mempool.Trim")
	@Label("Pool Trim")
	@Description("Idle blocks were discarded to free their memory")
	private static final class TrimEvent extends TierEvent {

		@Label("Reason")
		@Nullable String reason;

		@Label("Bytes")
		@Description("Bytes freed; the number of objects in a pool of objects")
		@DataAmount
		long bytes;

	}

}
