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

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Fails each test that leaves a lease behind, and shows where the lease was acquired.
 * <p>
 * In a Spring test it checks all pools that are beans. The class has an application
 * context of its own then, in which {@code mempool.leak-detection} is {@code paranoid}.
 * In any other test it checks the pools in the fields of the test, which need
 * {@code leakDetection(LeakDetection.PARANOID)} to show where a lease was acquired. For
 * pools that are in no field, register a {@link LeaseCheckExtension}.
 * <p>
 * A lease counts if it began during the test, setup and teardown methods included, and is
 * open after it. A request may end a little later than its answer arrives, so the check
 * waits, see {@link #timeout}. A lease that was lost to the garbage collector meanwhile
 * counts too.
 * <p>
 * <strong>Parallel tests.</strong> Pools do not know which test a lease belongs to: a
 * server has acquired it on a thread of its own. So tests with this annotation hold the
 * lock {@value #LOCK} and never run at the same time. Tests without it have other
 * application contexts, unless they are methods of the same class: annotate the class
 * instead of the method if its methods run in parallel.
 *
 * @since 0.1.0
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(LeaseCheckExtension.class)
@ResourceLock(CheckLeases.LOCK)
public @interface CheckLeases {

	/**
	 * The lock that tests with this annotation hold.
	 */
	String LOCK = "io.mempool.leases";

	/**
	 * Return how long to wait for leases that end after the test.
	 * @return a time in {@link #unit()}
	 */
	long timeout() default 2;

	/**
	 * Return the unit of {@link #timeout()}.
	 * @return the unit
	 */
	TimeUnit unit() default TimeUnit.SECONDS;

}
