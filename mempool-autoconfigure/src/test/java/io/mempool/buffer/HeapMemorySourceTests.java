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

package io.mempool.buffer;

/**
 * The pool of memory that the application supplies keeps all promises of others: on the
 * heap.
 */
class HeapMemorySourceTests extends PooledBufferPoolTests {

	@Override
	BufferPoolBuilder builder() {
		return super.builder().memorySource(new AwkwardMemory(MemoryKind.HEAP));
	}

	@Override
	long weight(int tier) {
		return Weights.ofTransient(tier);
	}

	@Override
	long weightOfTransient(int size) {
		return weight(size);
	}

}
