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

package io.mempool.actuate.endpoint;

import java.security.Principal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.mempool.core.DiscardReason;
import io.mempool.engine.KebabCase;
import io.mempool.pressure.HeapRelief;
import io.mempool.pressure.HeapReliefListener;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Records which user changed or trimmed which pool: as an {@link AuditEvent}, and in the
 * log. Remembers the last changes, so that the endpoint can show them. Also records as
 * events what pools gave back because the heap was nearly full. Safe for use by several
 * threads.
 *
 * @since 0.1.0
 */
public class PoolAudit implements HeapReliefListener {

	/**
	 * Type of the event of a pool that was changed.
	 */
	public static final String CHANGED = "MEMPOOL_CHANGED";

	/**
	 * Type of the event of a pool that was trimmed.
	 */
	public static final String TRIMMED = "MEMPOOL_TRIMMED";

	/**
	 * Type of the event of a pool that gave memory back because the heap was nearly full.
	 */
	public static final String RELIEVED = "MEMPOOL_RELIEVED";

	private static final Log logger = LogFactory.getLog(PoolAudit.class);

	private final ApplicationEventPublisher publisher;

	private final RecentChanges changes = new RecentChanges();

	/**
	 * Create an audit.
	 * @param publisher publishes the events
	 */
	public PoolAudit(ApplicationEventPublisher publisher) {
		this.publisher = publisher;
	}

	/**
	 * Record what an operation has done.
	 */
	void record(@Nullable Principal principal, @Nullable Object result) {
		String name = (principal != null) ? principal.getName() : null;
		if (result instanceof PoolChangesDescriptor changed) {
			this.changes.add(changed.pool(), new ChangeDescriptor(Instant.now().toString(), name, changed.changes()));
			List<String> changes = changed.changes()
				.stream()
				.map((change) -> change.setting() + ": " + change.from() + " -> " + change.to())
				.toList();
			record(name, CHANGED, changed.pool(), "changes", changes);
		}
		else if (result instanceof TrimDescriptor trimmed) {
			boolean memory = trimmed.trimmedBytes() != null;
			record(name, TRIMMED, trimmed.pool(), memory ? "trimmedBytes" : "trimmedObjects",
					memory ? trimmed.trimmedBytes() : trimmed.trimmedObjects());
		}
	}

	/**
	 * Record what a pool gave back because the heap was nearly full.
	 */
	@Override
	public void relieved(HeapRelief relief) {
		Map<String, @Nullable Object> data = new LinkedHashMap<>();
		data.put("pool", relief.pool());
		data.put("reason", KebabCase.of(DiscardReason.PRESSURE));
		if (relief.objects() > 0) {
			data.put("trimmedObjects", relief.objects());
		}
		else {
			data.put("trimmedBytes", relief.bytes());
		}
		data.put("heapAfterCollectionBytes", relief.heapAfterCollection());
		data.put("thresholdBytes", relief.threshold());
		this.publisher.publishEvent(new AuditApplicationEvent(new AuditEvent(null, RELIEVED, data)));
	}

	/**
	 * Return the last changes of a pool that were recorded.
	 * @param pool its name
	 * @param showPrincipals whether to name the users
	 * @return the last one first, {@code null} if there is none
	 */
	@Nullable List<ChangeDescriptor> changes(String pool, boolean showPrincipals) {
		return Values.unlessEmpty(this.changes.of(pool)
			.stream()
			.map((change) -> showPrincipals ? change : change.withoutPrincipal())
			.toList());
	}

	private void record(@Nullable String principal, String type, String pool, String key, @Nullable Object value) {
		logger.info("%s: pool '%s', %s %s%s".formatted(type, pool, key, value,
				(principal != null) ? ", by '" + principal + "'" : ""));
		Map<String, @Nullable Object> data = new LinkedHashMap<>();
		data.put("pool", pool);
		data.put(key, value);
		this.publisher.publishEvent(new AuditApplicationEvent(new AuditEvent(principal, type, data)));
	}

}
