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

import java.util.concurrent.Callable;

import io.mempool.object.ObjectBatch;
import io.mempool.object.ObjectPool;
import io.mempool.object.ObjectPoolBuilder;

/**
 * Begins to build pools of objects that properties tune. Inject it where a pool is made:
 *
 * <pre class="code">
 * &#064;Bean
 * ObjectPool&lt;Deflater&gt; deflaters(ObjectPoolBuilderFactory pools) {
 *     return pools.builder("deflaters", Deflater::new).reset(Deflater::reset).destroy(Deflater::end).build();
 * }
 * </pre>
 *
 * What {@code mempool.objects.deflaters} sets takes precedence over what the code sets on
 * the builder. The pools are closed with the context.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ObjectPoolBuilderFactory {

	/**
	 * Begin to build a pool.
	 * @param <T> the type of the objects
	 * @param name the name of the pool, {@code [a-z0-9-]+}, which no other pool of the
	 * application has
	 * @param factory what creates an object; called by several threads at once
	 * @return a builder that applies the properties of that name when it builds
	 */
	<T> ObjectPoolBuilder<T> builder(String name, Callable<? extends T> factory);

	/**
	 * Begin to build a pool of batches: for small objects of which a request needs
	 * hundreds.
	 * @param <T> the type of the objects
	 * @param name the name of the pool, {@code [a-z0-9-]+}, which no other pool of the
	 * application has
	 * @param factory what creates an object; called by several threads at once
	 * @param reset what makes an object fit for its next owner
	 * @return a builder that applies the properties of that name when it builds
	 * @see ObjectPool#batches
	 */
	default <T> ObjectPoolBuilder<ObjectBatch<T>> batches(String name, Callable<? extends T> factory,
			ObjectPoolBuilder.Hook<? super T> reset) {
		return builder(name, () -> new ObjectBatch<T>(factory, reset)).reset(ObjectBatch::reset);
	}

}
