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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Formatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The house: which room may know which. An empty room breaks its rule.
 */
@AnalyzeClasses(packages = "io.mempool", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

	// Four of these are a slot, its layout, its block and its free list
	private static final int LARGEST_CIRCLE = 6;

	private static final int MOST_LINES = 400;

	private static final Path SOURCES = Path.of(System.getProperty("basedir", ""), "src/main/java/io/mempool");

	// A number in a pattern: some locales have digits of their own
	private static final Pattern NUMBER = Pattern.compile("%[-+,.0-9]*[dfx]");

	private static final String STRING = String.class.getName();

	private static final String[] PLAIN = { "core", "engine", "sizes", "ring", "buffer", "object", "slice", "scope",
			"leaks", "advice", "pressure" };

	private static final String[] POOLS = { "io.mempool.core..", "io.mempool.engine..", "io.mempool.buffer..",
			"io.mempool.object..", "io.mempool.slice..", "io.mempool.scope.." };

	@ArchTest
	void coreKnowsTheJdkOnly(JavaClasses classes) {
		assertKnowsOnly(classes, "core");
	}

	@ArchTest
	void engineKnowsCore(JavaClasses classes) {
		assertKnowsOnly(classes, "engine", "core");
	}

	@ArchTest
	void sizesKnowTheStripesOfTheEngine(JavaClasses classes) {
		assertKnowsOnly(classes, "sizes", "engine");
	}

	@ArchTest
	void ringKnowsTheJdkOnly(JavaClasses classes) {
		assertKnowsOnly(classes, "ring");
	}

	@ArchTest
	void bufferKnowsSizesAndEngine(JavaClasses classes) {
		assertKnowsOnly(classes, "buffer", "sizes", "engine", "core");
	}

	@ArchTest
	void objectKnowsTheEngineAndNeverBuffer(JavaClasses classes) {
		assertKnowsOnly(classes, "object", "engine", "core");
	}

	@ArchTest
	void sliceKnowsBuffer(JavaClasses classes) {
		assertKnowsOnly(classes, "slice", "buffer", "engine", "core");
	}

	@ArchTest
	void scopeKnowsBufferSliceAndObject(JavaClasses classes) {
		assertKnowsOnly(classes, "scope", "slice", "buffer", "object", "engine", "core");
	}

	@ArchTest
	void leaksAndAdviceDoNotKnowEachOther(JavaClasses classes) {
		assertKnowsOnly(classes, "leaks", "buffer", "object", "sizes", "engine", "core");
		assertKnowsOnly(classes, "advice", "buffer", "object", "sizes", "engine", "core");
	}

	@ArchTest
	void pressureKnowsPools(JavaClasses classes) {
		assertKnowsOnly(classes, "pressure", "buffer", "object", "engine", "core");
	}

	private static void assertKnowsOnly(JavaClasses classes, String room, String... rooms) {
		List<String> known = new ArrayList<>(List.of(rooms));
		known.add(room);
		ArchRuleDefinition.classes()
			.that()
			.resideInAPackage("io.mempool." + room + "..")
			.should()
			.onlyDependOnClassesThat(jdkAnd(known))
			.check(classes);
	}

	@ArchTest
	void noTypeOfTheEngineIsPartOfTheApi(JavaClasses classes) {
		ArchRuleDefinition.classes()
			.that()
			.resideOutsideOfPackage("io.mempool.engine..")
			.and()
			.arePublic()
			.should(KEEP_THE_ENGINE_TO_THEMSELVES)
			.check(classes);
	}

	private static final ArchCondition<JavaClass> KEEP_THE_ENGINE_TO_THEMSELVES = new ArchCondition<>(
			"have no type of the engine in a public signature") {

		@Override
		public void check(JavaClass type, ConditionEvents events) {
			Stream<JavaClass> above = Stream.concat(type.getRawInterfaces().stream(), type.getRawSuperclass().stream());
			Stream<JavaClass> fields = type.getFields()
				.stream()
				.filter((field) -> isApi(field.getModifiers()))
				.map(JavaField::getRawType);
			Stream<JavaClass> signatures = Stream.concat(type.getMethods().stream(), type.getConstructors().stream())
				.filter((member) -> isApi(member.getModifiers()))
				.flatMap((member) -> Stream.concat(member.getRawParameterTypes().stream(),
						Stream.of(member.getRawReturnType())));
			Stream.of(above, fields, signatures)
				.flatMap((types) -> types)
				.filter((used) -> used.getPackageName().equals("io.mempool.engine"))
				.forEach((used) -> events.add(SimpleConditionEvent.violated(type,
						type.getName() + " has " + used.getSimpleName() + " in its signature")));
		}

	};

	private static boolean isApi(Set<JavaModifier> modifiers) {
		return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
	}

	@ArchTest
	void classesThatKnowEachOtherInACircleAreFew(JavaClasses classes) {
		Map<String, Set<String>> known = new TreeMap<>();
		for (JavaClass type : classes) {
			Set<String> names = known.computeIfAbsent(file(type), (name) -> new TreeSet<>());
			type.getDirectDependenciesFromSelf()
				.stream()
				.map((dependency) -> dependency.getTargetClass().getBaseComponentType())
				.filter((target) -> target.getPackageName().equals(type.getPackageName()))
				.forEach((target) -> names.add(file(target)));
		}
		assertThat(known).hasSizeGreaterThan(100);
		assertThat(new Circles(known).all()).filteredOn((circle) -> circle.size() > LARGEST_CIRCLE).isEmpty();
	}

	// The class that a source file is named after
	private static String file(JavaClass type) {
		return type.getName().replaceFirst("\\$.*", "");
	}

	@Test
	void tierAndScopePutTheirPartsTogetherAndNoMore() {
		assertThat(lines("engine/Tier.java")).isLessThan(MOST_LINES);
		assertThat(lines("scope/BufferScope.java")).isLessThan(MOST_LINES);
	}

	private static long lines(String file) {
		try (Stream<String> lines = Files.lines(SOURCES.resolve(file))) {
			return lines.count();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@ArchTest
	void metricsWorksWithoutSpring(JavaClasses classes) {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage("io.mempool.metrics..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework..", "jakarta..", "io.mempool.web..", "io.mempool.actuate..")
			.check(classes);
	}

	@ArchTest
	void springKnowsNoServer(JavaClasses classes) {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage("io.mempool.spring..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.mempool.web..", "io.mempool.actuate..", "io.mempool.metrics..", "jakarta..",
					"org.springframework.boot..")
			.check(classes);
	}

	@ArchTest
	void jettyKnowsJettyAndBuffersAndNoSpring(JavaClasses classes) {
		ArchRuleDefinition.classes()
			.that()
			.resideInAPackage("io.mempool.jetty..")
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("io.mempool.jetty..", "io.mempool.buffer..", "io.mempool.core..", "org.eclipse.jetty..",
					"java..", "org.jspecify.annotations..")
			.check(classes);
	}

	@ArchTest
	void onlyJettyAndAutoConfigureKnowJetty(JavaClasses classes) {
		ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackages("io.mempool.jetty..", "io.mempool.autoconfigure..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.eclipse.jetty..", "io.mempool.jetty..")
			.check(classes);
	}

	@ArchTest
	void onlyTheTestKitKnowsTestFrameworks(JavaClasses classes) {
		ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackage("io.mempool.test..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.junit..", "org.springframework.test..", "org.springframework.boot.test..")
			.check(classes);
	}

	@ArchTest
	void testKitKnowsPoolsAndNoServer(JavaClasses classes) {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage("io.mempool.test..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.mempool.engine..", "io.mempool.web..", "io.mempool.actuate..",
					"io.mempool.metrics..", "jakarta..", "org.springframework.boot..")
			.check(classes);
	}

	@ArchTest
	void webKnowsNoWebStack(JavaClasses classes) {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage("io.mempool.web")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.mempool.web.*..", "jakarta..", "reactor..", "org.springframework.boot..")
			.check(classes);
	}

	@ArchTest
	void webStacksDoNotKnowEachOther(JavaClasses classes) {
		SlicesRuleDefinition.slices().matching("io.mempool.web.(*)..").should().notDependOnEachOther().check(classes);
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage("io.mempool.web.reactive..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("jakarta..", "io.netty..")
			.check(classes);
	}

	@ArchTest
	void webAndActuateDoNotKnowEachOther(JavaClasses classes) {
		SlicesRuleDefinition.slices()
			.matching("io.mempool.(web|actuate|metrics)..")
			.should()
			.notDependOnEachOther()
			.check(classes);
	}

	@ArchTest
	void plainRoomsKnowNoFramework(JavaClasses classes) {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAnyPackage(Stream.of(PLAIN).map((room) -> "io.mempool." + room + "..").toArray(String[]::new))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework..", "io.micrometer..", "jakarta..", "org.slf4j..", "org.apache..")
			.check(classes);
	}

	@ArchTest
	void nobodyKnowsAutoConfigure(JavaClasses classes) {
		ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackage("io.mempool.autoconfigure..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("io.mempool.autoconfigure..")
			.check(classes);
	}

	@ArchTest
	void rulesOfPropertiesAreInDefinitions(JavaClasses classes) {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage("io.mempool.autoconfigure..")
			.and()
			.haveSimpleNameNotEndingWith("Definition")
			.should()
			.callConstructor("io.mempool.autoconfigure.InvalidMempoolPropertyException", STRING, STRING, STRING)
			.as("Rules of properties should be in a *Definition")
			.check(classes);
	}

	@ArchTest
	void roomsAreFreeOfCycles(JavaClasses classes) {
		SlicesRuleDefinition.slices().matching("io.mempool.(*)..").should().beFreeOfCycles().check(classes);
	}

	// A formatter loads the classes of a locale, and what is said may be that there is no
	// memory
	@ArchTest
	void messagesOfPoolsAreMadeWithoutFormatter(JavaClasses classes) {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAnyPackage(POOLS)
			.should()
			.callMethodWhere(DescribedPredicate.describe("a text is formatted",
					(call) -> call.getName().startsWith("format")
							&& call.getTargetOwner().isEquivalentTo(String.class)))
			.orShould()
			.dependOnClassesThat()
			.areAssignableTo(Formatter.class)
			.check(classes);
	}

	// A switch has a class, which stays broken if it is initialised when memory is short
	@ArchTest
	void poolsDoNotSwitchOverEnums(JavaClasses classes) {
		JavaClasses pools = classes.that(JavaClass.Predicates.resideInAnyPackage(POOLS));
		assertThat(pools).hasSizeGreaterThan(100);
		assertThat(pools).flatMap(JavaClass::getFields)
			.filteredOn((field) -> field.getName().startsWith("$SwitchMap$"))
			.isEmpty();
	}

	@Test
	void numbersInMessagesAreTheSameInEveryLocale() throws IOException {
		try (Stream<Path> files = Files.walk(SOURCES)) {
			List<Path> sources = files.filter((file) -> file.toString().endsWith(".java")).toList();
			assertThat(sources).hasSizeGreaterThan(100);
			assertThat(sources).flatMap(Files::readAllLines)
				.filteredOn((line) -> NUMBER.matcher(line).find() && !line.contains("Locale.ROOT"))
				.isEmpty();
		}
	}

	private static DescribedPredicate<JavaClass> jdkAnd(List<String> rooms) {
		String[] packages = new String[rooms.size() + 5];
		packages[0] = "java..";
		packages[1] = "com.sun.management..";
		packages[2] = "org.jspecify.annotations..";
		packages[3] = "jdk.jfr..";
		packages[4] = "com.google.errorprone.annotations..";
		for (int i = 0; i < rooms.size(); i++) {
			packages[i + 5] = "io.mempool." + rooms.get(i) + "..";
		}
		DescribedPredicate<JavaClass> known = JavaClass.Predicates.resideInAnyPackage(packages);
		return DescribedPredicate.describe("are of the JDK or of " + rooms, (type) -> {
			JavaClass component = type.getBaseComponentType();
			return component.isPrimitive() || known.test(component);
		});
	}

	/**
	 * Finds classes each of which leads to each other one: Tarjan, Depth-First Search and
	 * Linear Graph Algorithms (1972).
	 */
	private static final class Circles {

		private final Map<String, Set<String>> known;

		private final Map<String, Integer> numbers = new HashMap<>();

		private final Map<String, Integer> lowest = new HashMap<>();

		private final Deque<String> path = new ArrayDeque<>();

		private final List<Set<String>> circles = new ArrayList<>();

		Circles(Map<String, Set<String>> known) {
			this.known = known;
			known.keySet().forEach(this::visit);
		}

		private void visit(String type) {
			if (this.numbers.putIfAbsent(type, this.numbers.size()) == null) {
				this.lowest.put(type, this.numbers.get(type));
				this.path.push(type);
				for (String next : this.known.getOrDefault(type, Set.of())) {
					visit(next);
					if (this.path.contains(next)) {
						this.lowest.merge(type, this.lowest.get(next), Math::min);
					}
				}
				if (this.lowest.get(type).equals(this.numbers.get(type))) {
					take(type);
				}
			}
		}

		private void take(String first) {
			Set<String> circle = new TreeSet<>();
			while (!circle.contains(first)) {
				circle.add(this.path.pop());
			}
			this.circles.add(circle);
		}

		List<Set<String>> all() {
			return this.circles;
		}

	}

}
