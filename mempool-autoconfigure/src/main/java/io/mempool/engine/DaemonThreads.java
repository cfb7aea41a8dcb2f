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

package io.mempool.engine;

import java.security.AccessController;
import java.security.PrivilegedAction;

/**
 * Creates daemon threads that inherit nothing from the creating thread: no context class
 * loader, thread locals, thread group or access control context. Any of these would keep
 * the class loader of one application reachable for another.
 */
final class DaemonThreads {

	private DaemonThreads() {
	}

	// Without privileges, a thread of Java 17 to 23 keeps the protection domains of all
	// callers of its creator. This is so with or without a security manager
	@SuppressWarnings("removal")
	static Thread create(String name, Runnable task) {
		return AccessController.doPrivileged((PrivilegedAction<Thread>) () -> {
			Thread thread = new Thread(topGroup(), task, name, 0, false);
			thread.setDaemon(true);
			thread.setContextClassLoader(null);
			return thread;
		});
	}

	private static ThreadGroup topGroup() {
		ThreadGroup group = Thread.currentThread().getThreadGroup();
		while (group.getParent() != null) {
			group = group.getParent();
		}
		return group;
	}

}
