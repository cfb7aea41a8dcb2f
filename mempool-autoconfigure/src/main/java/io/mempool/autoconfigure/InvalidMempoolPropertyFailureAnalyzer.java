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

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Says which property is invalid, its value, where that comes from, why, and what to do.
 * Comes before the analyzer of Spring Boot that only knows that something was not bound.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class InvalidMempoolPropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidMempoolPropertyException> {

	private final Environment environment;

	InvalidMempoolPropertyFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidMempoolPropertyException cause) {
		StringBuilder description = new StringBuilder("Invalid configuration of mempool:%n%n".formatted());
		description.append("    Property: ").append(cause.getProperty());
		WrittenProperty written = (cause.getWritten() != null) ? cause.getWritten() : find(cause.getProperty());
		if (written != null) {
			description.append(written.describe(cause.getProperty()));
		}
		description.append("%n    Reason: ".formatted()).append(cause.getReason());
		return new FailureAnalysis(description.toString(), cause.getAction(), cause);
	}

	private @Nullable WrittenProperty find(String property) {
		try {
			return WrittenProperties.of(this.environment).source(property);
		}
		catch (InvalidMempoolPropertyException ex) {
			return null;
		}
	}

}
