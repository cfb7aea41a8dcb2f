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

import io.mempool.spring.BufferScopeAccessor;
import io.micrometer.context.ContextRegistry;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;

/**
 * Registers the accessor where all libraries of the JVM look for it, until the context is
 * closed. Of several contexts, the last one counts.
 */
final class ScopePropagation implements InitializingBean, DisposableBean {

	private final ContextRegistry registry = ContextRegistry.getInstance();

	private final BufferScopeAccessor accessor;

	ScopePropagation(BufferScopeAccessor accessor) {
		this.accessor = accessor;
	}

	@Override
	public void afterPropertiesSet() {
		this.registry.registerThreadLocalAccessor(this.accessor);
	}

	@Override
	public void destroy() {
		if (this.registry.getThreadLocalAccessors().contains(this.accessor)) {
			this.registry.removeThreadLocalAccessor(this.accessor.key());
		}
	}

}
