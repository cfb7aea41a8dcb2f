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

package io.mempool.test;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import io.mempool.buffer.BufferPool;
import io.mempool.object.ObjectPool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * Fails each test that leaves a lease behind, without Spring. It checks the pools that it
 * was given, or else those in the fields of the test.
 *
 * <pre class="code">
 * &#64;RegisterExtension
 * static final LeaseCheckExtension leases = new LeaseCheckExtension().pool(Uploads.POOL);
 * </pre>
 *
 * The pools should be built with {@code leakDetection(LeakDetection.PARANOID)}: at a
 * lower level the check knows how many leases are left, and not where they were acquired.
 * <p>
 * Tests that run in parallel must not share a pool that is checked. {@link CheckLeases},
 * which also registers this extension, sees to that.
 *
 * @since 0.1.0
 */
public final class LeaseCheckExtension implements BeforeEachCallback, AfterEachCallback {

	private static final String SPRING_EXTENSION = "org.springframework.test.context.junit.jupiter.SpringExtension";

	private static final Namespace NAMESPACE = Namespace.create(LeaseCheckExtension.class);

	private final List<CheckedPool> pools = new ArrayList<>();

	private @Nullable Duration timeout;

	/**
	 * Create an extension that checks the pools in the fields of each test, until it is
	 * given others. It does nothing in a Spring test, whose pools are beans.
	 */
	public LeaseCheckExtension() {
	}

	/**
	 * Check a pool.
	 * @param pool the pool
	 * @return this extension
	 */
	public LeaseCheckExtension pool(BufferPool pool) {
		return add(pool);
	}

	/**
	 * Check a pool.
	 * @param pool the pool
	 * @return this extension
	 */
	public LeaseCheckExtension pool(ObjectPool<?> pool) {
		return add(pool);
	}

	private LeaseCheckExtension add(Object pool) {
		CheckedPool checked = CheckedPool.of(Objects.requireNonNull(pool, "'pool' must not be null"));
		if (checked == null) {
			throw new IllegalArgumentException("'pool' must have a name, and " + pool + " has none");
		}
		this.pools.add(checked);
		return this;
	}

	/**
	 * Set how long to wait for leases that end after a test.
	 * @param timeout the time, that of {@link CheckLeases} or else two seconds if not set
	 * @return this extension
	 */
	public LeaseCheckExtension timeout(Duration timeout) {
		this.timeout = timeout;
		return this;
	}

	@Override
	public void beforeEach(ExtensionContext context) {
		if (!isLeftToSpring(context)) {
			store(context).put(this, new LeaseCheck(pools(context)));
		}
	}

	@Override
	public void afterEach(ExtensionContext context) throws Exception {
		LeaseCheck check = store(context).remove(this, LeaseCheck.class);
		if (check == null) {
			return;
		}
		List<CheckedPool> pools = pools(context);
		if (pools.isEmpty()) {
			throw new ExtensionConfigurationException("Cannot check the leases of '" + context.getDisplayName()
					+ "': it is no Spring test, and no field of it holds a BufferPool or an ObjectPool. Register the "
					+ "pools with @RegisterExtension, new LeaseCheckExtension().pool(..)");
		}
		check.end(pools, timeout(context), "Test '" + context.getDisplayName() + "'");
	}

	private static Store store(ExtensionContext context) {
		return context.getStore(NAMESPACE);
	}

	private boolean isLeftToSpring(ExtensionContext context) {
		if (!this.pools.isEmpty()) {
			return false;
		}
		for (Class<?> type = context.getRequiredTestClass(); type != null; type = type.getEnclosingClass()) {
			if (AnnotationSupport.findRepeatableAnnotations(type, ExtendWith.class)
				.stream()
				.flatMap((extensions) -> Arrays.stream(extensions.value()))
				.anyMatch((extension) -> extension.getName().equals(SPRING_EXTENSION))) {
				return true;
			}
		}
		return false;
	}

	private List<CheckedPool> pools(ExtensionContext context) {
		if (!this.pools.isEmpty()) {
			return this.pools;
		}
		List<CheckedPool> pools = new ArrayList<>();
		for (Object instance : context.getRequiredTestInstances().getAllInstances()) {
			for (Field field : ReflectionSupport.findFields(instance.getClass(), LeaseCheckExtension::isPool,
					HierarchyTraversalMode.TOP_DOWN)) {
				CheckedPool pool = CheckedPool
					.of(ReflectionSupport.tryToReadFieldValue(field, instance).toOptional().orElse(null));
				if (pool != null) {
					pools.add(pool);
				}
			}
		}
		return pools;
	}

	private static boolean isPool(Field field) {
		return BufferPool.class.isAssignableFrom(field.getType()) || ObjectPool.class.isAssignableFrom(field.getType());
	}

	private Duration timeout(ExtensionContext context) {
		if (this.timeout != null) {
			return this.timeout;
		}
		return AnnotationSupport.findAnnotation(context.getTestMethod(), CheckLeases.class)
			.or(() -> ofClass(context.getRequiredTestClass()))
			.map((check) -> Duration.of(check.timeout(), check.unit().toChronoUnit()))
			.orElse(LeaseCheck.TIMEOUT);
	}

	private static Optional<CheckLeases> ofClass(Class<?> type) {
		Optional<CheckLeases> check = AnnotationSupport.findAnnotation(type, CheckLeases.class);
		Class<?> enclosing = type.getEnclosingClass();
		return (check.isEmpty() && enclosing != null) ? ofClass(enclosing) : check;
	}

}
