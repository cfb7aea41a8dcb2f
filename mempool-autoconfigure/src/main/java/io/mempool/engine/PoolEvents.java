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
 * The events that the JDK's flight recorder records of pools. Does nothing without a
 * recorder. Before the first recording it costs little more than a field read.
 * <p>
 * An event with a duration has a begin and an end. A {@code begin} method returns
 * {@code null} unless the event is recorded. The end takes the value that it returned.
 */
class PoolEvents {

	private static final boolean AVAILABLE = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

	private static final PoolEvents NONE = new PoolEvents();

	/**
	 * Return the current recorder of events. Loading the recorder's classes takes a tenth
	 * of a second, so it does nothing before the first recording of the process.
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
	void endWait(Object begun, String pool, int tier, int size, boolean admitted) {
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
	 * @param leak the leak, {@code null} if only its pool is known
	 */
	void leak(String pool, int tier, @Nullable Leak leak) {
	}

	// In its own class, so that no class is initialized together with its subclass
	private static final class Holder {

		static final PoolEvents CURRENT = new FlightRecorderEvents();

	}

}
