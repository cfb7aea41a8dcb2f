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

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

import io.mempool.buffer.BufferPool;
import io.mempool.core.PoolName;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers a bean for every pool that properties name, and for the default pool. A bean
 * of the application that has the name and is a pool takes its place.
 */
class BufferPoolRegistrar implements ImportBeanDefinitionRegistrar {

	private static final String POOLS = MempoolProperties.PREFIX + ".pools";

	private static final ConfigurationPropertyName POOLS_NAME = ConfigurationPropertyName.of(POOLS);

	private final Environment environment;

	private final BeanFactory beanFactory;

	BufferPoolRegistrar(Environment environment, BeanFactory beanFactory) {
		this.environment = environment;
		this.beanFactory = beanFactory;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		boolean primaryTaken = hasPrimaryPool();
		for (String name : names()) {
			checkName(POOLS, name);
			if (!isTaken(name, registry)) {
				registry.registerBeanDefinition(name, definition(name, primaryTaken));
			}
		}
	}

	// Names only, each as the binder makes it a key: what the pools look like is for the
	// properties to say, and binding them here too would cost twice the time
	private Set<String> names() {
		Set<String> names = new TreeSet<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			if (source instanceof IterableConfigurationPropertySource properties) {
				for (ConfigurationPropertyName property : properties) {
					if (POOLS_NAME.isAncestorOf(property)) {
						names.add(property.getElement(POOLS_NAME.getNumberOfElements(), Form.ORIGINAL));
					}
				}
			}
		}
		names.add(BufferPoolFactory.DEFAULT_POOL);
		return names;
	}

	static void checkName(String property, String name) {
		if (!PoolName.isValid(name)) {
			throw new InvalidMempoolPropertyException(property + "[" + name + "]",
					"the name '" + name + "' has other characters than lower-case letters, digits and dashes",
					"Rename the pool, for example to '" + suggestion(name) + "'.");
		}
	}

	private static String suggestion(String name) {
		String suggestion = name.replaceAll("([a-z0-9])([A-Z])", "$1-$2")
			.toLowerCase(Locale.ROOT)
			.replaceAll("[^a-z0-9]+", "-");
		return suggestion.isEmpty() ? "uploads" : suggestion;
	}

	private boolean isTaken(String name, BeanDefinitionRegistry registry) {
		if (!registry.containsBeanDefinition(name)) {
			return false;
		}
		if (this.beanFactory.isTypeMatch(name, BufferPool.class)) {
			return true;
		}
		Class<?> type = this.beanFactory.getType(name, false);
		throw new InvalidMempoolPropertyException(POOLS + "." + name,
				"the application has a bean '" + name + "' that is no BufferPool but "
						+ ((type != null) ? "a " + type.getName() : "something else"),
				"Rename the pool or the bean: a pool becomes a bean of its name.");
	}

	private boolean hasPrimaryPool() {
		if (this.beanFactory instanceof ConfigurableListableBeanFactory listable) {
			for (String name : listable.getBeanDefinitionNames()) {
				// In this order: few beans are primary, and finding a type takes time
				if (listable.getBeanDefinition(name).isPrimary() && isPool(listable.getType(name, false))) {
					return true;
				}
			}
		}
		return false;
	}

	private static boolean isPool(@Nullable Class<?> type) {
		return type != null && BufferPool.class.isAssignableFrom(type);
	}

	private static RootBeanDefinition definition(String name, boolean primaryTaken) {
		boolean isDefault = name.equals(BufferPoolFactory.DEFAULT_POOL);
		RootBeanDefinition definition = new RootBeanDefinition(BufferPool.class);
		definition.setFactoryBeanName(MempoolAutoConfiguration.FACTORY_BEAN);
		definition.setFactoryMethodName("create");
		definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
		definition.setPrimary(isDefault && !primaryTaken);
		definition.setLazyInit(isDefault);
		// The factory closes its pools, and reports what is still leased
		definition.setDestroyMethodName("");
		definition.setDescription("Buffer pool of " + POOLS + "." + name);
		return definition;
	}

}
