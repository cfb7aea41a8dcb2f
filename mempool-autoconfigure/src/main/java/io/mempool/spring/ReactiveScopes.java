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

import io.mempool.scope.BufferScope;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.ReactiveAdapter;

/**
 * Scopes of subscriptions. Loaded only if Reactor is there.
 */
final class ReactiveScopes {

	private ReactiveScopes() {
	}

	/**
	 * Return a publisher, of the type that the method returns, that calls the method at
	 * each subscription.
	 */
	static Object defer(ScopedMethod method, Call call) {
		ReactiveAdapter adapter = method.reactive();
		Mono<BufferScope> opened = Mono.fromSupplier(method::open);
		Publisher<?> publisher = adapter.isMultiValue()
				? Flux.usingWhen(opened, (scope) -> publisher(adapter, call, scope), ReactiveScopes::close,
						(scope, failure) -> abandon(scope), ReactiveScopes::abandon)
				: Mono.usingWhen(opened, (scope) -> Mono.from(publisher(adapter, call, scope)), ReactiveScopes::close,
						(scope, failure) -> abandon(scope), ReactiveScopes::abandon);
		return adapter.fromPublisher(publisher);
	}

	private static Publisher<Object> publisher(ReactiveAdapter adapter, Call call, BufferScope scope) {
		try {
			return adapter.toPublisher(call.on(scope));
		}
		catch (Throwable ex) {
			return Mono.error(ex);
		}
	}

	private static Publisher<?> close(BufferScope scope) {
		return Mono.fromRunnable(scope::close);
	}

	private static Publisher<?> abandon(BufferScope scope) {
		return Mono.fromRunnable(scope::abandon);
	}

	/**
	 * A call of a method within a scope.
	 */
	@FunctionalInterface
	interface Call {

		@Nullable Object on(BufferScope scope) throws Throwable;

	}

}
