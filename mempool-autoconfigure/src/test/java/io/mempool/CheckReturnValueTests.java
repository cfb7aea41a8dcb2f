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

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

import com.google.errorprone.annotations.CheckReturnValue;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.SharedBytes;
import io.mempool.core.Lease;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A lease whose owner ignores it is lost. So compilers and tools have to know which
 * results must not be ignored: Error Prone and IDEs know this annotation, and nothing
 * needs it at run time.
 */
class CheckReturnValueTests {

	// What the caller, or another owner, has as well
	private static final Set<String> OWNED_BY_OTHERS = Set.of("BufferScope.adopt", "BufferScope.detach(Lease)",
			"RequestAllocator.adopt", "RequestAllocator.detach(Lease)", "BufferAllocator.allocate",
			"BufferAllocator.buffer", "Owner.adopt", "Owner.acquire", "PooledResponseBodyAdvice.beforeBodyWrite");

	private static List<Method> methodsThatReturnALease() {
		List<Method> methods = new ArrayList<>();
		for (JavaClass type : new ClassFileImporter().withImportOption(new DoNotIncludeTests())
			.importPackages("io.mempool.core", "io.mempool.buffer", "io.mempool.slice", "io.mempool.scope",
					"io.mempool.object", "io.mempool.web")) {
			Class<?> reflected = type.reflect();
			if (Modifier.isPublic(reflected.getModifiers())) {
				withHiddenSuperclasses(reflected).flatMap((each) -> Stream.of(each.getDeclaredMethods()))
					.filter((method) -> Modifier.isPublic(method.getModifiers()) && !method.isBridge()
							&& !method.isSynthetic())
					.filter((method) -> Lease.class.isAssignableFrom(method.getReturnType())
							|| method.getReturnType() == SharedBytes.class)
					.forEach(methods::add);
			}
		}
		return methods;
	}

	// Their public methods are methods of the class for its users
	private static Stream<Class<?>> withHiddenSuperclasses(Class<?> type) {
		Class<?> superclass = type.getSuperclass();
		boolean hidden = superclass != null && !Modifier.isPublic(superclass.getModifiers());
		return hidden ? Stream.concat(Stream.of(type), withHiddenSuperclasses(superclass)) : Stream.of(type);
	}

	private static String name(Method method) {
		String name = method.getDeclaringClass().getSimpleName() + "." + method.getName();
		boolean ofLease = name.endsWith(".detach") && method.getParameterCount() == 1;
		return ofLease ? name + "(Lease)" : name;
	}

	@Test
	void leaseThatTheCallerOwnsMustNotBeIgnored() {
		Set<String> unmarked = methodsThatReturnALease().stream()
			.filter((method) -> !method.isAnnotationPresent(CheckReturnValue.class))
			.map(CheckReturnValueTests::name)
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(unmarked).isEqualTo(new TreeSet<>(OWNED_BY_OTHERS));
	}

	@Test
	void methodsThatMakeALeaseAreSeen() {
		assertThat(methodsThatReturnALease()).extracting(CheckReturnValueTests::name)
			.contains("PooledBuffer.retain", "PooledBuffer.slice", "PooledBuffer.share", "PooledBuffer.wrap",
					"BufferPool.acquire", "BufferPool.tryAcquire", "Slice.retain", "Slice.slice", "Slice.wrap",
					"SlicingAllocator.allocate", "SlicingAllocator.copy", "SliceReader.read", "SliceReader.tryRead",
					"PooledOutputStream.toBuffer", "ContentReader.read", "BufferScope.acquire", "ObjectPool.acquire",
					"ObjectPool.tryAcquire", "RequestAllocator.acquire", "RequestBuffers.readBody");
	}

	@Test
	void usersNeedNothingOnTheirClassPathForIt(@TempDir Path folder) throws IOException {
		Path source = Files.writeString(folder.resolve("Uploads.java"), """
				class Uploads {

					static int use(io.mempool.buffer.BufferPool pool) {
						try (var buffer = pool.acquire(10); var part = buffer.slice(0, 4)) {
							return part.getInt(0);
						}
					}

				}
				""");
		String classPath = Stream.of(PooledBuffer.class, Nullable.class)
			.map((type) -> type.getProtectionDomain().getCodeSource().getLocation())
			.map((location) -> Path.of(URI.create(location.toString())).toString())
			.collect(Collectors.joining(File.pathSeparator));
		assertThat(compile(source, classPath, folder)).isEmpty();
	}

	@Test
	void noTypeThatUsersMeetMakesTheirCompilerWarn(@TempDir Path folder) throws IOException {
		List<String> uses = typesThatUsersMeet()
			.map((type) -> "\tstatic int use(" + type + " value) {\n" + "\t\treturn value.hashCode();\n\t}\n")
			.toList();
		Path source = Files.writeString(folder.resolve("Uses.java"),
				"class Uses {\n\n" + String.join("\n", uses) + "\n}\n");
		String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !entry.contains("error_prone_annotations"))
			.collect(Collectors.joining(File.pathSeparator));
		assertThat(uses).hasSizeGreaterThan(100);
		// What others' classes lack is not ours
		assertThat(compile(source, classPath, folder).lines()).noneMatch((line) -> line.contains("io/mempool/"))
			.noneMatch((line) -> line.contains("error:"));
	}

	private static Stream<String> typesThatUsersMeet() {
		return new ClassFileImporter().withImportOption(new DoNotIncludeTests())
			.importPackages("io.mempool")
			.stream()
			.filter((type) -> !type.getPackageName().equals("io.mempool.engine"))
			.map(JavaClass::reflect)
			.filter(CheckReturnValueTests::isPublic)
			.map((type) -> type.getCanonicalName() + Stream.of(type.getTypeParameters())
				.map((parameter) -> "?")
				.collect(Collectors.joining(", ", "<", ">"))
				.replace("<>", ""));
	}

	private static boolean isPublic(@Nullable Class<?> type) {
		return type == null || (Modifier.isPublic(type.getModifiers()) && isPublic(type.getDeclaringClass()));
	}

	private static String compile(Path source, String classPath, Path folder) {
		ByteArrayOutputStream messages = new ByteArrayOutputStream();
		ToolProvider.getSystemJavaCompiler()
			.run(null, messages, messages, "-Xlint:all", "-proc:none", "-Xmaxwarns", "1000", "-cp", classPath, "-d",
					folder.toString(), source.toString());
		return messages.toString(StandardCharsets.UTF_8);
	}

}
