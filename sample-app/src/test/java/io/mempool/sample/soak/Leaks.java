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

package io.mempool.sample.soak;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import jakarta.servlet.Filter;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;

/**
 * Leaks on purpose, to see that a soak rejects it: memory with each request, and a thread
 * and a descriptor now and then. Nothing leaks unless it is asked for.
 */
class Leaks {

	private static final int BYTES = 8 * 1024;

	// A fast machine would run out of memory before the end
	private static final int NANOS_BETWEEN = 20_000_000;

	private static final int EACH_WITH_THREAD = 10;

	private static final int EACH_WITH_DESCRIPTOR = 5;

	private static final List<Object> LEAKED = new ArrayList<>();

	private static long last = System.nanoTime();

	@Bean
	Filter leakingFilter(@Value("${soak.leaking:false}") boolean leaking) {
		return (request, response, chain) -> {
			if (leaking) {
				leak();
			}
			chain.doFilter(request, response);
		};
	}

	private static synchronized void leak() {
		if (System.nanoTime() - last < NANOS_BETWEEN) {
			return;
		}
		last = System.nanoTime();
		LEAKED.add(new byte[BYTES]);
		if (LEAKED.size() % EACH_WITH_THREAD == 0) {
			Thread thread = new Thread(Leaks::sleepForEver, "leaked");
			thread.setDaemon(true);
			thread.start();
		}
		if (LEAKED.size() % EACH_WITH_DESCRIPTOR == 0) {
			LEAKED.add(openDescriptor());
		}
	}

	private static void sleepForEver() {
		while (true) {
			LockSupport.park();
		}
	}

	private static FileInputStream openDescriptor() {
		try {
			return new FileInputStream("/proc/self/status");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
