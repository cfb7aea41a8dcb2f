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
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import javax.management.ObjectName;

import com.sun.management.ThreadMXBean;
import io.mempool.core.Caps;
import io.mempool.core.PoolClosedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * A pool of 64 MiB outside of the heap, through which memory flows for as long as
 * {@code mempool.flow.seconds} says: what is resident stays flat, the heap sees next to
 * nothing of it, and on Java 22 and later closing gives all of it back at once.
 */
@EnabledOnOs(OS.LINUX)
class OffHeapFlowIT {

	private static final int MIB = 1024 * 1024;

	private static final int BLOCKS = 64;

	private final Duration duration = Duration.ofSeconds(Long.getLong("mempool.flow.seconds", 3));

	private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final BufferPool pool = BufferPool.builder("flow")
		.memory(MemoryKind.OFF_HEAP)
		.tiers(List.of(new BufferTier(MIB, new Caps(BLOCKS, BLOCKS, BLOCKS))))
		.limit((long) BLOCKS * MIB)
		.build();

	private final byte[] payload = new byte[MIB];

	@Test
	void residentMemoryStaysFlatAndTheHeapSeesNothing() throws Exception {
		flow(1024);
		long heapBefore = allocatedOnHeap();
		long resident = resident();
		long highest = resident;
		long bytes = 0;
		long end = System.nanoTime() + this.duration.toNanos();
		while (System.nanoTime() < end) {
			flow(1024);
			bytes += 1024L * MIB;
			highest = Math.max(highest, resident());
		}
		long heap = allocatedOnHeap() - heapBefore;
		ByteBuffer view = this.pool.acquire(MIB).byteBuffer();
		PooledBuffer leased = this.pool.acquire(MIB);
		trimAllocator();
		long beforeClose = resident();
		this.pool.close();
		trimAllocator();
		long afterClose = resident();
		System.out.printf(
				"Flow: %d GiB in %d s, resident %d MiB and %d MiB at most, %.1f bytes of heap per buffer, "
						+ "resident before close %d MiB, after %d MiB%n",
				bytes >> 30, this.duration.toSeconds(), resident / MIB, highest / MIB, heap * (double) MIB / bytes,
				beforeClose / MIB, afterClose / MIB);
		assertThat(highest - resident).as("growth of resident memory").isLessThan(32 * MIB);
		assertThat(heap * MIB / bytes).as("bytes of heap per buffer").isLessThan(1024);
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(leased::toByteArray);
		if (!OffHeapMemory.isLimitedByJvm()) {
			assertThat(beforeClose - afterClose).as("memory that close gave back").isGreaterThan(BLOCKS / 2 * MIB);
			assertThatIllegalStateException().isThrownBy(() -> view.get(0));
		}
	}

	private void flow(int buffers) {
		for (int i = 0; i < buffers; i++) {
			PooledBuffer buffer = this.pool.acquire(MIB);
			buffer.copyIn(0, this.payload, 0, MIB);
			buffer.release();
		}
	}

	// The C library keeps what is freed for its next use: have it give that to the
	// system, or the test cannot tell whether it was freed
	private static void trimAllocator() throws Exception {
		if (!OffHeapMemory.isLimitedByJvm()) {
			ManagementFactory.getPlatformMBeanServer()
				.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "systemTrimNativeHeap", null,
						null);
		}
	}

	private long allocatedOnHeap() {
		return this.threads.getThreadAllocatedBytes(Thread.currentThread().getId());
	}

	private static long resident() throws IOException {
		String line = Files.readAllLines(Path.of("/proc/self/status"))
			.stream()
			.filter((candidate) -> candidate.startsWith("VmRSS:"))
			.findFirst()
			.orElseThrow();
		return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
	}

}
