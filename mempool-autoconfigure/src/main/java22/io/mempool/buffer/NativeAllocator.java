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

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import org.jspecify.annotations.Nullable;

/**
 * Allocates memory outside of the Java heap. On Java 22 and later each piece has an arena
 * of its own, which threads share. Where the runtime cannot close such arenas, the
 * collector frees the memory, as before Java 22.
 */
final class NativeAllocator {

	private NativeAllocator() {
	}

	static NativeMemory allocate(int size, int alignment) {
		return SharedArenas.areUsable(Arena::ofShared) ? ArenaMemory.allocate(size, alignment)
				: CollectedMemory.allocate(size, alignment);
	}

	static boolean isLimitedByJvm() {
		return !SharedArenas.areUsable(Arena::ofShared);
	}

	@SuppressWarnings("restricted")
	static @Nullable String obstacleToRevocation() {
		if (!SharedArenas.areUsable(Arena::ofShared)) {
			return "this runtime cannot close arenas that threads share";
		}
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment.NULL.reinterpret(arena, null);
			return null;
		}
		catch (IllegalCallerException ex) {
			return "the JVM denies native access to " + module() + "; start it with --enable-native-access=" + module();
		}
	}

	private static String module() {
		String name = NativeAllocator.class.getModule().getName();
		return (name != null) ? name : "ALL-UNNAMED";
	}

}
