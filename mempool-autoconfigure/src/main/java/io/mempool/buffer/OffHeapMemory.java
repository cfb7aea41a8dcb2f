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

package io.mempool.buffer;

import java.lang.management.ManagementFactory;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.mempool.core.Budget;
import io.mempool.core.Protection;
import io.mempool.engine.SharedBudget;
import org.jspecify.annotations.Nullable;

/**
 * The limits of memory outside of the Java heap.
 *
 * @since 0.1.0
 */
public final class OffHeapMemory {

	private OffHeapMemory() {
	}

	/**
	 * Return whether the JVM itself limits the off-heap memory of pools:
	 * {@code -XX:MaxDirectMemorySize} does before Java 22. Later only budgets do.
	 * @return whether {@link #maximum()} cannot be exceeded
	 */
	public static boolean isLimitedByJvm() {
		return NativeAllocator.isLimitedByJvm();
	}

	/**
	 * Return the value of {@code -XX:MaxDirectMemorySize}, or the JVM's default if that
	 * is not set: the maximum heap.
	 * @return bytes
	 */
	public static long maximum() {
		HotSpotDiagnosticMXBean diagnostics = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
		long option = (diagnostics != null) ? Long.parseLong(diagnostics.getVMOption("MaxDirectMemorySize").getValue())
				: 0;
		return (option > 0) ? option : Runtime.getRuntime().maxMemory();
	}

	/**
	 * Return why views of off-heap memory cannot be revoked on this JVM, as
	 * {@link Protection#REVOKE} does.
	 * @return the obstacle, {@code null} if there is none
	 */
	public static @Nullable String obstacleToRevocation() {
		return NativeAllocator.obstacleToRevocation();
	}

	/**
	 * Return the budget that off-heap pools share by default.
	 * @return a budget of {@link #maximum()} bytes
	 */
	public static Budget defaultBudget() {
		return DefaultBudget.INSTANCE;
	}

	/**
	 * Created at its first use.
	 */
	private static final class DefaultBudget {

		static final Budget INSTANCE = new SharedBudget("off-heap", maximum());

	}

}
