package io.mempool.slice;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.MemoryKind;

/**
 * Slices of memory outside of the heap.
 */
class OffHeapSliceTests extends AbstractSliceTests {

	@Override
	BufferPool pool(int... tiers) {
		return BufferPool.builder("areas").memory(MemoryKind.OFF_HEAP).tiers(tiers).build();
	}

}
