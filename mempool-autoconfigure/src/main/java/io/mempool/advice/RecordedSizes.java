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

package io.mempool.advice;

import java.io.IOException;
import java.io.LineNumberReader;
import java.io.Reader;

import io.mempool.sizes.SizeHistogram;
import io.mempool.sizes.SizeHistogramBuilder;

/**
 * Reads sizes from text: a size per line, or a size and how often it was requested.
 */
final class RecordedSizes {

	private final SizeHistogramBuilder histogram = SizeHistogram.builder();

	private RecordedSizes() {
	}

	static SizeHistogram read(Reader reader) throws IOException {
		RecordedSizes sizes = new RecordedSizes();
		LineNumberReader lines = new LineNumberReader(reader);
		String line = lines.readLine();
		while (line != null) {
			try {
				sizes.add(line);
			}
			catch (IllegalArgumentException ex) {
				throw new IllegalArgumentException("Line " + lines.getLineNumber() + ": " + ex.getMessage(), ex);
			}
			line = lines.readLine();
		}
		return sizes.histogram.build();
	}

	private void add(String line) {
		String text = line.replaceFirst("#.*", "").strip();
		if (text.isEmpty()) {
			return;
		}
		String[] numbers = text.split("\\s+", -1);
		if (numbers.length > 2) {
			throw new IllegalArgumentException("'" + text + "' has " + numbers.length
					+ " columns; write a size in bytes, and how often it was requested if not once");
		}
		int size = (int) number(numbers[0], "size", Integer.MAX_VALUE);
		long count = (numbers.length == 2) ? number(numbers[1], "count", Long.MAX_VALUE) : 1;
		this.histogram.add(size, count);
	}

	private static long number(String text, String what, long highest) {
		try {
			long number = Long.parseLong(text);
			if (number >= 0 && number <= highest) {
				return number;
			}
		}
		catch (NumberFormatException ex) {
			// Reported like a number that is out of range
		}
		throw new IllegalArgumentException(
				"the " + what + " must be a number from 0 to " + highest + " but is '" + text + "'");
	}

}
