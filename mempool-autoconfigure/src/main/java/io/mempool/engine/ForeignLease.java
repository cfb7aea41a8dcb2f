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

package io.mempool.engine;

import java.util.function.Supplier;

import io.mempool.core.Lease;
import io.mempool.core.LeaseException;
import io.mempool.core.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * A lease of another implementation. It can be given up and counted; its names and
 * reports are its pool's own business.
 */
final class ForeignLease implements OwnedLease {

	private final Lease lease;

	ForeignLease(Lease lease) {
		this.lease = lease;
	}

	@Override
	public void abandon() {
		if (!this.lease.isAlive()) {
			return;
		}
		try {
			this.lease.discard();
		}
		catch (LeaseException ex) {
			// Another thread released it a moment ago
		}
	}

	@Override
	public void assign(Supplier<@Nullable UnitOfWork> work) {
		// Has no note to write it on
	}

	@Override
	public void endedWithWork() {
		// Describes its misuse itself
	}

	@Override
	public void addTo(Unreleased unreleased, int size) {
		// Has no leak detector to report to
	}

	@Override
	public void release() {
		this.lease.release();
	}

	@Override
	public void close() {
		this.lease.close();
	}

	@Override
	public void discard() {
		this.lease.discard();
	}

	@Override
	public boolean isAlive() {
		return this.lease.isAlive();
	}

	@Override
	public int referenceCount() {
		return this.lease.referenceCount();
	}

	@Override
	public boolean isTransient() {
		return this.lease.isTransient();
	}

	@Override
	public int size() {
		return this.lease.size();
	}

}
