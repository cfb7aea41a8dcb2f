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

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How much heap arrays take, computed again without the limits of a type.
 */
public final class LayoutArithmetic {

	private static final List<String> COLLECTORS = List.of("UseG1GC", "UseShenandoahGC", "UseZGC", "UseSerialGC");

	private static final BigInteger LARGEST = BigInteger.valueOf(Integer.MAX_VALUE - 8);

	private final HeapLayout layout;

	private final BigInteger header;

	private final BigInteger alignment;

	private final BigInteger granule;

	/**
	 * Create the layout of a collector.
	 * @param collector the number of a collector, from 0 to 3
	 * @param regionBits the size of a region, from 2^18 bytes by its power
	 * @param headerBits chooses the header
	 * @param alignmentBits the alignment of objects, from 8 bytes by its power
	 * @param maximumHeap the maximum heap
	 */
	public LayoutArithmetic(int collector, int regionBits, int headerBits, int alignmentBits, long maximumHeap) {
		Map<String, String> options = new HashMap<>();
		options.put(COLLECTORS.get(collector), "true");
		options.put("G1HeapRegionSize", Integer.toString(1 << (18 + regionBits)));
		options.put("ShenandoahRegionSize", Integer.toString(1 << (18 + regionBits)));
		options.put("UseCompactObjectHeaders", Boolean.toString(headerBits == 0));
		options.put("UseCompressedClassPointers", Boolean.toString(headerBits == 1));
		options.put("ObjectAlignmentInBytes", Integer.toString(8 << alignmentBits));
		this.layout = HeapLayout.of(options, (headerBits == 2) ? 25 : 17, maximumHeap);
		this.header = BigInteger.valueOf((headerBits == 0) ? 12 : (headerBits == 1) ? 16 : (headerBits == 2) ? 20 : 24);
		this.alignment = BigInteger.valueOf(8L << alignmentBits);
		this.granule = (collector == 3) ? this.alignment
				: BigInteger.valueOf((collector == 2) ? 2 * 1024 * 1024 : 1L << (18 + regionBits));
	}

	/**
	 * Check what the layout says of an array.
	 * @param length the length of the array, from 0 to 2^31 - 9
	 */
	public void check(int length) {
		BigInteger footprint = BigInteger.valueOf(this.layout.footprint(length));
		BigInteger object = up(this.header.add(BigInteger.valueOf(length)), this.alignment);
		require(footprint.compareTo(object) >= 0, "The footprint is less than the object", length, footprint, object);
		// A page may hold one object where it holds not quite two
		BigInteger most = up(object, this.granule).max(object.multiply(BigInteger.TWO).add(this.granule));
		require(footprint.compareTo(most) <= 0, "The footprint is more than the object can take", length, footprint);
		int whole = this.layout.wholeLength(length);
		BigInteger room = up(this.header.add(BigInteger.valueOf(length)), this.granule);
		require(whole >= 0 && BigInteger.valueOf(whole).add(this.header).compareTo(room) <= 0,
				"The whole length takes more than its room", length, whole, room);
		require(whole >= length || room.compareTo(LARGEST) > 0, "The whole length is less than asked for", length,
				whole);
	}

	private static BigInteger up(BigInteger value, BigInteger unit) {
		return value.add(unit).subtract(BigInteger.ONE).divide(unit).multiply(unit);
	}

	private static void require(boolean holds, String broken, Object... details) {
		if (!holds) {
			throw new AssertionError(broken + " " + List.of(details));
		}
	}

}
