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

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

import io.mempool.engine.Block;

/**
 * Memory of the application that a block holds. It goes back once, however the block
 * ends.
 */
final class SuppliedMemory implements Block.Remains {

	private final MemorySource source;

	private final ByteBuffer memory;

	private final AtomicBoolean ended = new AtomicBoolean();

	SuppliedMemory(MemorySource source, ByteBuffer memory) {
		this.source = source;
		this.memory = memory;
	}

	@Override
	public void free(boolean inDoubt, Runnable gone) {
		try {
			if (this.ended.compareAndSet(false, true)) {
				if (inDoubt) {
					this.source.abandon(this.memory);
				}
				else {
					this.source.free(this.memory);
				}
			}
		}
		finally {
			gone.run();
		}
	}

	// The owner of a lease may be reading or writing
	@Override
	public void revoke() {
	}

}
