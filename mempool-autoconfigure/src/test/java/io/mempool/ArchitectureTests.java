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

import java.util.List;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/**
 * The house: which room may know which. A room that is not built yet breaks no rule.
 */
@AnalyzeClasses(packages = "io.mempool", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

	private static final String[] ENGINE = { "io.mempool.core..", "io.mempool.buffer..", "io.mempool.object..",
			"io.mempool.slice..", "io.mempool.scope..", "io.mempool.diagnostics.." };

	@ArchTest
	void coreKnowsNobody(JavaClasses classes) {
		room("core").should().onlyDependOnClassesThat(jdkAnd("core")).allowEmptyShould(true).check(classes);
	}

	@ArchTest
	void bufferKnowsCore(JavaClasses classes) {
		room("buffer").should().onlyDependOnClassesThat(jdkAnd("buffer", "core")).allowEmptyShould(true).check(classes);
	}

	@ArchTest
	void objectKnowsCoreAndNeverBuffer(JavaClasses classes) {
		room("object").should().onlyDependOnClassesThat(jdkAnd("object", "core")).allowEmptyShould(true).check(classes);
	}

	@ArchTest
	void sliceKnowsBuffer(JavaClasses classes) {
		room("slice").should()
			.onlyDependOnClassesThat(jdkAnd("slice", "buffer", "core"))
			.allowEmptyShould(true)
			.check(classes);
	}

	@ArchTest
	void scopeKnowsBufferAndObject(JavaClasses classes) {
		room("scope").should()
			.onlyDependOnClassesThat(jdkAnd("scope", "buffer", "object", "core"))
			.allowEmptyShould(true)
			.check(classes);
	}

	@ArchTest
	void diagnosticsKnowsWhatIsBelow(JavaClasses classes) {
		room("diagnostics").should()
			.onlyDependOnClassesThat(jdkAnd("diagnostics", "buffer", "object", "slice", "scope", "core"))
			.allowEmptyShould(true)
			.check(classes);
	}

	@ArchTest
	void metricsWorksWithoutSpring(JavaClasses classes) {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage("io.mempool.metrics..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework..", "jakarta..", "io.mempool.web..", "io.mempool.actuate..")
			.allowEmptyShould(true)
			.check(classes);
	}

	@ArchTest
	void webAndActuateDoNotKnowEachOther(JavaClasses classes) {
		SlicesRuleDefinition.slices()
			.matching("io.mempool.(web|actuate|metrics)..")
			.should()
			.notDependOnEachOther()
			.allowEmptyShould(true)
			.check(classes);
	}

	@ArchTest
	void engineKnowsNoFramework(JavaClasses classes) {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAnyPackage(ENGINE)
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework..", "io.micrometer..", "jakarta..", "org.slf4j..", "org.apache..")
			.allowEmptyShould(true)
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
			.allowEmptyShould(true)
			.check(classes);
	}

	@ArchTest
	void roomsAreFreeOfCycles(JavaClasses classes) {
		SlicesRuleDefinition.slices()
			.matching("io.mempool.(*)..")
			.should()
			.beFreeOfCycles()
			.allowEmptyShould(true)
			.check(classes);
	}

	private static GivenClassesConjunction room(String name) {
		return ArchRuleDefinition.classes().that().resideInAPackage("io.mempool." + name + "..");
	}

	private static DescribedPredicate<JavaClass> jdkAnd(String... rooms) {
		String[] packages = new String[rooms.length + 4];
		packages[0] = "java..";
		packages[1] = "com.sun.management..";
		packages[2] = "org.jspecify.annotations..";
		packages[3] = "jdk.jfr..";
		for (int i = 0; i < rooms.length; i++) {
			packages[i + 4] = "io.mempool." + rooms[i] + "..";
		}
		DescribedPredicate<JavaClass> known = JavaClass.Predicates.resideInAnyPackage(packages);
		return DescribedPredicate.describe("are of the JDK or of " + List.of(rooms), (type) -> {
			JavaClass component = type.getBaseComponentType();
			return component.isPrimitive() || known.test(component);
		});
	}

}
