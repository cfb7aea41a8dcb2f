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

package io.mempool.testing;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A thread that moves the limit of a buffer while another thread copies it.
 */
public final class Hostility {

	private static final int ROUNDS = 200_000;

	private Hostility() {
	}

	/**
	 * Copy again and again, for a second at most, while the limit alternates between few
	 * bytes and all of them.
	 */
	public static void against(ByteBuffer buffer, Runnable copy) throws InterruptedException {
		AtomicBoolean over = new AtomicBoolean();
		Thread thread = new Thread(() -> {
			while (!over.get()) {
				buffer.limit(10);
				Thread.onSpinWait();
				buffer.limit(buffer.capacity());
			}
		});
		thread.start();
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
		try {
			for (int i = 0; i < ROUNDS && System.nanoTime() < end; i++) {
				try {
					buffer.position(0);
					copy.run();
				}
				catch (IndexOutOfBoundsException | IllegalArgumentException ex) {
					// Too much at that moment, or not as much as a moment ago
				}
			}
		}
		finally {
			over.set(true);
			thread.join();
		}
	}

}
