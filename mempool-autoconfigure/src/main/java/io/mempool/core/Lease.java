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

package io.mempool.core;

/**
 * The right to use something of a pool until it is released: what buffers, objects and
 * slices have in common.
 * <p>
 * <strong>Ownership.</strong> A lease holds one reference. The thread that acquired or
 * retained the lease owns it, until it releases the lease or hands it to another owner,
 * for example to a scope. A lease is dead for ever after its release, also when its
 * memory or its object has a new owner.
 * <p>
 * <strong>Threads.</strong> Any thread may release a lease. Of several threads that do,
 * exactly one succeeds.
 * <p>
 * <strong>Errors.</strong> The use of a dead lease throws a {@link LeaseException}. The
 * methods {@link #close}, {@link #size}, {@link #isAlive}, {@link #referenceCount} and
 * {@link #isTransient} work on a dead lease too.
 *
 * @since 0.1.0
 */
public interface Lease extends AutoCloseable {

	/**
	 * Give the reference up. The last reference returns what was leased to its pool.
	 * @throws LeaseException if this lease was released before; nothing else happens
	 * then, and the pool counts a double release
	 */
	void release();

	/**
	 * Give the reference up unless that was done before. May be repeated.
	 */
	@Override
	void close();

	/**
	 * Give the reference up, and do not let the pool lend again what was leased. This is
	 * for what may still be in use by code without a lease.
	 * @throws LeaseException if this lease was released before; nothing else happens
	 * then, and the pool counts a double release
	 */
	void discard();

	/**
	 * Return whether this lease can be used.
	 * @return {@code false} after its release
	 */
	boolean isAlive();

	/**
	 * Return how many references keep what was leased from its pool.
	 * @return the number of references, that of this lease included; {@code 0} if this
	 * lease was released
	 */
	int referenceCount();

	/**
	 * Return whether what was leased is of a kind that no pool keeps: its last release
	 * ends it, whatever else happens. That is so
	 * <ul>
	 * <li>for a request beyond the largest tier,</li>
	 * <li>for what was created beyond {@code max-total} with the policy
	 * {@code allocate},</li>
	 * <li>for everything of the unpooled twin of a pool,</li>
	 * <li>for bytes that no pool owns, such as a wrapped array.</li>
	 * </ul>
	 * For everything else the last release decides. It keeps nothing of a closed pool,
	 * beyond {@code max-idle} or after {@link #discard}, and this method returns
	 * {@code false} all the same. Handles of the same memory agree, parts of it too. The
	 * answer never changes.
	 * @return whether it is transient; {@code false} if a lease of another implementation
	 * cannot tell
	 */
	default boolean isTransient() {
		return false;
	}

	/**
	 * Return how much this lease counts towards a limit in bytes, such as that of a
	 * scope.
	 * @return bytes, also after the release; {@code 0} for what is not measured in bytes,
	 * such as an object
	 */
	default int size() {
		return 0;
	}

}
