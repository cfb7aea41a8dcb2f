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

package io.mempool.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

import io.mempool.autoconfigure.PropertiesStart;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.convert.support.ConfigurableConversionService;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.util.ClassUtils;

/**
 * Any properties, in YAML, in variables of the environment and elsewhere: the application
 * starts with pools that work, or fails with a report of property, value and action.
 */
final class PropertiesTarget implements FuzzTarget {

	// Of so many inputs one also starts an application
	private static final int SAMPLE = Integer.getInteger("fuzz.sample", 100);

	private final YamlPropertySourceLoader loader = new YamlPropertySourceLoader();

	private int runs;

	@Override
	public String run(FuzzInput input) throws Exception {
		MutablePropertySources sources = new MutablePropertySources();
		Map<String, Object> all = new LinkedHashMap<>();
		try {
			do {
				Map<String, Object> chosen = RandomProperties.choose(input);
				sources.addLast(source(input, chosen, sources.size()));
				all.putAll(chosen);
			}
			while (input.oneIn(4) && sources.size() < 4);
		}
		catch (YAMLException | StackOverflowError ex) {
			return "is no YAML";
		}
		String outcome = start(environment(sources));
		if (this.runs++ % SAMPLE == SAMPLE - 1) {
			startContext(sources, outcome);
		}
		return outcome;
	}

	private PropertySource<?> source(FuzzInput input, Map<String, Object> properties, int number) throws IOException {
		return switch (input.below(8)) {
			case 5 -> new MapPropertySource("map " + number, properties);
			case 6 -> new SystemEnvironmentPropertySource("variables " + number, variables(properties));
			default -> yaml(input.flag() ? new LinkedHashMap<>(properties) : nested(properties), number);
		};
	}

	private static Map<String, Object> variables(Map<String, Object> properties) {
		Map<String, Object> variables = new LinkedHashMap<>();
		properties.forEach((name, value) -> variables
			.put(name.replace("-", "").replaceAll("[.\\[\\]]+", "_").toUpperCase(Locale.ROOT), String.valueOf(value)));
		return variables;
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> nested(Map<String, Object> properties) {
		Map<String, Object> root = new LinkedHashMap<>();
		properties.forEach((name, value) -> {
			Map<String, Object> map = root;
			String[] elements = name.split("\\.");
			for (int i = 0; i < elements.length - 1; i++) {
				Object next = map.computeIfAbsent(elements[i], (key) -> new LinkedHashMap<>());
				// Not a value that is a map, which cannot be changed
				if (!(next instanceof LinkedHashMap)) {
					return;
				}
				map = (Map<String, Object>) next;
			}
			if (elements.length > 0) {
				map.put(elements[elements.length - 1], value);
			}
		});
		return root;
	}

	private PropertySource<?> yaml(Map<String, Object> properties, int number) throws IOException {
		DumperOptions options = new DumperOptions();
		options.setDereferenceAliases(true);
		String text = new Yaml(options).dump(properties);
		List<PropertySource<?>> loaded = this.loader.load("yaml " + number,
				new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8)));
		return loaded.isEmpty() ? new MapPropertySource("empty " + number, Map.of()) : loaded.get(0);
	}

	private static ConfigurableEnvironment environment(MutablePropertySources sources) {
		return new StandardEnvironment(sources) {

			@Override
			protected void customizePropertySources(MutablePropertySources propertySources) {
			}

		};
	}

	private String start(Environment environment) throws Exception {
		try (PropertiesStart start = new PropertiesStart(environment)) {
			start.pools().forEach(PropertiesTarget::use);
			start.objects().values().forEach((pool) -> pool.acquire().release());
			return start.isComplete() ? "starts" : "starts with much memory";
		}
		catch (RuntimeException ex) {
			checkReport(ex, PropertiesStart.analyze(ex, environment));
			return "is reported";
		}
	}

	private static void use(BufferPool pool) {
		try (PooledBuffer buffer = pool.acquire(1)) {
			buffer.put(0, (byte) 1);
		}
		check(pool.statistics().leased() == 0, "Pool '" + pool.name() + "' has leases: " + pool.statistics());
	}

	private static void checkReport(Throwable failure, @Nullable FailureAnalysis analysis) {
		if (analysis == null) {
			throw new AssertionError("No analyzer knows this failure", failure);
		}
		String description = analysis.getDescription();
		check(analysis.getAction() != null && analysis.getAction().strip().length() > 8,
				"No action in: " + description);
		if (description.startsWith("Invalid configuration of mempool")) {
			check(description.contains("Property: ") && description.contains("Value: \"")
					&& description.contains("Reason: "), "No property, value or reason in: " + description);
			String property = description.substring(description.indexOf("Property: ") + 10)
				.lines()
				.findFirst()
				.orElse("");
			check(!analysis.getAction().matches("(?s).*(Write|define it by|to) '" + Pattern.quote(property) + "'.*"),
					"The advice '" + analysis.getAction() + "' is what is written in: " + description);
		}
	}

	private void startContext(MutablePropertySources sources, String outcome) {
		AtomicReference<Environment> environment = new AtomicReference<>();
		new WebApplicationContextRunner().withInitializer((context) -> {
			environment.set(context.getEnvironment());
			sources.forEach(context.getEnvironment().getPropertySources()::addLast);
			// As an application has it
			context.getEnvironment()
				.setConversionService((ConfigurableConversionService) ApplicationConversionService.getSharedInstance());
		})
			.withPropertyValues("management.endpoints.web.exposure.include=mempool",
					"management.health.mempool.enabled=true")
			.withConfiguration(AutoConfigurations.of(ownConfigurations()))
			.run((context) -> {
				Throwable failure = context.getStartupFailure();
				FailureAnalysis analysis = (failure != null) ? analyze(failure, environment.get()) : null;
				boolean management = failure != null && isOfManagement(failure, analysis);
				if (failure != null && !management) {
					checkReport(failure, analysis);
				}
				check(management || (failure != null) == outcome.equals("is reported"),
						"Without a context this " + outcome + ", but with one: " + failure
								+ sources.stream().map((source) -> source + " " + source.getSource()).toList());
			});
	}

	// What Spring Boot reads itself, only a context reads. An application says also which
	// value is no access: its environment explains what cannot be converted
	private static boolean isOfManagement(Throwable failure, @Nullable FailureAnalysis analysis) {
		return (analysis != null) ? analysis.getDescription().contains("'management.")
				: String.valueOf(NestedExceptionUtils.getMostSpecificCause(failure).getMessage())
					.contains("org.springframework.boot.actuate.endpoint.Access");
	}

	private static Class<?>[] ownConfigurations() {
		List<Class<?>> classes = new ArrayList<>();
		for (String name : ImportCandidates.load(org.springframework.boot.autoconfigure.AutoConfiguration.class,
				null)) {
			if (name.startsWith("io.mempool.")) {
				classes.add(ClassUtils.resolveClassName(name, null));
			}
		}
		return classes.toArray(Class<?>[]::new);
	}

	// All analyzers that an application has, in their order
	private static @Nullable FailureAnalysis analyze(Throwable failure, Environment environment) {
		for (FailureAnalyzer analyzer : SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class, SpringFactoriesLoader.ArgumentResolver.of(Environment.class, environment)
				.and(BeanFactory.class, new org.springframework.beans.factory.support.DefaultListableBeanFactory()),
					SpringFactoriesLoader.FailureHandler.handleMessage((message, ex) -> {
					}))) {
			FailureAnalysis analysis = analyzer.analyze(failure);
			if (analysis != null) {
				return analysis;
			}
		}
		return null;
	}

	private static void check(boolean holds, String message) {
		if (!holds) {
			throw new AssertionError(message);
		}
	}

}
