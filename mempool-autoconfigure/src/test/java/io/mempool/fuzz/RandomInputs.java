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

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Feeds a target with random inputs, and with random changes of inputs that are kept. The
 * seed decides on all of them.
 */
final class RandomInputs {

	private static final int LONGEST = 512;

	private final Random random;

	private final List<byte[]> kept;

	private final Map<String, Long> outcomes = new TreeMap<>();

	RandomInputs(long seed, List<byte[]> kept) {
		this.random = new Random(seed);
		this.kept = kept;
	}

	/**
	 * Run inputs until one finds a fault.
	 * @throws AssertionError if one does, with the input
	 */
	void feed(FuzzTarget target, int count) {
		for (int i = 0; i < count; i++) {
			run(target, next());
		}
	}

	/**
	 * Run one input.
	 */
	void run(FuzzTarget target, byte[] bytes) {
		FuzzInput input = new FuzzInput(bytes);
		try {
			this.outcomes.merge(target.run(input), 1L, Long::sum);
		}
		catch (Exception | AssertionError | StackOverflowError ex) {
			throw new AssertionError("Input " + input + " finds: " + ex, ex);
		}
	}

	Map<String, Long> outcomes() {
		return this.outcomes;
	}

	private byte[] next() {
		if (this.kept.isEmpty() || this.random.nextInt(4) == 0) {
			byte[] bytes = new byte[this.random.nextInt((this.random.nextInt(8) == 0) ? LONGEST : 64)];
			this.random.nextBytes(bytes);
			return bytes;
		}
		byte[] bytes = this.kept.get(this.random.nextInt(this.kept.size()));
		for (int changes = 1 + this.random.nextInt(4); changes > 0; changes--) {
			bytes = change(bytes);
		}
		return bytes;
	}

	private byte[] change(byte[] bytes) {
		if (bytes.length == 0) {
			return new byte[] { (byte) this.random.nextInt() };
		}
		int at = this.random.nextInt(bytes.length);
		byte[] changed = bytes.clone();
		switch (this.random.nextInt(4)) {
			case 0 -> changed[at] = (byte) this.random.nextInt();
			case 1 -> changed[at] ^= (byte) (1 << this.random.nextInt(8));
			case 2 -> {
				byte[] other = this.kept.get(this.random.nextInt(this.kept.size()));
				int from = this.random.nextInt(other.length + 1);
				changed = new byte[Math.min(LONGEST, at + other.length - from)];
				System.arraycopy(bytes, 0, changed, 0, Math.min(at, changed.length));
				System.arraycopy(other, from, changed, at, changed.length - at);
			}
			default -> {
				changed = new byte[Math.min(LONGEST, bytes.length + 1 + this.random.nextInt(8))];
				this.random.nextBytes(changed);
				System.arraycopy(bytes, 0, changed, 0, Math.min(at, changed.length));
			}
		}
		return changed;
	}

}
