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

import io.mempool.core.Lease;
import io.mempool.core.LeaseException;

/**
 * The right to use a pooled object from acquire to release. Every acquire makes a fresh
 * handle.
 * <p>
 * <strong>Ownership</strong> is that of every {@link Lease}. An object has one reference
 * only, so {@link #referenceCount} is 1 until the release and 0 after it. A handle that
 * is lost without a release costs the pool one object; the loss is noticed after a
 * garbage collection and counted as leaked, and the pool may have another object instead.
 * The lost one is neither used again nor destroyed, as other code may still refer to it.
 * <p>
 * <strong>The object itself</strong> is what {@link #get} returns, and the pool cannot
 * take it back: do not use it after the release, do not keep it elsewhere, and keep the
 * handle for as long as you use the object.
 *
 * @param <T> the type of the object
 * @since 0.1.0
 */
public interface PooledObject<T> extends Lease {

	/**
	 * Return the object.
	 * @return the object, not to be used after the release
	 * @throws LeaseException if this handle was released
	 */
	T get();

	/**
	 * Reset the object and give it back.
	 * @throws LeaseException if this handle was released before; nothing else happens
	 * then, and the pool counts a double release
	 * @throws PooledObjectException if the object could not be reset; it was destroyed
	 * then, and this handle is released all the same
	 */
	@Override
	void release();

	/**
	 * Reset the object and give it back unless that was done before.
	 * @throws PooledObjectException if the object could not be reset; it was destroyed
	 * then, and this handle is released all the same
	 */
	@Override
	void close();

	/**
	 * Give the object up, and do not let the pool lend it again: for one that is broken,
	 * or that may still be in use elsewhere. It is destroyed at once, without a reset.
	 * @throws LeaseException if this handle was released before; the pool counts a double
	 * release
	 */
	@Override
	void discard();

}
