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

import org.jspecify.annotations.Nullable;

/**
 * Allocates memory outside of the Java heap. Before Java 22 the collector frees it. The
 * class of this name below {@code META-INF/versions/22} frees memory as soon as it is not
 * in doubt, where the runtime supports that.
 */
final class NativeAllocator {

	private NativeAllocator() {
	}

	/**
	 * Allocate memory that is zero, and has been touched.
	 * @param size how many bytes
	 * @param alignment a power of two that the address is a multiple of
	 */
	static NativeMemory allocate(int size, int alignment) {
		return CollectedMemory.allocate(size, alignment);
	}

	/**
	 * Return whether {@code -XX:MaxDirectMemorySize} limits this kind of memory. Not a
	 * constant, which would be compiled into its users.
	 */
	static boolean isLimitedByJvm() {
		return true;
	}

	/**
	 * Return why views cannot be revoked, {@code null} if they can.
	 */
	static @Nullable String obstacleToRevocation() {
		return "this JVM is older than Java 22";
	}

}
