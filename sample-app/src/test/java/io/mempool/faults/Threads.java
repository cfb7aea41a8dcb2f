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

package io.mempool.faults;

import java.lang.reflect.Method;

/**
 * Threads of both kinds: the harness is compiled for Java 17, which has one.
 */
final class Threads {

	private Threads() {
	}

	static boolean haveVirtual() {
		return Runtime.version().feature() >= 21;
	}

	static Thread unstarted(Runnable task, boolean virtual) {
		if (!virtual) {
			Thread thread = new Thread(task, "worker");
			thread.setDaemon(true);
			return thread;
		}
		try {
			Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
			Method unstarted = Class.forName("java.lang.Thread$Builder").getMethod("unstarted", Runnable.class);
			return (Thread) unstarted.invoke(builder, task);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException("This Java has no virtual threads", ex);
		}
	}

}
