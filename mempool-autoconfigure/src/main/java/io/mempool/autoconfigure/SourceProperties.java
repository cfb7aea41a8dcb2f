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

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.PlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.env.PropertySourceInfo;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * The properties of mempool in one source.
 */
final class SourceProperties {

	private static final String VARIABLE_PREFIX = "MEMPOOL_";

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of(MempoolProperties.PREFIX);

	private final ConfigurationPropertySource source;

	private final PlaceholdersResolver placeholders;

	// SpringApplication can require one of environment variables
	private final String requiredPrefix;

	private final List<WrittenProperty> named = new ArrayList<>();

	private final List<WrittenProperty> variables = new ArrayList<>();

	SourceProperties(ConfigurationPropertySource source, PlaceholdersResolver placeholders) {
		this.source = source;
		this.placeholders = placeholders;
		this.requiredPrefix = requiredPrefix(source.getUnderlyingSource());
		if (source instanceof IterableConfigurationPropertySource
				&& source.getUnderlyingSource() instanceof EnumerablePropertySource<?> properties) {
			for (String name : properties.getPropertyNames()) {
				add(name, properties);
			}
		}
	}

	private void add(String name, EnumerablePropertySource<?> properties) {
		if (isVariable(name, properties)) {
			add(name, properties, this.variables);
		}
		else if (isNamed(name)) {
			add(name, properties, this.named);
		}
	}

	private void add(String name, EnumerablePropertySource<?> properties, List<WrittenProperty> target) {
		Object raw = properties.getProperty(name);
		if (raw != null) {
			target.add(new WrittenProperty(name, raw, resolve(raw), PropertySourceOrigin.get(properties, name)));
		}
	}

	// Upper case and underscores mean a variable wherever they come from, for example
	// from a file in a folder of secrets
	private boolean isVariable(String name, PropertySource<?> properties) {
		boolean ignoreCase = properties instanceof SystemEnvironmentPropertySource;
		String prefix = this.requiredPrefix + VARIABLE_PREFIX;
		return name.regionMatches(ignoreCase, 0, prefix, 0, prefix.length()) && name.indexOf('.') < 0
				&& name.indexOf('[') < 0;
	}

	private static String requiredPrefix(@Nullable Object source) {
		String prefix = (source instanceof PropertySourceInfo info) ? info.getPrefix() : null;
		return (prefix == null || prefix.isEmpty()) ? ""
				: prefix.toUpperCase(Locale.ROOT).replace('.', '_').replace("-", "") + "_";
	}

	private static boolean isNamed(String name) {
		// Most names are of others
		if (name.isEmpty() || Character.toLowerCase(name.charAt(0)) != 'm') {
			return false;
		}
		PropertyPath path = PropertyPath.parse(name);
		return path.size() > 0 && PropertyPath.uniform(path.element(0)).equals(MempoolProperties.PREFIX);
	}

	/**
	 * Return the words of a variable after {@code MEMPOOL_}, in lower case.
	 */
	List<String> words(WrittenProperty variable) {
		String name = variable.name().substring(this.requiredPrefix.length() + VARIABLE_PREFIX.length());
		return List.of(name.toLowerCase(Locale.ROOT).split("_"));
	}

	/**
	 * Return the properties whose names have dots.
	 */
	List<WrittenProperty> named() {
		return this.named;
	}

	/**
	 * Return the properties whose names are those of environment variables.
	 */
	List<WrittenProperty> variables() {
		return this.variables;
	}

	/**
	 * Return whether other programs may write here what begins like our properties.
	 */
	boolean isShared() {
		return this.source.getUnderlyingSource() instanceof PropertySource<?> properties
				&& (properties instanceof SystemEnvironmentPropertySource
						|| properties.getName().equals(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME));
	}

	/**
	 * Return whether the source does not list its properties, and must be asked for each.
	 */
	boolean isUnlisted() {
		return !(this.source instanceof IterableConfigurationPropertySource)
				&& this.source.containsDescendantOf(ROOT) != ConfigurationPropertyState.ABSENT;
	}

	/**
	 * Ask for a property.
	 */
	@Nullable WrittenProperty find(String name) {
		ConfigurationProperty property = this.source.getConfigurationProperty(ConfigurationPropertyName.of(name));
		return (property != null)
				? new WrittenProperty(name, property.getValue(), resolve(property.getValue()), property.getOrigin())
				: null;
	}

	private Object resolve(Object raw) {
		try {
			Object value = this.placeholders.resolvePlaceholders((raw instanceof CharSequence) ? raw.toString() : raw);
			return (value != null) ? value : raw;
		}
		catch (IllegalArgumentException ex) {
			// The placeholder is still there, and is reported when the value is read
			return raw;
		}
	}

}
