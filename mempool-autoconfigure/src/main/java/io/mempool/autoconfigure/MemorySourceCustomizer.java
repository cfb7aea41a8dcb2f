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
import io.mempool.buffer.MemorySource;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Gives a pool the first memory source of the application that has the pool's kind of
 * memory. The sources are looked up when a pool is built.
 */
final class MemorySourceCustomizer implements BufferPoolCustomizer {

	private final ObjectProvider<MemorySource> sources;

	MemorySourceCustomizer(ObjectProvider<MemorySource> sources) {
		this.sources = sources;
	}

	@Override
	public void customize(BufferPoolBuilder builder) {
		this.sources.orderedStream()
			.filter((source) -> source.memory() == builder.memory())
			.findFirst()
			.ifPresent(builder::memorySource);
	}

}
