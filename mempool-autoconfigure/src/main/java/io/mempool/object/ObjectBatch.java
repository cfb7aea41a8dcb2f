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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

import io.mempool.object.ObjectPoolBuilder.Hook;
import org.jspecify.annotations.Nullable;

/**
 * Small objects of one type that a unit of work takes one after the other, and gives back
 * together. It is itself pooled: {@link ObjectPool#batches} makes a pool of batches whose
 * release resets what was handed out. So an object costs neither a lease nor garbage.
 *
 * <pre class="code">
 * ObjectBatch&lt;Row&gt; rows = buffers.acquire(this.rows);
 * while (result.next()) {
 *     Row row = rows.next();
 *     ...
 * }
 * </pre>
 *
 * <strong>Ownership.</strong> An object belongs to the owner of the batch until the batch
 * is released or {@linkplain #reset reset}, like any pooled object: do not keep it.
 * <p>
 * <strong>Bound.</strong> A batch keeps up to {@value #DEFAULT_KEPT} objects from one
 * owner to the next, unless another number is set. Objects beyond that are garbage.
 * <p>
 * A holder of several types has a batch for each, and a reset hook that resets them all.
 * Not safe for use by several threads at once.
 *
 * @param <T> the type of the objects
 * @since 0.1.0
 */
public final class ObjectBatch<T> {

	/**
	 * How many objects a batch keeps unless another number is set.
	 */
	public static final int DEFAULT_KEPT = 1024;

	private static final int INITIAL_LENGTH = 16;

	private static final @Nullable Object[] NONE = {};

	private final Callable<? extends T> factory;

	private final Hook<? super T> reset;

	private final int kept;

	// First those that were handed out, then those that can be
	private @Nullable Object[] objects = NONE;

	private int size;

	private int created;

	/**
	 * Create an empty batch.
	 * @param factory what creates an object
	 * @param reset what makes an object fit for its next owner
	 */
	public ObjectBatch(Callable<? extends T> factory, Hook<? super T> reset) {
		this(factory, reset, DEFAULT_KEPT);
	}

	/**
	 * Create an empty batch.
	 * @param factory what creates an object
	 * @param reset what makes an object fit for its next owner
	 * @param kept how many objects to keep at a reset, {@code 0} or more
	 */
	public ObjectBatch(Callable<? extends T> factory, Hook<? super T> reset, int kept) {
		if (kept < 0) {
			throw new IllegalArgumentException("'kept' must not be negative but is " + kept);
		}
		this.factory = Objects.requireNonNull(factory, "'factory' must not be null");
		this.reset = Objects.requireNonNull(reset, "'reset' must not be null");
		this.kept = kept;
	}

	/**
	 * Hand out the next object. Create it if none is left.
	 * @return an object that was not handed out since the last reset
	 * @throws PooledObjectException if the factory fails
	 */
	public T next() {
		if (this.size == this.created) {
			create();
		}
		return at(this.size++);
	}

	private void create() {
		if (this.created == this.objects.length) {
			this.objects = Arrays.copyOf(this.objects, Math.max(INITIAL_LENGTH, this.created * 2));
		}
		try {
			this.objects[this.created] = Objects.requireNonNull(this.factory.call(), "The factory returned null");
		}
		catch (Exception ex) {
			if (ex instanceof InterruptedException) {
				Thread.currentThread().interrupt();
			}
			throw new PooledObjectException("Cannot create the next object of a batch: " + ex, ex);
		}
		this.created++;
	}

	// Only create() puts objects
	@SuppressWarnings({ "unchecked", "NullAway" })
	private T at(int index) {
		return (T) this.objects[index];
	}

	/**
	 * Return one of the objects that were handed out.
	 * @param index in the order in which they were handed out, from {@code 0}
	 * @return the object
	 * @throws IndexOutOfBoundsException if no such object was handed out
	 */
	public T get(int index) {
		return at(Objects.checkIndex(index, this.size));
	}

	/**
	 * Return how many objects were handed out since the last reset.
	 * @return the number of objects
	 */
	public int size() {
		return this.size;
	}

	/**
	 * List the objects that were handed out since the last reset.
	 * @return a copy, in the order in which they were handed out
	 */
	public List<T> toList() {
		List<T> list = new ArrayList<>(this.size);
		for (int i = 0; i < this.size; i++) {
			list.add(at(i));
		}
		return List.copyOf(list);
	}

	/**
	 * Reset every object that was handed out, and take them back. The reset hook of a
	 * pool of batches.
	 * @throws Exception if an object cannot be reset; a pool destroys the batch then
	 */
	public void reset() throws Exception {
		int keep = Math.min(this.created, this.kept);
		for (int i = 0; i < Math.min(this.size, keep); i++) {
			this.reset.apply(at(i));
		}
		if (this.created > keep) {
			this.objects = Arrays.copyOf(this.objects, keep);
			this.created = keep;
		}
		this.size = 0;
	}

	@Override
	public String toString() {
		return "ObjectBatch[size=" + this.size + ", created=" + this.created + "]";
	}

}
