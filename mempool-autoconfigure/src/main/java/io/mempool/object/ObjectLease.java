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

package io.mempool.object;

import io.mempool.core.LeaseException;
import io.mempool.engine.BlockLease;

/**
 * A handle of a leased object.
 */
final class ObjectLease<T> extends BlockLease<ObjectBlock<T>> implements PooledObject<T> {

	ObjectLease(ObjectBlock<T> block) {
		super(block, 1);
	}

	@Override
	public T get() {
		return block("use").object();
	}

	@Override
	protected int extent() {
		return 1;
	}

	@Override
	protected LeaseException misuse(String action) {
		return new LeaseException("Cannot " + action + " an object of pool '" + deadOrAlive().pool() + "': "
				+ reasonOfDeath(action, "acquire another one"));
	}

	@Override
	public String toString() {
		// Not the object itself, which may print what it holds
		return "PooledObject[pool=" + deadOrAlive().pool() + ", "
				+ (isAlive() ? "type=" + deadOrAlive().object().getClass().getName() : "released") + "]";
	}

}
