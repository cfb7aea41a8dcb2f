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

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Frees off-heap memory. What a call of the operating system still uses is freed when
 * that call ends, by a daemon thread that lives only as long as there is something to
 * wait for.
 */
final class NativeReclaimer {

	private static final long RETRY_MILLIS = 20;

	private static final ReentrantLock lock = new ReentrantLock();

	private static final Condition retry = lock.newCondition();

	private static final Queue<NativeMemory> pending = new ArrayDeque<>();

	private static boolean running;

	private NativeReclaimer() {
	}

	static void free(NativeMemory memory) {
		if (!memory.free()) {
			freeLater(memory);
		}
	}

	private static void freeLater(NativeMemory memory) {
		lock.lock();
		try {
			pending.add(memory);
			if (!running) {
				running = true;
				Thread thread = new Thread(NativeReclaimer::run, "mempool-reclaimer");
				thread.setDaemon(true);
				thread.start();
			}
		}
		finally {
			lock.unlock();
		}
	}

	private static void run() {
		lock.lock();
		try {
			while (!pending.isEmpty()) {
				if (!retry.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
					pending.removeIf(NativeMemory::free);
				}
			}
		}
		catch (InterruptedException ex) {
			// Nobody knows this thread; the next one to free something starts another
		}
		finally {
			running = false;
			lock.unlock();
		}
	}

}
