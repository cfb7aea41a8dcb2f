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

package io.mempool;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.ContentReader;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.PooledBufferedOutputStream;
import io.mempool.buffer.PooledOutputStream;
import io.mempool.buffer.SharedBytes;
import io.mempool.core.Lease;
import io.mempool.core.UnitOfWork;
import io.mempool.object.ObjectPool;
import io.mempool.object.PooledObject;
import io.mempool.scope.BufferScope;
import io.mempool.sizes.RecentSizes;
import io.mempool.sizes.SizeHistogram;
import io.mempool.slice.Slice;
import io.mempool.slice.SliceReader;
import io.mempool.slice.SliceWriter;
import io.mempool.slice.SlicingAllocator;
import io.mempool.spring.PooledBufferResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is printed says what a thing is, and nothing of what it holds: logs and debuggers
 * print what they like.
 */
class ToStringTests {

	private static final Set<String> ROOMS = Stream.of("core", "sizes", "buffer", "object", "slice", "scope", "spring")
		.map((room) -> "io.mempool." + room)
		.collect(Collectors.toSet());

	private static final String SECRET = "correct horse battery";

	private static final BufferPool POOL = BufferPool.builder("uploads").tiers(64, 1024).build();

	private static final ObjectPool<StringBuilder> OBJECTS = ObjectPool.builder("builders", StringBuilder::new).build();

	/**
	 * Public types of which there may be objects, and types behind public interfaces.
	 */
	private static List<Class<?>> types() {
		return new ClassFileImporter().withImportOption(new DoNotIncludeTests())
			.importPackages(ROOMS)
			.stream()
			.filter((type) -> ROOMS.contains(type.getPackageName()))
			.filter(ToStringTests::isSeen)
			.map(JavaClass::reflect)
			.filter((type) -> !type.isInterface() && !type.isEnum() && !type.isAnonymousClass())
			.filter((type) -> !Modifier.isAbstract(type.getModifiers()) && !isUtility(type))
			.collect(Collectors.toList());
	}

	private static boolean isSeen(JavaClass type) {
		boolean isPublic = type.reflect().isMemberClass()
				? Modifier.isPublic(type.reflect().getModifiers())
						&& Modifier.isPublic(type.reflect().getDeclaringClass().getModifiers())
				: Modifier.isPublic(type.reflect().getModifiers());
		return isPublic || type.getAllRawInterfaces()
			.stream()
			.anyMatch((above) -> ROOMS.contains(above.getPackageName())
					&& Modifier.isPublic(above.reflect().getModifiers())
					&& Modifier.isPublic(topLevel(above.reflect()).getModifiers()));
	}

	private static Class<?> topLevel(Class<?> type) {
		return (type.getEnclosingClass() != null) ? topLevel(type.getEnclosingClass()) : type;
	}

	private static boolean isUtility(Class<?> type) {
		Constructor<?>[] constructors = type.getDeclaredConstructors();
		return constructors.length == 1 && Modifier.isPrivate(constructors[0].getModifiers())
				&& constructors[0].getParameterCount() == 0;
	}

	@Test
	void noTypeLeavesItToObject() {
		assertThat(types()).hasSizeGreaterThan(30)
			.allSatisfy((type) -> assertThat(type.getMethod("toString").getDeclaringClass()).as(type.getName())
				.isNotEqualTo(Object.class));
	}

	static Map<String, Object> things() throws Exception {
		byte[] secret = SECRET.getBytes(StandardCharsets.UTF_8);
		Map<String, Object> things = new LinkedHashMap<>();
		PooledBuffer buffer = POOL.acquire(secret.length);
		buffer.copyIn(0, secret);
		things.put("a buffer", buffer);
		things.put("a part of a buffer", buffer.slice(1, 10));
		things.put("wrapped bytes", PooledBuffer.wrap(secret));
		SharedBytes shared = buffer.share();
		things.put("shared bytes", shared);
		things.put("a resource", PooledBufferResource.of(buffer));
		things.put("an input stream", buffer.inputStream());
		PooledObject<StringBuilder> object = OBJECTS.acquire();
		object.get().append(SECRET);
		things.put("an object", object);
		SlicingAllocator allocator = new SlicingAllocator(POOL, 0, 1024);
		things.put("an allocator of slices", allocator);
		Slice slice = allocator.copy(secret);
		things.put("a slice", slice);
		things.put("a slice of wrapped bytes", Slice.wrap(secret));
		SliceWriter writer = new SliceWriter(OutputStream.nullOutputStream());
		writer.add(Slice.wrap(secret));
		things.put("a writer", writer);
		SliceReader reader = new SliceReader(POOL, new ByteArrayInputStream(secret));
		things.put("a reader that read ahead", reader);
		reader.read(1).release();
		PooledOutputStream stream = POOL.outputStream();
		stream.write(secret);
		things.put("an output stream", stream);
		ContentReader content = new ContentReader(POOL, -1, 1000);
		things.put("a reader of content", content);
		PooledBufferedOutputStream buffered = new PooledBufferedOutputStream(POOL, OutputStream.nullOutputStream());
		buffered.write(secret);
		things.put("a buffered stream", buffered);
		BufferScope scope = new BufferScope(POOL, 1000, () -> new UnitOfWork("GET /", null), false);
		scope.acquire(10).copyIn(0, secret, 0, 10);
		things.put("a scope", scope);
		var holder = POOL.allocator();
		holder.allocate(10).copyIn(0, secret, 0, 10);
		things.put("an allocator", holder);
		things.put("a pool", POOL);
		things.put("a pool of objects", OBJECTS);
		things.put("a builder", BufferPool.builder("frames").limit(1 << 20).maxWait(Duration.ofSeconds(1)));
		things.put("a builder of objects", ObjectPool.builder("things", StringBuilder::new).maxIdle(1));
		things.put("settings", POOL.settings());
		things.put("settings of objects", OBJECTS.settings());
		things.put("statistics", POOL.statistics());
		things.put("statistics of objects", OBJECTS.statistics());
		things.put("sizes", RecentSizes.lockFree(16));
		things.put("exact sizes", RecentSizes.exact(16));
		things.put("a builder of histograms", SizeHistogram.builder());
		things.put("a budget", BufferPool.budget("shared", 1 << 20));
		things.put("a tier", POOL.tiers().get(0));
		things.put("a kind of memory", MemoryKind.HEAP);
		return things;
	}

	static Stream<String> names() throws Exception {
		return things().keySet().stream();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("names")
	void nothingIsPrintedOfWhatItHolds(String name) throws Exception {
		Object thing = things().get(name);
		String printed = thing.toString();
		assertThat(printed).isNotBlank();
		for (String word : SECRET.split(" ")) {
			assertThat(printed).doesNotContain(word);
		}
		if (thing instanceof AutoCloseable closeable && !(thing instanceof BufferPool) && thing != OBJECTS) {
			closeable.close();
			assertThat(thing.toString()).as("dead").isNotBlank().doesNotContain("horse");
			if (thing instanceof Lease lease) {
				assertThat(lease.isAlive()).isFalse();
			}
		}
	}

}
