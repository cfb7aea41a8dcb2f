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

package io.mempool.web.reactive;

import java.util.Map;
import java.util.stream.Stream;

import io.mempool.scope.BufferScope;
import reactor.util.context.Context;

import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * A context with the memory of a request: a scope that is opened only when it is taken
 * from here, and the buffers of the request. Immutable, as all contexts.
 */
final class MemoryContext implements Context {

	private final Context rest;

	private final ExchangeMemory memory;

	private final ServerHttpRequest request;

	/**
	 * Create a context.
	 * @param rest all other entries
	 * @param memory the memory of the request
	 * @param request the request
	 */
	MemoryContext(Context rest, ExchangeMemory memory, ServerHttpRequest request) {
		this.rest = rest.delete(BufferScope.class).delete(RequestBuffers.class);
		this.memory = memory;
		this.request = request;
	}

	private MemoryContext(MemoryContext former, Context rest) {
		this.rest = rest;
		this.memory = former.memory;
		this.request = former.request;
	}

	private static boolean isOwn(Object key) {
		return key == BufferScope.class || key == RequestBuffers.class;
	}

	// The types of the values are those of their keys
	@SuppressWarnings({ "unchecked", "TypeParameterUnusedInFormals" })
	@Override
	public <T> T get(Object key) {
		if (key == BufferScope.class) {
			return (T) this.memory.scope();
		}
		return (key == RequestBuffers.class) ? (T) new RequestView(this.memory, this.request) : this.rest.get(key);
	}

	@Override
	public boolean hasKey(Object key) {
		return isOwn(key) || this.rest.hasKey(key);
	}

	@Override
	public int size() {
		return this.rest.size() + 2;
	}

	// A look at all entries, for example to copy them, opens no scope
	@Override
	public Stream<Map.Entry<Object, Object>> stream() {
		Stream<Map.Entry<Object, Object>> entries = Stream.concat(this.rest.stream(),
				Stream.of(Map.entry(RequestBuffers.class, get(RequestBuffers.class))));
		BufferScope present = this.memory.present();
		return (present != null) ? Stream.concat(entries, Stream.of(Map.entry(BufferScope.class, present))) : entries;
	}

	// A nested unit of work has a scope of its own
	@Override
	public Context put(Object key, Object value) {
		return isOwn(key) ? without(key).put(key, value) : new MemoryContext(this, this.rest.put(key, value));
	}

	@Override
	public Context delete(Object key) {
		return isOwn(key) ? without(key) : new MemoryContext(this, this.rest.delete(key));
	}

	private Context without(Object key) {
		Object other = (key == BufferScope.class) ? RequestBuffers.class : BufferScope.class;
		return this.rest.put(other, get(other));
	}

	@Override
	public String toString() {
		return "MemoryContext[rest=" + this.rest + "]";
	}

}
