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

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link LockHeld}: what the lock of a budget guards is touched by methods that
 * hold it, or that take it. Which part of a method holds the lock is not looked at.
 */
@AnalyzeClasses(packages = "io.mempool.engine", importOptions = DoNotIncludeTests.class)
class LockHeldTests {

	// Each of them takes the lock, or runs an action with the lock held
	private static final Set<String> TAKES_THE_LOCK = Set.of("SharedBudget.lock", "SharedBudget.lockWhenCold",
			"SharedBudget.lockAgain", "Account.exclusively", "Pool.exclusively", "Tier.change");

	@ArchTest
	void onlyHoldersOfTheLockTouchWhatItGuards(JavaClasses classes) {
		assertThat(codeUnits(classes).filter((unit) -> !holdsTheLock(unit))
			.flatMap((unit) -> unit.getAccessesFromSelf().stream())
			.filter(LockHeldTests::needsTheLock)
			.map(JavaAccess::getDescription)).isEmpty();
	}

	@ArchTest
	void implementationsAreMarkedAsWhatTheyImplement(JavaClasses classes) {
		assertThat(marked(classes)).hasSizeGreaterThan(150);
		assertThat(classes.stream()
			.flatMap((type) -> type.getMethods().stream())
			.filter((method) -> !isMarked(method) && overridesMarked(method))
			.map(JavaMember::getFullName)).isEmpty();
	}

	private static Stream<JavaCodeUnit> codeUnits(JavaClasses classes) {
		return classes.stream().flatMap((type) -> type.getCodeUnits().stream());
	}

	private static Set<String> marked(JavaClasses classes) {
		return classes.stream()
			.flatMap((type) -> type.getMembers().stream())
			.filter(LockHeldTests::isMarked)
			.map(JavaMember::getFullName)
			.collect(Collectors.toSet());
	}

	private static boolean holdsTheLock(JavaCodeUnit unit) {
		return isMarked(unit) || unit.getCallsFromSelf()
			.stream()
			.anyMatch((call) -> TAKES_THE_LOCK
				.contains(call.getTargetOwner().getSimpleName() + "." + call.getTarget().getName()));
	}

	private static boolean needsTheLock(JavaAccess<?> access) {
		return access.getTarget()
			.resolveMember()
			.filter((member) -> isMarked(member) && !isOfNewObject(access, member))
			.isPresent();
	}

	// No other thread knows an object before its constructor ends
	private static boolean isOfNewObject(JavaAccess<?> access, JavaMember member) {
		return member instanceof JavaField && access.getOrigin().isConstructor()
				&& member.getOwner().equals(access.getOriginOwner());
	}

	private static boolean overridesMarked(JavaMethod method) {
		JavaClass type = method.getOwner();
		return Stream.concat(type.getAllRawInterfaces().stream(), type.getAllRawSuperclasses().stream())
			.flatMap((parent) -> parent.getMethods().stream())
			.anyMatch((parent) -> isMarked(parent) && parent.getName().equals(method.getName())
					&& parent.getRawParameterTypes().equals(method.getRawParameterTypes()));
	}

	private static boolean isMarked(JavaMember member) {
		return member.isAnnotatedWith(LockHeld.class);
	}

}
