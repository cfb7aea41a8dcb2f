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

package io.mempool.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Says that {@code mempool.enabled} is off, if that is why a bean is missing. Comes
 * before the analyzer of Spring Boot, which asks to define it.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class SwitchedOffFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {

	private final Environment environment;

	SwitchedOffFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
		Class<?> type = (cause.getResolvableType() != null) ? cause.getResolvableType().resolve() : null;
		if (type == null || !type.getName().startsWith("io.mempool.")) {
			return null;
		}
		WrittenProperties written = WrittenProperties.of(this.environment);
		WrittenProperty off = written.get(FlagCondition.ALL);
		if (off == null || FlagCondition.isOn(written, FlagCondition.ALL, true)) {
			return null;
		}
		String description = "%s required a bean of type '%s', and there is none because '%s' is off:%n%n    Property: %s"
			.formatted(neededBy(rootFailure), type.getName(), FlagCondition.ALL, FlagCondition.ALL)
				+ off.describe(FlagCondition.ALL);
		return new FailureAnalysis(description, "Set '" + FlagCondition.ALL
				+ "' to 'true', inject an ObjectProvider, or set 'mempool.pooling' to 'false' for pools that keep nothing",
				cause);
	}

	private String neededBy(Throwable failure) {
		UnsatisfiedDependencyException dependency = findCause(failure, UnsatisfiedDependencyException.class);
		InjectionPoint point = (dependency != null) ? dependency.getInjectionPoint() : null;
		if (point != null) {
			return "'" + point.getMember().getDeclaringClass().getName() + "'";
		}
		String bean = (dependency != null) ? dependency.getBeanName() : null;
		return (bean != null) ? "The bean '" + bean + "'" : "A component";
	}

}
