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

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import io.mempool.actuate.endpoint.MempoolDescriptor;
import io.mempool.actuate.endpoint.PoolChangesDescriptor;
import io.mempool.actuate.endpoint.ProblemDescriptor;
import io.mempool.actuate.endpoint.TrimDescriptor;
import io.mempool.autoconfigure.MempoolProperties;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.MemoryKind;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.metrics.BudgetMetrics;
import io.mempool.metrics.BufferPoolMetrics;
import io.mempool.metrics.ObjectPoolMetrics;
import io.mempool.metrics.ScopeMetrics;
import io.mempool.object.ObjectPool;
import io.mempool.web.servlet.RequestScopes;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What users depend on is what was recorded: public types with their members, keys of
 * properties, meters with their tags, members of the endpoint's JSON. Where a change is
 * meant, {@code -Dapi.baseline=write} records it, for the review to see.
 */
class ApiBaselineTests {

	private static final Path BASELINE = Path.of("src/test/resources/io/mempool/api");

	@Test
	void publicTypesHaveTheRecordedMembers() throws IOException {
		Set<String> lines = new TreeSet<>();
		for (JavaClass type : new ClassFileImporter().withImportOption(new DoNotIncludeTests())
			.importPackages("io.mempool")) {
			if (isApi(type)) {
				lines.add(type.getName());
				Stream.concat(Stream.of(type.getConstructors()).flatMap(Set::stream), members(type))
					.filter(ApiBaselineTests::isApi)
					.forEach((member) -> lines.add(type.getName() + " " + signature(member)));
			}
		}
		assertRecorded("types.txt", lines);
	}

	// Those of hidden superclasses are members of the type for its users
	private static Stream<JavaMember> members(JavaClass type) {
		Stream<JavaMember> own = Stream.concat(type.getFields().stream(), type.getMethods().stream());
		return type.getRawSuperclass()
			.filter((superclass) -> superclass.getName().startsWith("io.mempool.") && !isApi(superclass))
			.map((superclass) -> Stream.concat(own, members(superclass)))
			.orElse(own);
	}

	private static boolean isApi(JavaClass type) {
		boolean nestedInApi = type.getEnclosingClass().map(ApiBaselineTests::isApi).orElse(true);
		return nestedInApi && type.getModifiers().contains(JavaModifier.PUBLIC) && !type.isAnonymousClass()
				&& !type.getPackageName().equals("io.mempool.engine");
	}

	private static boolean isApi(JavaMember member) {
		Set<JavaModifier> modifiers = member.getModifiers();
		return (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED))
				&& !modifiers.contains(JavaModifier.SYNTHETIC) && !modifiers.contains(JavaModifier.BRIDGE);
	}

	private static String signature(JavaMember member) {
		if (member instanceof JavaField field) {
			return field.getName() + ": " + field.getRawType().getName();
		}
		JavaCodeUnit unit = (JavaCodeUnit) member;
		return unit.getName() + unit.getRawParameterTypes()
			.stream()
			.map(JavaClass::getName)
			.collect(Collectors.joining(", ", "(", ")")) + ": " + unit.getRawReturnType().getName();
	}

	@Test
	void propertiesHaveTheRecordedKeys() throws IOException {
		Set<String> lines = new TreeSet<>();
		addKeys("mempool", MempoolProperties.class, lines);
		assertRecorded("properties.txt", lines);
	}

	private static void addKeys(String prefix, Class<?> type, Set<String> lines) {
		for (Field field : type.getDeclaredFields()) {
			if (!field.isSynthetic() && !Modifier.isStatic(field.getModifiers())) {
				String key = prefix + "." + field.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
				Class<?> element = elementOf(field.getGenericType());
				String place = (field.getType() == Map.class) ? ".<name>" : (field.getType() == List.class) ? "[]" : "";
				if (element.getName().startsWith(MempoolProperties.class.getName())) {
					addKeys(key + place, element, lines);
				}
				else {
					lines.add(key);
				}
			}
		}
	}

	@Test
	void metersHaveTheRecordedTags() throws IOException {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		try (BufferPool pool = BufferPool.builder("buffers")
			.tiers(1000)
			.caps(new Caps(1, 2, 0))
			.limit(100_000)
			.policy(ExhaustionPolicy.WAIT)
			.build();
				ObjectPool<StringBuilder> objects = ObjectPool.builder("objects", StringBuilder::new)
					.maxIdle(1)
					.maxTotal(2)
					.policy(ExhaustionPolicy.WAIT)
					.build()) {
			new BufferPoolMetrics(pool).bindTo(registry);
			new ObjectPoolMetrics(objects).bindTo(registry);
			new BudgetMetrics(MemoryKind.HEAP, BufferPool.budget("budget", 1000)).bindTo(registry);
			new ScopeMetrics(new RequestScopes(() -> pool, Long.MAX_VALUE, Integer.MAX_VALUE)::statistics)
				.bindTo(registry);
			assertRecorded("meters.txt",
					registry.getMeters().stream().map(ApiBaselineTests::describe).collect(Collectors.toSet()));
		}
	}

	private static String describe(Meter meter) {
		Meter.Id id = meter.getId();
		return id.getName() + " " + id.getType() + " "
				+ id.getTags().stream().map(Tag::getKey).sorted().collect(Collectors.joining(", ", "{", "}")) + " "
				+ id.getBaseUnit();
	}

	@Test
	void jsonHasTheRecordedMembers() throws IOException {
		Set<String> lines = new TreeSet<>();
		for (Class<?> answer : List.of(MempoolDescriptor.class, PoolChangesDescriptor.class, TrimDescriptor.class,
				ProblemDescriptor.class)) {
			addMembers(answer.getSimpleName(), answer, lines);
		}
		assertRecorded("json.txt", lines);
	}

	private static void addMembers(String prefix, Class<?> type, Set<String> lines) {
		for (RecordComponent component : type.getRecordComponents()) {
			Class<?> element = elementOf(component.getGenericType());
			String place = (component.getType() == Map.class) ? ".<name>"
					: (component.getType() == List.class) ? "[]" : "";
			String member = prefix + "." + component.getName() + place;
			if (element.isRecord()) {
				addMembers(member, element, lines);
			}
			else {
				lines.add(member + ": " + element.getSimpleName());
			}
		}
	}

	private static Class<?> elementOf(Type type) {
		if (type instanceof ParameterizedType parameterized) {
			Type[] arguments = parameterized.getActualTypeArguments();
			return elementOf(arguments[arguments.length - 1]);
		}
		return (type instanceof Class<?> raw) ? raw : Object.class;
	}

	private static void assertRecorded(String file, Set<String> actual) throws IOException {
		Path path = BASELINE.resolve(file);
		List<String> lines = actual.stream().sorted().toList();
		if ("write".equals(System.getProperty("api.baseline"))) {
			Files.createDirectories(BASELINE);
			Files.write(path, lines);
		}
		assertThat(lines).as("what users depend on. If the change is meant, record it with -Dapi.baseline=write")
			.containsExactlyElementsOf(Files.readAllLines(path));
	}

}
