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

package io.mempool.spring;

import java.lang.reflect.Method;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

import io.mempool.buffer.BufferPool;
import io.mempool.core.UnitOfWork;
import io.mempool.scope.BufferScope;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationAttributes;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.util.ClassUtils;

/**
 * A method whose calls have scopes.
 */
final class ScopedMethod {

	private static final boolean REACTOR = ClassUtils.isPresent("reactor.core.publisher.Flux",
			ScopedMethod.class.getClassLoader());

	private final BufferPool pool;

	private final UnitOfWork work;

	private final boolean asynchronous;

	private final @Nullable ReactiveAdapter reactive;

	private ScopedMethod(BufferPool pool, UnitOfWork work, boolean asynchronous, @Nullable ReactiveAdapter reactive) {
		this.pool = pool;
		this.work = work;
		this.asynchronous = asynchronous;
		this.reactive = reactive;
	}

	static ScopedMethod of(Method method, Class<?> type, Function<String, BufferPool> pools) {
		Class<?> result = method.getReturnType();
		boolean asynchronous = CompletionStage.class.isAssignableFrom(result);
		String name = ClassUtils.getUserClass(type).getSimpleName() + "." + method.getName();
		return new ScopedMethod(pool(method, type, name, pools), new UnitOfWork(name, null), asynchronous,
				(asynchronous || result.isPrimitive()) ? null : adapter(result, name));
	}

	private static BufferPool pool(Method method, Class<?> type, String name, Function<String, BufferPool> pools) {
		String pool = nameOfPool(method, type);
		try {
			return pools.apply(pool);
		}
		catch (NoSuchBeanDefinitionException ex) {
			throw new IllegalStateException("Cannot open a scope for " + name + ": @PooledScope(\"" + pool
					+ "\") names no pool. Define 'mempool.pools." + pool + "', or name another pool", ex);
		}
	}

	private static String nameOfPool(Method method, Class<?> type) {
		Method specific = AopUtils.getMostSpecificMethod(method, type);
		AnnotationAttributes annotation = AnnotatedElementUtils.findMergedAnnotationAttributes(specific,
				PooledScope.class, false, false);
		if (annotation == null) {
			annotation = AnnotatedElementUtils.findMergedAnnotationAttributes(ClassUtils.getUserClass(type),
					PooledScope.class, false, false);
		}
		return (annotation != null) ? annotation.getString(MergedAnnotation.VALUE) : "default";
	}

	private static @Nullable ReactiveAdapter adapter(Class<?> result, String name) {
		ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(result);
		if (adapter != null && !REACTOR) {
			throw new IllegalStateException("Cannot open a scope for " + name + ", which returns a "
					+ result.getSimpleName() + ": @PooledScope needs reactor-core for that. Add it, or open the scope "
					+ "in the method");
		}
		return adapter;
	}

	/**
	 * Return whether calls end when a {@link CompletionStage} completes.
	 */
	boolean isAsynchronous() {
		return this.asynchronous;
	}

	/**
	 * Return whether calls begin and end with subscriptions.
	 */
	boolean isReactive() {
		return this.reactive != null;
	}

	/**
	 * Return what converts the result of a method that is reactive.
	 */
	ReactiveAdapter reactive() {
		ReactiveAdapter reactive = this.reactive;
		if (reactive == null) {
			throw new IllegalStateException("Not reactive");
		}
		return reactive;
	}

	/**
	 * Open the scope of a call.
	 */
	BufferScope open() {
		Supplier<@Nullable UnitOfWork> work = () -> this.work;
		return new BufferScope(this.pool, Long.MAX_VALUE, work, false);
	}

}
