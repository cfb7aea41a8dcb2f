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

import java.util.function.Supplier;

import io.mempool.scope.BufferScope;
import io.mempool.scope.BufferScopes;
import io.micrometer.context.ThreadLocalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Lets Micrometer's context propagation carry the scope of a thread to others, where
 * {@link BufferScopes#current} returns it. Never the request: containers use request
 * objects again.
 * <p>
 * It keeps no scope open. A thread that is later than the end of the scope gets an error
 * that says so, whatever it tries: {@link BufferScope#wrap} lets the scope wait.
 *
 * @since 0.1.0
 */
public final class BufferScopeAccessor implements ThreadLocalAccessor<BufferScope> {

	/**
	 * The key of the scope in snapshots.
	 */
	public static final String KEY = "io.mempool.scope";

	private final Supplier<@Nullable BufferScope> request;

	/**
	 * Create an accessor.
	 * @param request supplies the scope of the request that the calling thread serves,
	 * {@code null} if it serves none
	 */
	public BufferScopeAccessor(Supplier<@Nullable BufferScope> request) {
		this.request = request;
	}

	@Override
	public Object key() {
		return KEY;
	}

	@Override
	public @Nullable BufferScope getValue() {
		BufferScope bound = BufferScopes.find();
		BufferScope scope = (bound != null) ? bound : this.request.get();
		return (scope != null && !scope.isClosed()) ? scope : null;
	}

	@Override
	public void setValue(BufferScope scope) {
		BufferScopes.bind(scope);
	}

	@Override
	public void setValue() {
		BufferScopes.bind(null);
	}

	@Override
	public String toString() {
		return "BufferScopeAccessor[key=" + KEY + "]";
	}

}
