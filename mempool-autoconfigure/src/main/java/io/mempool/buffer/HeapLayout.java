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

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.sun.management.HotSpotDiagnosticMXBean;
import org.jspecify.annotations.Nullable;

/**
 * Computes how much heap the collector takes for an array of bytes.
 */
final class HeapLayout {

	/*
	 * Layout. A collector with regions puts small objects together into pages. It gives a
	 * large object whole regions of its own, header included. A page that is not a
	 * multiple of its objects loses its rest, since it holds pooled arrays of one size
	 * only. Each kind of page has a largest object; beyond the last kind come whole
	 * granules.
	 *
	 * Collectors. G1: pages are regions, and hold objects up to half a region. ZGC: small
	 * pages of 2 MiB hold objects up to an eighth of that. Medium pages hold objects up
	 * to an eighth of a 32nd of the heap. Since Java 25 a medium page may be as small as
	 * its largest object; this class assumes so for every version. Shenandoah: pages are
	 * regions, and hold objects up to a region. All others: objects lie side by side.
	 */

	/**
	 * The size of a cache line in bytes; two threads should not write to one line.
	 */
	static final int LINE = 64;

	private static final int KIB = 1024;

	private static final int MIB = 1024 * KIB;

	// Below this share of a page its rest goes to other objects
	private static final int SMALL_SHARE = 16;

	private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

	private final int header;

	private final int alignment;

	// An array, since iteration over it allocates nothing
	private final Page[] pages;

	private final int granule;

	/**
	 * Create a layout.
	 * @param header bytes of an array before its first element
	 * @param alignment the size of an object is a multiple of it
	 * @param pages the pages that objects share, smallest first
	 * @param granule the size of an object in a page of its own is a multiple of it
	 */
	HeapLayout(int header, int alignment, List<Page> pages, int granule) {
		this.header = header;
		this.alignment = alignment;
		this.pages = pages.toArray(new Page[0]);
		this.granule = granule;
	}

	/**
	 * Return the layout of this JVM's heap.
	 */
	static HeapLayout current() {
		return Current.LAYOUT;
	}

	/**
	 * Read a layout from options of the JVM.
	 * @param options the known options, by name
	 * @param feature the version of Java
	 * @param maximumHeap bytes
	 */
	static HeapLayout of(Map<String, String> options, int feature, long maximumHeap) {
		int header = header(options, feature);
		int alignment = (int) number(options, "ObjectAlignmentInBytes", 8);
		int region = (int) number(options, "G1HeapRegionSize", 0);
		if (isOn(options, "UseG1GC") && region > 0) {
			return new HeapLayout(header, alignment, List.of(new Page(region, region / 2, alignment)), region);
		}
		if (isOn(options, "UseShenandoahGC")) {
			region = (int) number(options, "ShenandoahRegionSize", 0);
			if (region == 0) {
				region = (int) Math.max(256 * KIB, Math.min(32 * MIB, Long.highestOneBit(maximumHeap / 2048)));
			}
			return new HeapLayout(header, alignment, List.of(new Page(region, region, alignment)), region);
		}
		if (isOn(options, "UseZGC")) {
			return new HeapLayout(header, alignment, pagesOfZgc(alignment, maximumHeap), 2 * MIB);
		}
		return new HeapLayout(header, alignment, List.of(), alignment);
	}

	private static List<Page> pagesOfZgc(int alignment, long maximumHeap) {
		Page small = new Page(2 * MIB, 2 * MIB / 8, alignment);
		int medium = (int) Math.min(32 * MIB, Long.highestOneBit(maximumHeap / 32));
		if (medium <= small.size()) {
			return List.of(small);
		}
		return List.of(small, new Page(Math.max(2 * MIB, medium / 8), medium / 8, medium / 8192));
	}

	private static int header(Map<String, String> options, int feature) {
		if (isOn(options, "UseCompactObjectHeaders")) {
			return 12;
		}
		if (isOn(options, "UseCompressedClassPointers")) {
			return 16;
		}
		return (feature >= 23) ? 20 : 24;
	}

	private static boolean isOn(Map<String, String> options, String name) {
		return Boolean.parseBoolean(options.get(name));
	}

	private static long number(Map<String, String> options, String name, long otherwise) {
		String value = options.get(name);
		return (value != null) ? Long.parseLong(value) : otherwise;
	}

	/**
	 * Return how much heap an array takes.
	 * @param length how many bytes it has
	 */
	long footprint(int length) {
		long object = object(length);
		for (Page page : this.pages) {
			if (object <= page.limit()) {
				return page.share(object);
			}
		}
		return align(object, this.granule);
	}

	/**
	 * Return whether more than a 16th of what an array takes is lost, so that it is
	 * better carved from a slab.
	 * @param length how many bytes it has
	 */
	boolean isWasteful(int length) {
		long footprint = footprint(length);
		return footprint - object(length) > footprint / 16;
	}

	/**
	 * Return the length of an array that takes whole granules, and loses nothing.
	 * @param minimum how many bytes it has at least
	 * @return its length; less than the minimum if no array is as long
	 */
	int wholeLength(long minimum) {
		return wholeLengthWithin(align(this.header + minimum, this.granule));
	}

	/**
	 * Return the length of the longest array that takes whole granules.
	 * @param footprint how much heap it may take
	 * @return its length, {@code 0} if it would have none
	 */
	int wholeLengthWithin(long footprint) {
		long granules = Math.min(footprint, LARGEST_ARRAY) / this.granule;
		return (int) Math.max(0, granules * this.granule - this.header);
	}

	/**
	 * Return the index in an array at which a line begins, given that the array itself
	 * begins with one. No thread writes to the line of the header, where the length is.
	 */
	int firstLine() {
		return LINE - this.header % LINE;
	}

	private long object(int length) {
		return align((long) this.header + length, this.alignment);
	}

	static long align(long bytes, int unit) {
		return (bytes + unit - 1) / unit * unit;
	}

	/**
	 * A page that several objects share.
	 *
	 * @param size how many bytes it has
	 * @param limit the largest object in it
	 * @param alignment the size of an object in it is a multiple of this
	 */
	record Page(int size, int limit, int alignment) {

		long share(long object) {
			long aligned = align(object, this.alignment);
			if (aligned <= this.size / SMALL_SHARE) {
				return aligned;
			}
			long count = this.size / aligned;
			return (this.size + count - 1) / count;
		}

	}

	/**
	 * Read at its first use.
	 */
	private static final class Current {

		private static final List<String> NAMES = List.of("UseG1GC", "G1HeapRegionSize", "UseShenandoahGC",
				"ShenandoahRegionSize", "UseZGC", "UseCompressedClassPointers", "UseCompactObjectHeaders",
				"ObjectAlignmentInBytes");

		static final HeapLayout LAYOUT = of(options(), Runtime.version().feature(), Runtime.getRuntime().maxMemory());

		private static Map<String, String> options() {
			try {
				return Options.read(NAMES);
			}
			catch (LinkageError ex) {
				// An image without the modules java.management or jdk.management
				return Map.of();
			}
		}

	}

	/**
	 * The only class that links to modules that a JDK image may lack.
	 */
	private static final class Options {

		static Map<String, String> read(List<String> names) {
			HotSpotDiagnosticMXBean diagnostics = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
			Map<String, String> options = new HashMap<>();
			for (String name : names) {
				String value = (diagnostics != null) ? read(diagnostics, name) : null;
				if (value != null) {
					options.put(name, value);
				}
			}
			return options;
		}

		private static @Nullable String read(HotSpotDiagnosticMXBean diagnostics, String name) {
			try {
				return diagnostics.getVMOption(name).getValue();
			}
			catch (IllegalArgumentException ex) {
				// An option that this JVM does not have
				return null;
			}
		}

	}

}
