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

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * Bytes that a fuzzer has chosen, read as the decisions of one run of a
 * {@link FuzzTarget}. When the bytes have ended, every decision is the first one.
 */
public final class FuzzInput {

	private static final int[] EDGES = { 0, 1, 7, 8, 15, 16, 31, 32 };

	// Characters that parsers stumble over
	private static final List<String> AWKWARD = List.of("\u0000", "\n", "\r\n", "\t", "\"", "'", "\\", "%", "%s", "${",
			"}", "#{", ":", ",", ";", "=", "[", "]", "{", "<b>", "&", "\u00df", "\u0130", "\u0661", "\uff14", "\ud800",
			"\ud83d\ude00", "\u202e", "\ufeff", "..", "/", "*", "-", "_", " ");

	private final byte[] bytes;

	private int position;

	FuzzInput(byte[] bytes) {
		this.bytes = bytes;
	}

	boolean isAtEnd() {
		return this.position >= this.bytes.length;
	}

	int octet() {
		return isAtEnd() ? 0 : Byte.toUnsignedInt(this.bytes[this.position++]);
	}

	boolean flag() {
		return (octet() & 1) != 0;
	}

	/**
	 * Return whether something happens that does so in one of some cases.
	 */
	boolean oneIn(int cases) {
		return below(cases) == cases - 1;
	}

	/**
	 * Return a number from 0 to below a bound.
	 */
	int below(int bound) {
		int value = octet();
		if (bound > 256) {
			value = value << 8 | octet();
		}
		if (bound > 65536) {
			value = value << 8 | octet();
		}
		return value % bound;
	}

	/**
	 * Return a number between two others, both included.
	 */
	int between(int least, int most) {
		return least + below(most - least + 1);
	}

	@SafeVarargs
	final <T> T pick(T... choices) {
		return choices[below(choices.length)];
	}

	<T> T pick(List<T> choices) {
		return choices.get(below(choices.size()));
	}

	/**
	 * Return any number: a small one, one near a power of two or a limit of a type, or
	 * any eight bytes.
	 */
	long number() {
		return switch (below(6)) {
			case 0 -> octet();
			case 1 -> -octet();
			case 2 -> near(1L << below(64));
			case 3 -> near(pick(0L, Long.MAX_VALUE, Long.MIN_VALUE, (long) Integer.MAX_VALUE, (long) Integer.MIN_VALUE,
					Integer.MAX_VALUE - 8L, 1L << 20, 1L << 32, 1000L, 1024L));
			case 4 -> octet() << 8 | octet();
			default -> {
				long value = 0;
				for (int i = 0; i < Long.BYTES; i++) {
					value = value << 8 | octet();
				}
				yield value;
			}
		};
	}

	private long near(long value) {
		return value + octet() % 5 - 2;
	}

	/**
	 * Return any number of the type {@code int}.
	 */
	int integer() {
		return (int) number();
	}

	/**
	 * Return a number from 0 to a bound, often near one end.
	 */
	int size(int most) {
		return switch (below(4)) {
			case 0 -> Math.min(most, EDGES[below(EDGES.length)]);
			case 1 -> Math.max(0, most - below(3));
			default -> below(most + 1);
		};
	}

	/**
	 * Return an index or a length for something of a size: mostly a good one, and
	 * sometimes any number.
	 */
	int index(int size) {
		return oneIn(8) ? integer() : oneIn(8) ? size + below(3) - 1 : size(Math.max(0, size));
	}

	byte[] bytes(int length) {
		byte[] read = new byte[length];
		for (int i = 0; i < length; i++) {
			// Beyond the input, something that shows where it is
			read[i] = (byte) (isAtEnd() ? 31 * i + 7 : octet());
		}
		return read;
	}

	/**
	 * Return any text.
	 */
	String text() {
		StringBuilder text = new StringBuilder();
		for (int count = below(6); count > 0; count--) {
			switch (below(5)) {
				case 0 -> text.append(pick(AWKWARD));
				case 1 -> text.append((char) (octet() << 8 | octet()));
				case 2 -> text.append(number());
				case 3 -> text.append(pick(AWKWARD).repeat(oneIn(64) ? 2000 : 2));
				default -> text.append(new String(bytes(below(8)), StandardCharsets.ISO_8859_1));
			}
		}
		return text.toString();
	}

	/**
	 * Change a text in one or two places.
	 */
	String mutate(String text) {
		StringBuilder mutated = new StringBuilder(text);
		for (int count = between(1, 2); count > 0; count--) {
			int at = below(mutated.length() + 1);
			switch (below(6)) {
				case 0 -> mutated.insert(at, pick(AWKWARD));
				case 1 -> mutated.delete(at, Math.min(mutated.length(), at + between(1, 3)));
				case 2 -> mutated.insert(at, (char) octet());
				case 3 -> mutated.insert(at, mutated.substring(at));
				case 4 -> mutated.insert(at, octet());
				default -> {
					String upper = mutated.toString().toUpperCase(java.util.Locale.ROOT);
					mutated.replace(0, mutated.length(), upper);
				}
			}
		}
		return mutated.toString();
	}

	@Override
	public String toString() {
		return HexFormat.of().formatHex(this.bytes);
	}

}
