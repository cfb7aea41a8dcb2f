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
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * What the JDK's flight recorder records of pools. Does nothing in a runtime without a
 * recorder, and hardly more than read a field before the first recording.
 * <p>
 * What takes time is begun and ended: {@code begin} methods return {@code null} unless
 * the event is recorded, and what they return else is passed to the end.
 */
class PoolEvents {

	private static final boolean AVAILABLE = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

	private static final PoolEvents NONE = new PoolEvents();

	/**
	 * Return what passes events to the flight recorder. To load the classes of the
	 * recorder takes a tenth of a second, so that this does nothing before the first
	 * recording of the process.
	 */
	static PoolEvents current() {
		return (AVAILABLE && FlightRecorder.isInitialized()) ? Holder.CURRENT : NONE;
	}

	/**
	 * A block is about to be created for an acquire.
	 */
	@Nullable Object beginMiss() {
		return null;
	}

	/**
	 * A block was created for an acquire.
	 * @param begun what {@link #beginMiss} returned
	 */
	void endMiss(Object begun, String pool, int tier, int size, boolean kept) {
	}

	/**
	 * A thread is about to wait.
	 */
	@Nullable Object beginWait() {
		return null;
	}

	/**
	 * A thread has waited.
	 * @param begun what {@link #beginWait} returned
	 */
	void endWait(Object begun, String pool, int tier, int size, boolean granted) {
	}

	/**
	 * Return whether {@link #discard} is recorded.
	 */
	boolean recordsDiscards() {
		return false;
	}

	/**
	 * A block was discarded.
	 */
	void discard(String pool, int tier, DiscardReason reason) {
	}

	/**
	 * Return whether {@link #trim} is recorded.
	 */
	boolean recordsTrims() {
		return false;
	}

	/**
	 * Idle blocks were discarded to give memory back.
	 */
	void trim(String pool, int tier, DiscardReason reason, long bytes) {
	}

	/**
	 * A leak was found.
	 * @param leak what is known of it, {@code null} if it is no more than its pool
	 */
	void leak(String pool, int tier, @Nullable Leak leak) {
	}

	// Apart, so that no class is initialized together with its subclass
	private static final class Holder {

		static final PoolEvents CURRENT = new FlightRecorderEvents();

	}

}
