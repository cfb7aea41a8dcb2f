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

import io.mempool.core.Protection;
import io.mempool.testing.Figures;

/**
 * The pool on the heap, in quarantine.
 */
class QuarantinedBufferPoolTests extends AbstractBufferPoolTests {

	@Override
	BufferPoolBuilder builder() {
		return BufferPool.builder("test").protection(Protection.QUARANTINE);
	}

	@Override
	int capacity(int request, int tier) {
		return (tier != 0) ? tier : request;
	}

	@Override
	long weight(int tier) {
		return Weights.of(tier);
	}

	@Override
	long weightOfTransient(int size) {
		return Weights.ofTransient(size);
	}

	@Override
	Figures afterReturn() {
		return new Figures(0, 1, 1, 0, 1);
	}

	@Override
	Figures afterAcquireAgain() {
		return new Figures(0, 2, 1, 0, 1);
	}

}
