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
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.web.context.reactive.GenericReactiveWebApplicationContext;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConfigurationClassPostProcessor;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.core.type.MethodMetadata;
import org.springframework.mock.web.MockServletContext;
import org.springframework.web.context.support.GenericWebApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A bean of the application takes the place of any bean that an auto-configuration
 * declares. No bean is created here.
 */
class BackingOffTests {

	private static final Path PAGE = Path.of("docs", "extending.md");

	private static final String TABLE = "| bean | is replaced by |\n|---|---|\n";

	private static final Path METADATA = Path.of("target/classes/META-INF/spring-configuration-metadata.json");

	// Beans of their own say that these are off
	private static final List<String> SWITCHES = List.of("mempool.request.enabled", "mempool.clients.enabled");

	private static final List<Boolean> BOTH = List.of(true, false);

	@Test
	void everyBeanIsThereInSomeApplication() throws IOException {
		assertThat(definedWith(List.of())).containsAll(beanMethods());
	}

	@Test
	void everyBeanBacksOffForOneOfTheApplication() throws IOException {
		assertThat(definedWith(beanMethods())).isEmpty();
	}

	@Test
	void manualListsEveryBeanThatCanBeReplaced() throws IOException {
		Map<String, String> rows = new TreeMap<>();
		for (Method method : beanMethods()) {
			if (Modifier.isPublic(replacedType(method).toClass().getModifiers())) {
				rows.put(method.getName(), row(method));
			}
		}
		String table = TABLE + String.join("", rows.values());
		if ("write".equals(System.getProperty("manual"))) {
			String page = Files.readString(PAGE);
			int start = page.indexOf(TABLE);
			int end = page.indexOf("\n\n", start);
			Files.writeString(PAGE, page.substring(0, start) + table + page.substring(end + 1));
		}
		assertThat(Files.readString(PAGE)).as("-Dmanual=write writes the table").contains(table + "\n");
	}

	private static String row(Method method) {
		String type = replacedType(method).toString().replaceAll("\\w+\\.(?=\\w+\\.|[A-Z])", "");
		return "| `" + method.getName() + "` | a bean of the " + (isNamed(method) ? "same name, a" : "type") + " `"
				+ type + "` |\n";
	}

	private static Set<Method> definedWith(Iterable<Method> replaced) throws IOException {
		Set<Method> defined = new LinkedHashSet<>();
		List<String> properties = whatEnablesAll();
		for (boolean on : BOTH) {
			for (GenericApplicationContext context : List.of(new GenericApplicationContext(),
					new GenericWebApplicationContext(new MockServletContext()),
					new GenericReactiveWebApplicationContext())) {
				TestPropertyValues.of(properties)
					.and(SWITCHES.stream().map((property) -> property + "=" + on).toArray(String[]::new))
					.applyTo(context);
				replaced.forEach((method) -> replace(context, method));
				define(context);
				defined.addAll(beanMethods().stream().filter((method) -> isDefined(context, method)).toList());
			}
		}
		return defined;
	}

	private static List<String> whatEnablesAll() throws IOException {
		List<String> properties = new ArrayList<>(
				List.of("management.endpoints.web.exposure.include=*", "management.health.mempool.enabled=true"));
		for (JsonNode property : JsonMapper.shared().readTree(Files.readString(METADATA)).path("properties")) {
			String name = property.path("name").asString();
			if (name.startsWith("mempool.") && name.endsWith(".enabled") && !SWITCHES.contains(name)) {
				properties.add(name + "=true");
			}
		}
		return properties;
	}

	private static void replace(GenericApplicationContext context, Method method) {
		RootBeanDefinition definition = new RootBeanDefinition();
		definition.setTargetType(replacedType(method));
		definition.setInstanceSupplier(() -> {
			throw new AssertionError("created");
		});
		String name = isNamed(method) ? method.getName() : "replacementOf" + method;
		context.registerBeanDefinition(name, definition);
	}

	private static boolean isNamed(Method method) {
		ConditionalOnMissingBean condition = method.getAnnotation(ConditionalOnMissingBean.class);
		return condition != null && condition.name().length > 0;
	}

	private static ResolvableType replacedType(Method method) {
		ConditionalOnMissingBean condition = method.getAnnotation(ConditionalOnMissingBean.class);
		return (condition != null && condition.value().length > 0) ? ResolvableType.forClass(condition.value()[0])
				: ResolvableType.forMethodReturnType(method);
	}

	private static void define(GenericApplicationContext context) {
		new AnnotatedBeanDefinitionReader(context, context.getEnvironment()).register(Application.class);
		ConfigurationClassPostProcessor processor = new ConfigurationClassPostProcessor();
		processor.setEnvironment(context.getEnvironment());
		processor.setResourceLoader(context);
		processor.setBeanClassLoader(BackingOffTests.class.getClassLoader());
		processor.postProcessBeanDefinitionRegistry(context.getDefaultListableBeanFactory());
	}

	private static boolean isDefined(GenericApplicationContext context, Method method) {
		for (String name : context.getBeanDefinitionNames()) {
			BeanDefinition definition = context.getBeanDefinition(name);
			MethodMetadata metadata = (definition instanceof AnnotatedBeanDefinition annotated)
					? annotated.getFactoryMethodMetadata() : null;
			if (metadata != null && metadata.getMethodName().equals(method.getName())
					&& metadata.getDeclaringClassName().equals(method.getDeclaringClass().getName())) {
				return true;
			}
		}
		return false;
	}

	private static Set<Method> beanMethods() {
		Set<Class<?>> types = new LinkedHashSet<>();
		ImportCandidates.load(AutoConfiguration.class, null)
			.getCandidates()
			.stream()
			.filter((name) -> name.startsWith("io.mempool."))
			.forEach((name) -> addConfiguration(classOf(name), types));
		Set<Method> methods = new LinkedHashSet<>();
		types.stream()
			.flatMap((type) -> Arrays.stream(type.getDeclaredMethods()))
			.filter((method) -> method.isAnnotationPresent(Bean.class))
			.forEach(methods::add);
		return methods;
	}

	private static void addConfiguration(Class<?> type, Set<Class<?>> types) {
		if (types.add(type)) {
			Import imported = type.getAnnotation(Import.class);
			Stream
				.concat(Arrays.stream(type.getDeclaredClasses()),
						(imported != null) ? Arrays.stream(imported.value()) : Stream.empty())
				.forEach((other) -> addConfiguration(other, types));
		}
	}

	private static Class<?> classOf(String name) {
		try {
			return Class.forName(name);
		}
		catch (ClassNotFoundException ex) {
			throw new AssertionError(ex);
		}
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
