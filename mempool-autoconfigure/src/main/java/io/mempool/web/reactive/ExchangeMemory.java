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

package io.mempool.web.reactive;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.ContentReader;
import io.mempool.core.UnitOfWork;
import io.mempool.scope.BufferScope;
import io.mempool.web.RequestEndedException;
import io.mempool.web.RequestSettings;
import io.mempool.web.ScopeCounters;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.web.server.ServerWebExchange;

/**
 * The memory of one exchange: its scope, which is opened when it is first needed. An
 * attribute of the exchange and the context of its pipeline hold it. Safe for use by
 * several threads.
 */
final class ExchangeMemory implements Supplier<@Nullable UnitOfWork> {

	private static final Log logger = LogFactory.getLog(ExchangeMemory.class);

	// HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, which functional endpoints set too
	private static final String ROUTE_ATTRIBUTE = "org.springframework.web.reactive.HandlerMapping.bestMatchingPattern";

	private final ServerWebExchange exchange;

	private final RequestSettings settings;

	private final RequestQuotaKey quotaKey;

	private final ScopeCounters counters;

	// Written once, under the monitor
	private volatile @Nullable BufferScope scope;

	@GuardedBy("this")
	private ScopeCounters.@Nullable Guard guard;

	@GuardedBy("this")
	private boolean bodyTaken;

	// What is read at the moment. Several threads may read parts
	@GuardedBy("this")
	private final List<ContentReader> readers = new ArrayList<>(1);

	private volatile boolean ended;

	ExchangeMemory(ServerWebExchange exchange, RequestSettings settings, RequestQuotaKey quotaKey,
			ScopeCounters counters) {
		this.exchange = exchange;
		this.settings = settings;
		this.quotaKey = quotaKey;
		this.counters = counters;
	}

	RequestSettings settings() {
		return this.settings;
	}

	/**
	 * Return the scope. Open it if there is none.
	 * @throws RequestEndedException if the exchange has ended without one
	 */
	BufferScope scope() {
		BufferScope scope = this.scope;
		return (scope != null) ? scope : open(this.settings.pool().get());
	}

	/**
	 * Return the scope if there is one.
	 */
	@Nullable BufferScope present() {
		return this.scope;
	}

	// The pool is built before, without the monitor
	private synchronized BufferScope open(BufferPool pool) {
		BufferScope scope = this.scope;
		if (scope == null) {
			if (this.ended) {
				throw new RequestEndedException(null);
			}
			scope = this.settings.open(pool, this, this, (memory) -> memory.quotaKey.of(memory.exchange));
			this.counters.open();
			this.guard = this.counters.guard(this);
			this.scope = scope;
		}
		return scope;
	}

	/**
	 * Take the body, which can be read once.
	 */
	synchronized void takeBody() {
		if (this.ended) {
			throw new RequestEndedException(null);
		}
		if (this.bodyTaken) {
			throw new IllegalStateException(
					"Cannot read the body of the request: it was read before. Keep the buffer of the first call, or "
							+ "share its Mono with cache()");
		}
		this.bodyTaken = true;
	}

	/**
	 * End a reader with the exchange, unless it was removed before.
	 */
	synchronized void add(ContentReader reader) {
		if (this.ended) {
			throw new RequestEndedException(null);
		}
		this.readers.add(reader);
	}

	synchronized void remove(ContentReader reader) {
		this.readers.remove(reader);
	}

	/**
	 * Return whether the exchange has ended. Tasks may still hold its scope.
	 */
	boolean isEnded() {
		return this.ended;
	}

	/**
	 * Give everything back. Ending again has no effect. A failure is logged.
	 * @param inDoubt whether what the exchange holds may still be in use
	 */
	void end(boolean inDoubt) {
		BufferScope scope;
		ScopeCounters.Guard guard;
		List<ContentReader> readers;
		synchronized (this) {
			if (this.ended) {
				return;
			}
			this.ended = true;
			scope = this.scope;
			guard = this.guard;
			readers = List.copyOf(this.readers);
		}
		if (scope != null) {
			try {
				giveBack(scope, inDoubt);
			}
			finally {
				try {
					// Now, or when the last task ends
					scope.onClose(() -> this.counters.end(inDoubt, guard));
				}
				finally {
					readers.forEach(inDoubt ? ContentReader::abandon : ContentReader::close);
				}
			}
		}
	}

	private static void giveBack(BufferScope scope, boolean inDoubt) {
		try {
			if (inDoubt) {
				scope.abandon();
			}
			else {
				scope.close();
			}
		}
		catch (RuntimeException ex) {
			logger.error("Failed to give back all memory of a request", ex);
		}
	}

	/**
	 * Name the exchange by its method and route, never by its path, of which there may be
	 * any number.
	 */
	@Override
	public UnitOfWork get() {
		Object route = this.exchange.getAttribute(ROUTE_ATTRIBUTE);
		return new UnitOfWork(this.exchange.getRequest().getMethod() + " " + ((route != null) ? route : "/"),
				this.exchange.getRequest().getId());
	}

}
