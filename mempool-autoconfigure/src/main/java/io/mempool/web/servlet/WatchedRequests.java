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

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import org.jspecify.annotations.Nullable;

/**
 * The requests that {@link RequestScopeFilter} has on the stack of some thread now: their
 * end is watched. Safe for use by several threads.
 */
// Requests are known by identity
@SuppressWarnings("ReferenceEquality")
final class WatchedRequests {

	/*
	 * Layout. A table with open addressing: a request is in one of the few places from
	 * its hash code on. Filters and containers wrap requests, so the key is the innermost
	 * one, which all callers have in common. If all of these places are taken, the
	 * request bears an attribute instead.
	 *
	 * Cost. A request takes its place by one compare-and-set and leaves it by one write,
	 * without an allocation. An attribute for each request would allocate in every
	 * container.
	 *
	 * Memory order. Places are volatile. The filter takes a request out of the table, and
	 * then looks for a scope. A thread that opens a scope stores it in the request, and
	 * then looks into the table. At least one of the two sees the other.
	 */

	/**
	 * The place of a request that an outer filter watches already.
	 */
	static final int NESTED = -1;

	private static final int MARKED = -2;

	private static final int LENGTH = 1024;

	private static final int WINDOW = 8;

	private static final String MARK = WatchedRequests.class.getName();

	private final AtomicReferenceArray<@Nullable ServletRequest> places;

	private final int mask;

	// How many requests bear the attribute
	private final AtomicInteger marked = new AtomicInteger();

	WatchedRequests() {
		this(LENGTH);
	}

	/**
	 * Create a table.
	 * @param length a power of two
	 */
	WatchedRequests(int length) {
		this.places = new AtomicReferenceArray<>(length + WINDOW - 1);
		this.mask = length - 1;
	}

	/**
	 * Watch a request from now on.
	 * @return its place, or {@link #NESTED}
	 */
	int add(ServletRequest request) {
		ServletRequest innermost = innermost(request);
		int first = firstPlaceOf(innermost);
		if (isInTable(innermost, first) || isMarked(request)) {
			return NESTED;
		}
		for (int i = first; i < first + WINDOW; i++) {
			if (this.places.getPlain(i) == null && this.places.compareAndSet(i, null, innermost)) {
				return i;
			}
		}
		this.marked.incrementAndGet();
		request.setAttribute(MARK, true);
		return MARKED;
	}

	/**
	 * Watch a request no longer.
	 * @param place what {@link #add} returned
	 */
	void remove(ServletRequest request, int place) {
		if (place == MARKED) {
			request.removeAttribute(MARK);
			this.marked.decrementAndGet();
		}
		else {
			this.places.set(place, null);
		}
	}

	/**
	 * Return whether a request, or one that it wraps or is wrapped by, is watched.
	 */
	boolean contains(ServletRequest request) {
		ServletRequest innermost = innermost(request);
		return isInTable(innermost, firstPlaceOf(innermost)) || isMarked(request) || isIdentified(request);
	}

	private boolean isInTable(ServletRequest innermost, int first) {
		for (int i = first; i < first + WINDOW; i++) {
			if (this.places.get(i) == innermost) {
				return true;
			}
		}
		return false;
	}

	private boolean isMarked(ServletRequest request) {
		return this.marked.get() > 0 && request.getAttribute(MARK) != null;
	}

	// A wrapper need not be a ServletRequestWrapper. Slow, but few are not
	private boolean isIdentified(ServletRequest request) {
		String id = request.getRequestId();
		if (id == null || id.isEmpty()) {
			return false;
		}
		for (int i = 0; i < this.places.length(); i++) {
			ServletRequest candidate = this.places.get(i);
			if (candidate != null && id.equals(idOf(candidate))) {
				return true;
			}
		}
		return false;
	}

	private static @Nullable String idOf(ServletRequest request) {
		try {
			return request.getRequestId();
		}
		catch (RuntimeException ex) {
			// It ends at this moment
			return null;
		}
	}

	private int firstPlaceOf(ServletRequest innermost) {
		return System.identityHashCode(innermost) & this.mask;
	}

	/**
	 * Return the request that is wrapped by others.
	 */
	static ServletRequest innermost(ServletRequest request) {
		ServletRequest current = request;
		while (current instanceof ServletRequestWrapper wrapper) {
			current = wrapper.getRequest();
		}
		return current;
	}

}
