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

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/**
 * Which package may know which.
 */
@AnalyzeClasses(packages = "io.mempool", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	private static final String[] JDK = { "java..", "org.jspecify.." };

	@ArchTest
	final ArchRule coreKnowsTheJdkOnly = mayKnow("core");

	@ArchTest
	final ArchRule bufferKnowsCore = mayKnow("buffer", "core");

	@ArchTest
	final ArchRule objectKnowsCoreButNotBuffer = mayKnow("object", "core");

	@ArchTest
	final ArchRule scopeKnowsPools = mayKnow("scope", "core", "buffer", "object");

	@ArchTest
	final ArchRule noPackagesKnowEachOther = SlicesRuleDefinition.slices()
		.matching("io.mempool.(*)..")
		.should()
		.beFreeOfCycles();

	private static ArchRule mayKnow(String name, String... others) {
		String[] packages = new String[JDK.length + others.length + 1];
		System.arraycopy(JDK, 0, packages, 0, JDK.length);
		packages[JDK.length] = "io.mempool." + name;
		for (int i = 0; i < others.length; i++) {
			packages[JDK.length + 1 + i] = "io.mempool." + others[i];
		}
		return ArchRuleDefinition.classes()
			.that()
			.resideInAPackage("io.mempool." + name)
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage(packages);
	}

}
