package io.mempool.slice;

/**
 * {@link OffHeapSliceTests} on the jar.
 */
class OffHeapSliceIT extends OffHeapSliceTests {

}
