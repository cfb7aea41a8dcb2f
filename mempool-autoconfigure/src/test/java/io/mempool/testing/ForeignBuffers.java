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

package io.mempool.testing;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

import io.mempool.buffer.PooledBuffer;

/**
 * Buffers of another implementation, which has what it must have and no more.
 */
public final class ForeignBuffers {

	private ForeignBuffers() {
	}

	/**
	 * Delegate what has no default, and leave the rest to the defaults.
	 */
	public static PooledBuffer of(PooledBuffer delegate) {
		InvocationHandler handler = (proxy, method, arguments) -> {
			if (method.isDefault()) {
				return InvocationHandler.invokeDefault(proxy, method, arguments);
			}
			try {
				Object result = method.invoke(delegate, arguments);
				return (result instanceof PooledBuffer buffer) ? of(buffer) : result;
			}
			catch (InvocationTargetException ex) {
				throw ex.getCause();
			}
		};
		return (PooledBuffer) Proxy.newProxyInstance(PooledBuffer.class.getClassLoader(),
				new Class<?>[] { PooledBuffer.class }, handler);
	}

}
