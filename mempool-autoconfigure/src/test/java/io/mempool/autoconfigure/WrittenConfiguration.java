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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;

import io.mempool.buffer.BufferPool;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.env.ConfigTreePropertySource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertiesPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

/**
 * An environment with the sources of properties that an application has, in their order,
 * and what mempool makes of it. Starts no application, so that many of them take little
 * time.
 */
final class WrittenConfiguration {

	private final StandardEnvironment environment = new StandardEnvironment() {

		@Override
		protected void customizePropertySources(MutablePropertySources sources) {
			// Those of this JVM are no matter of a test
		}

	};

	private final Map<String, Object> variables = new LinkedHashMap<>();

	private final Properties systemProperties = new Properties();

	private final Map<String, Object> json = new LinkedHashMap<>();

	private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

	private String[] arguments = {};

	WrittenConfiguration() {
		MutablePropertySources sources = this.environment.getPropertySources();
		sources.addFirst(new MapPropertySource("spring.application.json", this.json));
		sources.addLast(new PropertiesPropertySource(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME,
				this.systemProperties));
		sources.addLast(new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
				this.variables));
	}

	/**
	 * Add a file, over those that were added before.
	 */
	WrittenConfiguration yaml(String name, String content) {
		ByteArrayResource resource = new ByteArrayResource(content.getBytes(), name);
		try {
			for (PropertySource<?> source : new YamlPropertySourceLoader().load(name, resource)) {
				below(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, source);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return this;
	}

	private void below(String name, PropertySource<?> source) {
		this.environment.getPropertySources().addAfter(name, source);
	}

	WrittenConfiguration variable(String name, String value) {
		this.variables.put(name, value);
		return this;
	}

	WrittenConfiguration systemProperty(String name, String value) {
		this.systemProperties.setProperty(name, value);
		return this;
	}

	WrittenConfiguration json(String name, Object value) {
		this.json.put(name, value);
		return this;
	}

	WrittenConfiguration arguments(String... arguments) {
		this.arguments = arguments;
		return this;
	}

	/**
	 * Add a folder of files that are named like properties.
	 */
	WrittenConfiguration tree(Path folder, String name, String value) {
		try {
			Files.writeString(folder.resolve(name), value);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		below(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new ConfigTreePropertySource("tree", folder,
				ConfigTreePropertySource.Option.AUTO_TRIM_TRAILING_NEW_LINE));
		return this;
	}

	/**
	 * Add a source that does not list its properties.
	 */
	WrittenConfiguration unlisted(String property, Object content) {
		this.environment.getPropertySources().addFirst(new PropertySource<>("unlisted", new Object()) {

			@Override
			public @Nullable Object getProperty(String key) {
				return key.equals(property) ? content : null;
			}

		});
		return this;
	}

	/**
	 * Read the properties, and build what checks them, as an application does.
	 */
	MempoolProperties read() {
		if (this.arguments.length > 0) {
			this.environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource(this.arguments));
		}
		ConfigurationPropertySources.attach(this.environment);
		MempoolProperties properties = new MempoolProperties();
		new PropertyReader(WrittenProperties.of(this.environment)).read(properties);
		TreeSet<String> pools = new TreeSet<>(properties.getPools().keySet());
		pools.add("default");
		BufferPoolFactory factory = new BufferPoolFactory(properties, List.of(), (leak) -> {
		}, new RegisteredPools(List.copyOf(pools), List.of()), this.environment);
		try (BufferPool pool = BufferPool.builder("any").tiers(16).build()) {
			pools.forEach((name) -> this.beans.registerSingleton(name, pool));
			new ObjectPoolFactory(properties, this.beans, (leak) -> {
			}, this.environment);
			new HealthDefinition(properties.getHealth());
			new RequestDefinition(properties.getRequest(), this.beans, factory);
			new ClientDefinition(properties.getClients(), this.beans, factory);
		}
		return properties;
	}

	/**
	 * Return the report of a mistake, as an application shows it.
	 */
	String report() {
		try {
			read();
		}
		catch (InvalidMempoolPropertyException ex) {
			FailureAnalysis analysis = new InvalidMempoolPropertyFailureAnalyzer(this.environment).analyze(ex);
			if (analysis != null) {
				return analysis.getDescription() + "\nAction: " + analysis.getAction();
			}
		}
		return "no report";
	}

	/**
	 * Return the name of a variable in the form that Spring Boot documents.
	 */
	static String variableOf(String property) {
		return property.replace("-", "").replaceAll("[.\\[\\]]+", "_").replaceAll("_$", "").toUpperCase(Locale.ROOT);
	}

	/**
	 * Return the name of a variable in which each dash is an underscore.
	 */
	static String longVariableOf(String property) {
		return variableOf(property.replace('-', '.'));
	}

}
