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

import java.util.function.Function;

import io.mempool.buffer.BufferPool;

import org.springframework.aop.Pointcut;
import org.springframework.aop.support.ComposablePointcut;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.core.Ordered;

/**
 * Opens and ends the scopes of methods that {@link PooledScope} annotates. A bean of the
 * role {@code ROLE_INFRASTRUCTURE} is enough for Spring to apply it, without AspectJ.
 *
 * @since 0.1.0
 */
public final class PooledScopeAdvisor extends DefaultPointcutAdvisor {

	private static final long serialVersionUID = 1L;

	// Around transactions, which may still use the memory when they commit
	private static final int ORDER = Ordered.LOWEST_PRECEDENCE - 100;

	/**
	 * Create an advisor.
	 * @param pools finds the pool of a name, when the first call needs it
	 */
	public PooledScopeAdvisor(Function<String, BufferPool> pools) {
		super(pointcut(), new PooledScopeInterceptor(pools));
		setOrder(ORDER);
	}

	private static Pointcut pointcut() {
		return new ComposablePointcut((Pointcut) new AnnotationMatchingPointcut(PooledScope.class, true))
			.union((Pointcut) new AnnotationMatchingPointcut(null, PooledScope.class, true))
			// Most beans are Spring's: to look at their methods would cost time at the
			// start
			.intersection((Class<?> type) -> !type.getName().startsWith("org.springframework."));
	}

}
