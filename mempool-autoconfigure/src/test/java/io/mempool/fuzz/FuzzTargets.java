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

package io.mempool.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/**
 * All targets. The inputs that are kept of each are in a file, one a line.
 */
public enum FuzzTargets {

	/**
	 * Any properties: the application starts, or a report says what to change.
	 */
	PROPERTIES(PropertiesTarget::new,
			"the variable of a pool whose name has other characters ended in a stack trace (`PropertyNamesTests`)",
			"the variable of a pool without a name was advised as it was written (`PropertyNamesTests`)",
			"a wrong `max-total` of the preset `blocks` was reported as a `max-idle` (`InvalidPropertiesTests`)"),

	/**
	 * Any operations of buffers, slices, and their streams, readers and writers.
	 */
	BYTES(BytesTarget::new, "a read of no bytes failed at the end of some streams (`BufferAccessTests`)",
			"a stream failed for room that was only likely to be needed (`PooledOutputStreamTests`)"),

	/**
	 * Any operations of data buffers.
	 */
	DATA_BUFFERS(DataBuffersTarget::new,
			"a data buffer failed for room that was only likely to be needed (`PooledDataBufferFactoryTests`)"),

	/**
	 * Any ranges, bodies and forms of HTTP requests.
	 */
	HTTP_CONTENT(HttpContentTarget::new),

	/**
	 * Any bytes of HTTP requests that a socket brings.
	 */
	HTTP_REQUESTS(HttpRequestsTarget::new),

	/**
	 * Any requests to the endpoint.
	 */
	ENDPOINT(EndpointTarget::new),

	/**
	 * Any sizes, caps, limits and budgets, and what is computed from them.
	 */
	SIZES(SizesTarget::new, "advice for very many requests wasted less than nothing (`TierAdvisorTests`)",
			"more requests of nothing than a number holds were counted (`SizeHistogramTests`)",
			"tiers of nearly the longest array counted 16 bytes (`BudgetTests`)",
			"what no array can have was asked of the JVM (`AbstractBufferPoolTests`)");

	private static final String FILE = "inputs.txt";

	private final Supplier<FuzzTarget> constructor;

	private final List<String> found;

	FuzzTargets(Supplier<FuzzTarget> constructor, String... found) {
		this.constructor = constructor;
		this.found = List.of(found);
	}

	FuzzTarget create() {
		return this.constructor.get();
	}

	/**
	 * Return the name of the folder below {@code src/test/resources/io/mempool/fuzz}.
	 */
	String folder() {
		return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
	}

	/**
	 * Return the faults that the target has found, with the tests that hold them now.
	 */
	List<String> found() {
		return this.found;
	}

	/**
	 * Return the inputs that are kept: interesting ones, and those that found a fault.
	 */
	List<byte[]> kept() {
		try (var in = FuzzTargets.class.getResourceAsStream(folder() + "/" + FILE)) {
			List<byte[]> inputs = new ArrayList<>();
			if (in != null) {
				new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
					.filter((line) -> !line.isBlank() && !line.startsWith("#"))
					.forEach((line) -> inputs.add(HexFormat.of().parseHex(line.strip())));
			}
			return inputs;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
