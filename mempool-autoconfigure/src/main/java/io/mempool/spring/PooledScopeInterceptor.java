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
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import io.mempool.buffer.BufferPool;
import io.mempool.scope.BufferScope;
import io.mempool.scope.BufferScopes;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.core.MethodClassKey;

/**
 * Calls a method within a scope of its own.
 */
final class PooledScopeInterceptor implements MethodInterceptor {

	private static final Log logger = LogFactory.getLog(PooledScopeInterceptor.class);

	private final Function<String, BufferPool> pools;

	private final Map<MethodClassKey, ScopedMethod> methods = new ConcurrentHashMap<>();

	PooledScopeInterceptor(Function<String, BufferPool> pools) {
		this.pools = pools;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		ScopedMethod method = method(invocation);
		if (method.isReactive()) {
			// Each subscription calls the rest of the chain anew
			return ReactiveScopes.defer(method,
					(scope) -> proceed(
							(invocation instanceof ProxyMethodInvocation proxy) ? proxy.invocableClone() : invocation,
							scope));
		}
		BufferScope scope = method.open();
		return method.isAsynchronous() ? callUntilCompletion(invocation, scope) : callUntilReturn(invocation, scope);
	}

	private ScopedMethod method(MethodInvocation invocation) {
		Method method = invocation.getMethod();
		Object target = invocation.getThis();
		Class<?> type = (target != null) ? target.getClass() : method.getDeclaringClass();
		return this.methods.computeIfAbsent(new MethodClassKey(method, type),
				(key) -> ScopedMethod.of(method, type, this.pools));
	}

	private static @Nullable Object proceed(MethodInvocation invocation, BufferScope scope) throws Throwable {
		BufferScopes.Binding binding = BufferScopes.bind(scope);
		try {
			return invocation.proceed();
		}
		finally {
			binding.close();
		}
	}

	private static @Nullable Object callUntilReturn(MethodInvocation invocation, BufferScope scope) throws Throwable {
		try (scope) {
			return proceed(invocation, scope);
		}
	}

	private static @Nullable Object callUntilCompletion(MethodInvocation invocation, BufferScope scope)
			throws Throwable {
		boolean returned = false;
		try {
			Object result = proceed(invocation, scope);
			if (result instanceof CompletionStage<?> stage) {
				stage.whenComplete((value, failure) -> end(scope, failure != null));
			}
			else {
				scope.close();
			}
			returned = true;
			return result;
		}
		finally {
			if (!returned) {
				// It may have begun work that goes on
				scope.abandon();
			}
		}
	}

	// No caller sees a failure of what runs on completion
	private static void end(BufferScope scope, boolean inDoubt) {
		try {
			if (inDoubt) {
				scope.abandon();
			}
			else {
				scope.close();
			}
		}
		catch (RuntimeException ex) {
			logger.error("Failed to give back all memory of a method", ex);
		}
	}

}
