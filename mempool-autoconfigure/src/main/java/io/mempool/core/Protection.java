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

package io.mempool.core;

/**
 * How a pool treats memory that code may still use after its release: through an array or
 * a {@link java.nio.ByteBuffer} that was taken from a lease and kept too long. A handle
 * itself is dead after its release in every mode.
 *
 * @since 0.1.0
 */
public enum Protection {

	/**
	 * A released block is lent again at once. A view that was kept reaches the memory of
	 * the next owner.
	 */
	STANDARD,

	/**
	 * A released block is filled with a pattern and stays out of use for further releases
	 * of its tier. Before its next use the pattern is verified. If it differs, code wrote
	 * to the block after its release: that is reported with its last owner, and the block
	 * is dropped. Every lease is noted as with {@link LeakDetection#PARANOID}. For tests,
	 * and to find one such write.
	 */
	QUARANTINE,

	/**
	 * Views of off-heap memory die with the last release of their lease: a later access
	 * throws an {@link IllegalStateException}. The memory of a view that an I/O call uses
	 * stays out of use until that call ends. Has no effect on arrays, so only pools of
	 * off-heap memory can have it, on Java 22 and later.
	 */
	REVOKE

}
