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

package io.mempool.scope;

import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mempool.buffer.SizeLimitExceededException;

/**
 * What the scopes of one key hold. Its monitor guards the fields of its shares.
 */
final class QuotaHolder {

	/*
	 * What counts. A share counts the live items of its scope, and what is reserved for
	 * items to come. Releases are not reported, since a lease does not know its scope. So
	 * the sum includes what was released early, until all shares are added up again: when
	 * the sum is above the quota, and before a refusal. What a scope adds is counted with
	 * this monitor held, so that the items and their sum agree.
	 */

	// Of a key in a message
	private static final int MOST_CHARACTERS = 100;

	private final ScopeQuota quota;

	private final Object key;

	@GuardedBy("this")
	private final Set<QuotaShare> shares = new HashSet<>();

	@GuardedBy("this")
	private long held;

	QuotaHolder(ScopeQuota quota, Object key) {
		this.quota = quota;
		this.key = key;
	}

	Object key() {
		return this.key;
	}

	synchronized void add(QuotaShare share) {
		this.shares.add(share);
	}

	/**
	 * Remove a share.
	 * @return whether none is left
	 */
	synchronized boolean remove(QuotaShare share) {
		if (this.shares.remove(share)) {
			this.held -= share.held;
			share.held = 0;
			share.ended = true;
		}
		return this.shares.isEmpty();
	}

	/**
	 * Count what a share holds in addition, or less if negative. Called with this monitor
	 * held.
	 */
	@GuardedBy("this")
	void count(QuotaShare share, long bytes) {
		if (!share.ended) {
			share.held += bytes;
			this.held += bytes;
		}
	}

	/**
	 * Return how much of what a share wants there is room for. Called with this monitor
	 * held.
	 * @param needed the minimum
	 * @throws QuotaExceededException if there is less, because of other shares
	 * @throws SizeLimitExceededException if there is less, because of this share alone
	 */
	@GuardedBy("this")
	long roomFor(QuotaShare share, long needed, long wanted, String pool) {
		long limit = this.quota.limit();
		if (wanted > limit - this.held) {
			addUpAll();
		}
		if (needed > limit - this.held && needed > 0) {
			throw refusal(share, needed, pool);
		}
		return Math.min(wanted, Math.max(0, limit - this.held));
	}

	@GuardedBy("this")
	private RuntimeException refusal(QuotaShare share, long needed, String pool) {
		long limit = this.quota.limit();
		if (needed > limit - share.held) {
			return new SizeLimitExceededException("Cannot acquire " + needed + " bytes through this scope: it holds "
					+ share.held + " bytes already, and '" + this.quota.property() + "' limits it to " + limit
					+ ". Release buffers sooner, or raise that property", limit);
		}
		this.quota.countRefusal();
		return new QuotaExceededException(
				"Cannot acquire " + needed + " bytes of pool '" + pool + "' for the key '" + text() + "' of '"
						+ this.quota.property() + "': scopes with that key hold " + this.held + " bytes already, in "
						+ this.shares.size() + " scopes, and may hold " + limit
						+ " together. Let it try again later, or raise that property",
				pool, this.quota.property(), limit, this.held);
	}

	/**
	 * Add up what a share holds. Called with this monitor held.
	 */
	@GuardedBy("this")
	void addUp(QuotaShare share) {
		CountedItems items = share.get();
		if (items != null) {
			count(share, share.pending + items.held() - share.held);
		}
	}

	@GuardedBy("this")
	private void addUpAll() {
		Iterator<QuotaShare> shares = this.shares.iterator();
		while (shares.hasNext()) {
			QuotaShare share = shares.next();
			if (share.get() == null) {
				// Collected. It leaves for good when its reference was queued
				count(share, -share.held);
			}
			else {
				addUp(share);
			}
		}
	}

	synchronized QuotaStatistics.Holding addUp() {
		addUpAll();
		return new QuotaStatistics.Holding(text(), this.held, this.shares.size());
	}

	/**
	 * The key for logs: of one line and a limited length, whatever clients have written
	 * into it.
	 */
	private String text() {
		String text;
		try {
			text = String.valueOf(this.key);
		}
		catch (RuntimeException ex) {
			text = this.key.getClass().getName();
		}
		StringBuilder shown = new StringBuilder();
		text.codePoints().limit(MOST_CHARACTERS).forEach((c) -> shown.appendCodePoint(isPlain(c) ? c : '?'));
		return shown.toString();
	}

	private static boolean isPlain(int character) {
		int type = Character.getType(character);
		return type != Character.CONTROL && type != Character.FORMAT && type != Character.LINE_SEPARATOR
				&& type != Character.PARAGRAPH_SEPARATOR && type != Character.SURROGATE;
	}

}
