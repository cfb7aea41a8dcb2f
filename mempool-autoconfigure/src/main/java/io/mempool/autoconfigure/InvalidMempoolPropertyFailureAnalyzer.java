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

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Says which property is invalid, its value, where that comes from, why, and what to do.
 */
class InvalidMempoolPropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidMempoolPropertyException> {

	private final Environment environment;

	InvalidMempoolPropertyFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidMempoolPropertyException cause) {
		StringBuilder description = new StringBuilder("Invalid configuration of mempool:%n%n".formatted());
		ConfigurationProperty source = find(cause.getProperty());
		description.append("    Property: ").append(cause.getProperty());
		if (source != null) {
			description.append("%n    Value: \"%s\"".formatted(source.getValue()));
			if (!source.getName().equals(ConfigurationPropertyName.of(cause.getProperty()))) {
				description.append(" of ").append(source.getName());
			}
			if (source.getOrigin() != null) {
				description.append("%n    Origin: %s".formatted(source.getOrigin()));
			}
		}
		description.append("%n    Reason: %s".formatted(cause.getReason()));
		return new FailureAnalysis(description.toString(), cause.getAction(), cause);
	}

	// The property as it was written: a tier may be one of a comma-separated list, and a
	// pool has no value but settings
	private @Nullable ConfigurationProperty find(String property) {
		ConfigurationPropertyName name = ConfigurationPropertyName.of(property);
		while (name.getNumberOfElements() > 1) {
			for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
				ConfigurationProperty found = find(name, source);
				if (found != null) {
					return found;
				}
			}
			name = name.getParent();
		}
		return null;
	}

	private static @Nullable ConfigurationProperty find(ConfigurationPropertyName name,
			ConfigurationPropertySource source) {
		ConfigurationProperty property = source.getConfigurationProperty(name);
		if (property == null && source instanceof IterableConfigurationPropertySource iterable) {
			return iterable.stream()
				.filter(name::isAncestorOf)
				.findFirst()
				.map(source::getConfigurationProperty)
				.orElse(null);
		}
		return property;
	}

}
