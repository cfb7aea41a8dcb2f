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

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.mempool.buffer.BufferPool;
import io.mempool.object.ObjectPool;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.support.AbstractTestExecutionListener;

/**
 * Checks the pools of the application around each Spring test with {@link CheckLeases},
 * and does nothing around others.
 */
final class LeaseCheckTestExecutionListener extends AbstractTestExecutionListener {

	/**
	 * After the listeners that make the context dirty, so that the check ends before they
	 * close the pools, and before those that run transactions and scripts.
	 */
	static final int ORDER = 3500;

	private static final String ATTRIBUTE = LeaseCheck.class.getName();

	@Override
	public int getOrder() {
		return ORDER;
	}

	@Override
	public void beforeTestMethod(TestContext testContext) {
		if (find(testContext) != null) {
			testContext.setAttribute(ATTRIBUTE, new LeaseCheck(pools(testContext.getApplicationContext())));
		}
	}

	@Override
	public void afterTestMethod(TestContext testContext) throws Exception {
		CheckLeases annotation = find(testContext);
		if (annotation != null && testContext.removeAttribute(ATTRIBUTE) instanceof LeaseCheck check) {
			// A test may have closed its context. Another one would have other pools
			List<CheckedPool> pools = testContext.hasApplicationContext() ? pools(testContext.getApplicationContext())
					: List.of();
			check.end(pools, Duration.of(annotation.timeout(), annotation.unit().toChronoUnit()),
					"Test '" + testContext.getTestMethod().getName() + "'");
		}
	}

	private static @Nullable CheckLeases find(TestContext testContext) {
		Method method = testContext.getTestMethod();
		CheckLeases annotation = AnnotatedElementUtils.findMergedAnnotation(method, CheckLeases.class);
		return (annotation != null) ? annotation
				: TestContextAnnotationUtils.findMergedAnnotation(testContext.getTestClass(), CheckLeases.class);
	}

	// Those that exist: to look for a leak creates no pool
	private static List<CheckedPool> pools(ApplicationContext context) {
		List<CheckedPool> pools = new ArrayList<>();
		for (ApplicationContext next = context; next != null; next = next.getParent()) {
			if (next instanceof ConfigurableApplicationContext configurable && configurable.isActive()) {
				ConfigurableListableBeanFactory beanFactory = configurable.getBeanFactory();
				Stream.of(BufferPool.class, ObjectPool.class)
					.flatMap((type) -> Stream.of(beanFactory.getBeanNamesForType(type, false, false)))
					.distinct()
					.map((name) -> CheckedPool.of(beanFactory.getSingleton(name)))
					.forEach((pool) -> {
						if (pool != null) {
							pools.add(pool);
						}
					});
			}
		}
		return pools;
	}

}
