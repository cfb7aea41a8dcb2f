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
import java.util.Set;
import java.util.TreeSet;

import io.mempool.buffer.BufferPool;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers a bean for every pool that properties name, and for the default pool. A bean
 * of the application that has the name and is a pool takes its place.
 */
class BufferPoolRegistrar implements ImportBeanDefinitionRegistrar {

	static final String REGISTERED_POOLS_BEAN = "mempoolRegisteredPools";

	private static final String POOLS = MempoolProperties.PREFIX + "." + PropertyNames.POOLS;

	private final Environment environment;

	private final BeanFactory beanFactory;

	BufferPoolRegistrar(Environment environment, BeanFactory beanFactory) {
		this.environment = environment;
		this.beanFactory = beanFactory;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		boolean primaryTaken = hasPrimaryPool();
		List<String> built = new ArrayList<>();
		List<String> replaced = new ArrayList<>();
		for (String name : names()) {
			if (isTaken(name, registry)) {
				replaced.add(name);
			}
			else {
				built.add(name);
				registry.registerBeanDefinition(name, definition(name, primaryTaken));
			}
		}
		registry.registerBeanDefinition(REGISTERED_POOLS_BEAN, registeredPools(built, replaced));
	}

	// Names only: what the pools look like is for the properties to say
	private Set<String> names() {
		WrittenProperties properties = WrittenProperties.of(this.environment);
		Set<String> names = new TreeSet<>(properties.pools());
		names.add(PoolNames.DEFAULT);
		if (JettyDefinition.isEnabled(properties::get)) {
			names.addAll(JettyDefinition.POOLS);
		}
		return names;
	}

	// Some beans of Spring have no definition, such as 'environment'
	private boolean isTaken(String name, BeanDefinitionRegistry registry) {
		if (!registry.containsBeanDefinition(name) && !isLocalBean(name)) {
			return false;
		}
		PoolDefinition.checkBean(name, this.beanFactory.isTypeMatch(name, BufferPool.class),
				this.beanFactory.getType(name, false));
		return true;
	}

	private boolean isLocalBean(String name) {
		return this.beanFactory instanceof ConfigurableListableBeanFactory listable && listable.containsLocalBean(name);
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
		boolean isDefault = name.equals(PoolNames.DEFAULT);
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

	private static RootBeanDefinition registeredPools(List<String> built, List<String> replaced) {
		RootBeanDefinition definition = new RootBeanDefinition(RegisteredPools.class);
		definition.setRole(BeanDefinition.ROLE_INFRASTRUCTURE);
		definition.getConstructorArgumentValues().addIndexedArgumentValue(0, built);
		definition.getConstructorArgumentValues().addIndexedArgumentValue(1, replaced);
		return definition;
	}

}
