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

package io.mempool.sample.soak;

import org.jspecify.annotations.Nullable;

/**
 * What was seen of an application at a time.
 *
 * @param seconds the time, in seconds since the load began
 * @param operations how many there were so far
 * @param throughput how many there were in each second without a pause, since the last
 * sample
 * @param processorMillis how much processor time of the application each operation took
 * @param others the share of the machine's processors that others took, and its host
 * @param resident bytes, with those of pools
 * @param threads how many the process had
 * @param descriptors how many were open
 * @param leased how many leases were open
 * @param idleBytes what the pools had idle
 * @param misses how many there were so far
 * @param rest what was seen while nothing was on its way, if there was a pause
 */
record Sample(double seconds, long operations, double throughput, double processorMillis, double others, long resident,
		long threads, long descriptors, long leased, long idleBytes, long misses, @Nullable Rest rest) {

	/**
	 * What was seen while nothing was on its way.
	 *
	 * @param resident bytes that are resident, apart from those that pools have off the
	 * heap
	 * @param liveHeap bytes of heap that are reachable, apart from those of pools
	 * @param nativeMemory bytes of native memory, apart from those of pools
	 * @param relative how often it answers while a server without pools answers once
	 */
	record Rest(long resident, long liveHeap, long nativeMemory, double relative) {

	}

}
