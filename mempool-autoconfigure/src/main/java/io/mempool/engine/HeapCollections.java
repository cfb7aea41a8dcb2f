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

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import org.jspecify.annotations.Nullable;

/**
 * The collections of the whole heap of this JVM. The only class that links to modules
 * that a JDK image may lack: {@code java.management} and {@code jdk.management}.
 */
final class HeapCollections implements HeapWatch.Source {

	/*
	 * Which collections count. A collection says how much is live only if it looked for
	 * garbage everywhere. After a young collection, the old generation is full of objects
	 * that died since it was last collected. After a mixed collection of G1, most of them
	 * are still there: it takes several to collect what one marking found. So only these
	 * count, by the name of the bean that reports them:
	 *
	 * Serial, Parallel and G1: full collections. No object in their figures is dead. When
	 * live objects fill nearly all of the heap, G1 too collects nothing else.
	 *
	 * ZGC and Shenandoah: cycles, major ones where there are two kinds. Their figures
	 * also have what was allocated during the cycle. If that fills the heap, threads wait
	 * for the collector, and each idle byte that goes back lets them go on.
	 *
	 * Generational Shenandoah reports collections of the young generation and of both by
	 * one name. It does not say which, so that nothing is known.
	 *
	 * Capacity. Parallel moves what is live into the old generation, and fails when that
	 * is full, with room left in the young one: in a heap of 128 MiB, at 98 (Java 17 and
	 * 25). All others fill the whole heap.
	 *
	 * Signal. The collector clears a weak reference, and the JVM puts it into a queue
	 * where the thread waits. That is after each collection of any kind, mostly young
	 * ones, and costs a look at a counter. Notifications of the management beans come too
	 * late when they matter: the thread that makes them needs memory that the heap no
	 * longer has. Thirty full collections were seen between one and its notification, and
	 * an OutOfMemoryError before it (Java 25, G1). A reference needs no memory to arrive,
	 * and its successor a few bytes.
	 */

	private static final String PARALLEL_OLD = "PS Old Gen";

	private static final String GENERATIONAL_SHENANDOAH = "Shenandoah Old Gen";

	private static final Set<String> PAUSING = Set.of("MarkSweepCompact", "PS MarkSweep", "G1 Old Generation");

	private static final Set<String> CONCURRENT = Set.of("ZGC Cycles", "ZGC Major Cycles", "Shenandoah Cycles");

	private final GarbageCollectorMXBean collector;

	private final boolean concurrent;

	private final Set<String> pools;

	private final long capacity;

	private final ReferenceQueue<Object> queue = new ReferenceQueue<>();

	// What the next collection clears, null while no thread waits
	private volatile @Nullable Reference<Object> canary;

	private volatile boolean woken;

	private HeapCollections(GarbageCollectorMXBean collector, List<MemoryPoolMXBean> pools) {
		this.collector = collector;
		this.concurrent = CONCURRENT.contains(collector.getName());
		this.pools = pools.stream().map(MemoryPoolMXBean::getName).collect(Collectors.toUnmodifiableSet());
		this.capacity = capacity(pools);
	}

	/**
	 * Return the collections of this JVM.
	 * @return them, or {@code null} if no collector of this JVM says what is needed
	 */
	static @Nullable HeapCollections find() {
		List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans()
			.stream()
			.filter((pool) -> pool.getType() == MemoryType.HEAP)
			.toList();
		if (pools.stream().anyMatch((pool) -> pool.getName().equals(GENERATIONAL_SHENANDOAH))) {
			return null;
		}
		for (GarbageCollectorMXBean collector : ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class)) {
			if (PAUSING.contains(collector.getName()) || CONCURRENT.contains(collector.getName())) {
				return new HeapCollections(collector, pools);
			}
		}
		return null;
	}

	private static long capacity(List<MemoryPoolMXBean> pools) {
		long heap = Runtime.getRuntime().maxMemory();
		return pools.stream()
			.filter((pool) -> pool.getName().equals(PARALLEL_OLD))
			.mapToLong((pool) -> pool.getUsage().getMax())
			.filter((maximum) -> maximum > 0)
			.findFirst()
			.orElse(heap);
	}

	@Override
	public void await() throws InterruptedException {
		if (this.canary == null) {
			this.canary = new WeakReference<>(new Object(), this.queue);
		}
		// Either this thread sees the flag, or the other thread the reference
		if (!this.woken) {
			this.queue.remove();
			this.canary = null;
		}
		this.woken = false;
	}

	@Override
	public void wake() {
		this.woken = true;
		Reference<Object> canary = this.canary;
		if (canary != null) {
			canary.enqueue();
		}
	}

	@Override
	public HeapReading latest() {
		GcInfo info = this.collector.getLastGcInfo();
		return (info != null) ? read(info) : rehearsal();
	}

	private HeapReading rehearsal() {
		for (GarbageCollectorMXBean other : ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class)) {
			GcInfo info = other.getLastGcInfo();
			if (info != null) {
				return read(info).rehearsed();
			}
		}
		return new HeapReading(HeapReading.NONE, this.concurrent, 0, this.capacity);
	}

	private HeapReading read(GcInfo info) {
		long used = 0;
		for (Map.Entry<String, MemoryUsage> usage : info.getMemoryUsageAfterGc().entrySet()) {
			used += this.pools.contains(usage.getKey()) ? usage.getValue().getUsed() : 0;
		}
		return new HeapReading(info.getId(), this.concurrent, used, this.capacity);
	}

	@Override
	public long collections() {
		return this.collector.getCollectionCount();
	}

}
