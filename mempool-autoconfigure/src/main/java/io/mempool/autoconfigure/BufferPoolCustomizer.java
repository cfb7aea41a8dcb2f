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

import io.mempool.buffer.BufferPoolBuilder;

/**
 * Changes pools that are built from properties. Every bean of this type is called for
 * every such pool, in order, after the properties were applied; the builder knows the
 * pool's name.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface BufferPoolCustomizer {

	/**
	 * Customize a pool.
	 * @param builder the builder of the pool
	 */
	void customize(BufferPoolBuilder builder);

}
