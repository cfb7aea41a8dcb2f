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

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.mempool.scope.BufferScope;
import io.mempool.scope.BufferScopes;

/**
 * Gives each call of a method a {@link BufferScope} of its own: a scheduled job, a
 * listener, an {@code @Async} method. {@link BufferScopes#current} returns it within the
 * call, in the calling thread, and in tasks that the scope {@linkplain BufferScope#wrap
 * wrapped}. What the call acquires through it and does not release is given back when the
 * call ends.
 * <p>
 * A method that returns a {@code CompletionStage} ends when the stage completes. One that
 * returns a {@code Publisher} or another reactive type is called at each subscription,
 * and ends when the subscription does. If such a method fails or is cancelled, threads
 * may still work for it: its memory is not lent again. Any other method ends when it
 * returns or throws, and its memory is lent again.
 * <p>
 * As with every annotation of this kind, calls within one object, and private and final
 * methods, are not seen. The result must not be memory of the scope.
 *
 * @since 0.1.0
 */
@Target({ ElementType.METHOD, ElementType.TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
public @interface PooledScope {

	/**
	 * Return the name of the pool that {@link BufferScope#acquire(int)} uses.
	 * @return the name of a bean that is a pool of buffers
	 */
	String value() default "default";

}
