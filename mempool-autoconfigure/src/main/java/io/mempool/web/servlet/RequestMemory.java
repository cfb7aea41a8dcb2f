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

package io.mempool.web.servlet;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.PoolClosedException;
import io.mempool.core.UnitOfWork;
import io.mempool.scope.BufferScope;
import io.mempool.scope.BufferScopes;
import io.mempool.web.RequestSettings;
import io.mempool.web.ScopeCounters;
import jakarta.servlet.ServletRequest;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.web.multipart.MultipartFile;

/**
 * The memory of one request: its scope, and its body. An attribute of the request holds
 * it. The filter ends it, or the listener if the request became asynchronous.
 */
final class RequestMemory implements Supplier<@Nullable UnitOfWork> {

	private static final Log logger = LogFactory.getLog(RequestMemory.class);

	private final BufferScope scope;

	private final BufferPool pool;

	private final RequestBody body;

	private final ScopeCounters counters;

	// To name it only: filters may have wrapped it since. Containers reuse their request
	// objects, so this one is dropped at the end
	private volatile @Nullable ServletRequest request;

	private volatile ScopeCounters.@Nullable Guard guard;

	private volatile boolean inDoubt;

	private final RequestQuotaKey quotaKey;

	// Once the request has ended, for tasks that still acquire for it
	private volatile @Nullable UnitOfWork endedWork;

	RequestMemory(ServletRequest request, BufferPool pool, RequestSettings settings, RequestQuotaKey quotaKey,
			ScopeCounters counters) {
		this.request = request;
		this.pool = pool;
		this.quotaKey = quotaKey;
		this.scope = settings.open(pool, this, this, RequestMemory::quotaKey);
		this.body = new RequestBody(this.scope, settings);
		this.counters = counters;
		counters.open();
	}

	BufferScope scope() {
		return this.scope;
	}

	/**
	 * Read the body through a request object into the pool that requests use.
	 */
	PooledBuffer readBody(ServletRequest request) throws IOException {
		return readBody(request, this.pool);
	}

	PooledBuffer readBody(ServletRequest request, BufferPool pool) throws IOException {
		return readBody(request, () -> BodySource.of(request), pool);
	}

	private PooledBuffer readBody(ServletRequest request, ContentSource.Opening body, BufferPool pool)
			throws IOException {
		KeptBodyRequest kept = KeptBodyRequest.find(request);
		return (kept != null) ? kept.readBody(request, body, pool, this.body) : this.body.read(body, pool);
	}

	/**
	 * Return a further handle of the beginning of a buffer, which the request owns.
	 * @throws SizeLimitExceededException if the request would hold more than its limit
	 */
	PooledBuffer share(PooledBuffer buffer, int size) {
		PooledBuffer part = buffer.slice(0, size);
		boolean owned = false;
		try {
			PooledBuffer adopted = this.scope.adopt(part);
			owned = true;
			return adopted;
		}
		finally {
			if (!owned) {
				part.close();
			}
		}
	}

	/**
	 * Fail if a body that was announced may not be read, before it arrives.
	 */
	void checkLength(long length) {
		this.body.checkLength(length, this.pool);
	}

	/**
	 * Read the body, of which Spring has opened the stream, into the pool that requests
	 * use.
	 */
	PooledBuffer readBody(ServletRequest request, ContentSource.Opening body) throws IOException {
		return readBody(request, body, this.pool);
	}

	/**
	 * Read a part of the body, or what other code made of it, into the pool that requests
	 * use.
	 */
	PooledBuffer readPart(ContentSource part) throws IOException {
		return this.body.readPart(part, this.pool);
	}

	PooledBuffer read(MultipartFile file) throws IOException {
		try (InputStream in = file.getInputStream()) {
			return readPart(new PartSource(in, file.getSize()));
		}
	}

	/**
	 * Own a buffer, unless the request has ended or may hold no more.
	 * @return the buffer
	 */
	PooledBuffer own(PooledBuffer buffer) {
		try {
			return this.scope.adopt(buffer);
		}
		catch (PoolClosedException | SizeLimitExceededException ex) {
			return buffer;
		}
	}

	/**
	 * Leave the end to a listener. A container may lose the listener, and this object
	 * with it.
	 */
	void handOver() {
		this.guard = this.counters.guard(this);
	}

	/**
	 * Return whether a listener is to end it, and not a filter.
	 */
	boolean isHandedOver() {
		return this.guard != null;
	}

	/**
	 * Return whether the request has ended. Tasks may still hold its scope.
	 */
	boolean isEnded() {
		return this.request == null || this.scope.isClosed();
	}

	/**
	 * Remember that what the request holds may still be in use when it ends.
	 */
	void doubt() {
		this.inDoubt = true;
	}

	/**
	 * Give everything back. Ending again has no effect. A failure is logged.
	 */
	void end() {
		try {
			giveBack();
		}
		catch (RuntimeException ex) {
			logger.error("Failed to give back all memory of a request", ex);
		}
	}

	private void giveBack() {
		boolean inDoubt = this.inDoubt;
		try {
			if (inDoubt) {
				this.scope.abandon();
			}
			else {
				this.scope.close();
			}
		}
		finally {
			determineQuotaKey();
			try {
				if (dropRequest()) {
					countEnd(inDoubt);
				}
			}
			finally {
				this.body.end(inDoubt);
			}
		}
	}

	// Tasks that hold the scope may be the first to acquire, without the request
	private void determineQuotaKey() {
		try {
			if (!this.scope.isClosed()) {
				BufferScopes.limit(this.scope);
			}
		}
		catch (RuntimeException ex) {
			logger.warn("Failed to determine the key of a quota for the tasks of a request, which have none now", ex);
		}
	}

	// Now, or when the last task ends
	private void countEnd(boolean inDoubt) {
		if (this.scope.isClosed()) {
			this.counters.end(inDoubt, this.guard);
		}
		else {
			this.scope.onClose(() -> this.counters.end(inDoubt, this.guard));
		}
	}

	private synchronized boolean dropRequest() {
		ServletRequest request = this.request;
		if (request != null && !this.scope.isClosed()) {
			this.endedWork = nameOf(request);
		}
		this.request = null;
		return request != null;
	}

	private @Nullable Object quotaKey() {
		ServletRequest request = this.request;
		return (request != null) ? this.quotaKey.of(request) : null;
	}

	private static @Nullable UnitOfWork nameOf(ServletRequest request) {
		try {
			return RequestWork.of(request);
		}
		catch (Throwable ex) {
			// A container may have recycled it, and a name is no reason to fail
			return null;
		}
	}

	/**
	 * Name the request, as long as it or a task of it lasts.
	 */
	@Override
	public @Nullable UnitOfWork get() {
		ServletRequest request = this.request;
		return (request != null) ? RequestWork.of(request) : this.endedWork;
	}

}
