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
import java.util.Map;

import io.mempool.buffer.BufferPool;
import io.mempool.leaks.LeakReports;
import io.mempool.object.ObjectPool;
import io.mempool.object.ObjectPoolBuilder;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Does with properties what the start of an application does, without a context: that
 * would take a thousand times as long.
 */
public final class PropertiesStart implements AutoCloseable {

	// More is not created, but only described
	private static final long MOST_PREALLOCATED = 128 * 1024;

	private static final int MOST_OBJECTS = 1000;

	private static final AnnotationMetadata METADATA = AnnotationMetadata.introspect(MempoolAutoConfiguration.class);

	private final List<BufferPool> pools = new ArrayList<>();

	private final @Nullable BufferPoolFactory bufferPools;

	private final @Nullable ObjectPoolFactory objectPools;

	private boolean complete = true;

	/**
	 * Read the properties of an environment and build what they describe.
	 * @param environment the environment
	 */
	public PropertiesStart(Environment environment) {
		WrittenProperties written = WrittenProperties.of(environment);
		if (!FlagCondition.isOn(written, FlagCondition.ALL, true)) {
			this.bufferPools = null;
			this.objectPools = null;
			return;
		}
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		beans.registerSingleton("environment", environment);
		new BufferPoolRegistrar(environment, beans).registerBeanDefinitions(METADATA, beans);
		MempoolProperties properties = new MempoolProperties();
		new PropertyReader(written).read(properties);
		LeakReports leaks = new LeakReports();
		this.bufferPools = new BufferPoolFactory(properties, List.of(), leaks, beans.getBean(RegisteredPools.class),
				environment);
		beans.registerSingleton(MempoolAutoConfiguration.FACTORY_BEAN, this.bufferPools);
		this.objectPools = new ObjectPoolFactory(properties, beans, leaks, environment);
		try {
			build(beans, this.bufferPools, properties);
			properties.getObjects().forEach((name, pool) -> build(this.objectPools.builder(name, Object::new), pool));
			new HealthDefinition(properties.getHealth());
			if (FlagCondition.isOn(written, "mempool.pressure.enabled", true)) {
				new PressureDefinition(properties.getPressure());
			}
			if (FlagCondition.isOn(written, "mempool.request.enabled", true)) {
				RequestDefinition.settings(properties.getRequest(), beans, this.bufferPools);
			}
			if (FlagCondition.isOn(written, ClientDefinition.ENABLED_PROPERTY, true)) {
				new ClientDefinition(properties.getClients(), beans, this.bufferPools);
			}
			FlagCondition.isOn(written, "mempool.propagation.enabled", false);
		}
		catch (RuntimeException | Error ex) {
			close();
			throw ex;
		}
	}

	private void build(DefaultListableBeanFactory beans, BufferPoolFactory factory, MempoolProperties properties) {
		for (String name : beans.getBeanNamesForType(BufferPool.class, true, false)) {
			PoolDefinition definition = factory.definition(name);
			if (definition != null && definition.preallocatedBytes() > MOST_PREALLOCATED) {
				definition.builder();
				this.complete = false;
			}
			else {
				this.pools.add(factory.create(name));
			}
		}
	}

	@SuppressWarnings("deprecation")
	private void build(ObjectPoolBuilder<?> builder, MempoolProperties.ObjectPool properties) {
		Integer count = (properties.getPreallocate() != null) ? properties.getPreallocate() : properties.getPrefill();
		if (count != null && count > MOST_OBJECTS) {
			this.complete = false;
		}
		else {
			builder.build();
		}
	}

	/**
	 * Return the pools that were built.
	 */
	public List<BufferPool> pools() {
		return this.pools;
	}

	/**
	 * Return the pools of objects that were built.
	 */
	public Map<String, ObjectPool<?>> objects() {
		return (this.objectPools != null) ? this.objectPools.pools() : Map.of();
	}

	/**
	 * Return whether all pools were built: those that begin with much memory are not.
	 */
	public boolean isComplete() {
		return this.complete;
	}

	@Override
	public void close() {
		if (this.bufferPools != null) {
			this.bufferPools.destroy();
		}
		if (this.objectPools != null) {
			this.objectPools.destroy();
		}
	}

	/**
	 * Return the keys below the name of a pool of buffers.
	 */
	public static List<String> poolKeys() {
		return MempoolProperties.Pool.KEYS.names();
	}

	/**
	 * Return the keys below the name of a pool of objects.
	 */
	public static List<String> objectKeys() {
		return MempoolProperties.ObjectPool.KEYS.names();
	}

	/**
	 * Return the keys of one tier.
	 */
	public static List<String> tierKeys() {
		return MempoolProperties.Tier.KEYS.names();
	}

	/**
	 * Return what our analyzers say of a failure, {@code null} if none knows it.
	 */
	public static @Nullable FailureAnalysis analyze(Throwable failure, Environment environment) {
		for (FailureAnalyzer analyzer : List.of(new InvalidMempoolPropertyFailureAnalyzer(environment),
				new PoolNameConflictFailureAnalyzer())) {
			FailureAnalysis analysis = analyzer.analyze(failure);
			if (analysis != null) {
				return analysis;
			}
		}
		return null;
	}

}
