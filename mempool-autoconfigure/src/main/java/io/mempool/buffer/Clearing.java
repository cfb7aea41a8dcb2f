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

/**
 * When memory is cleared, so that no owner can read the bytes of an earlier one.
 *
 * @since 0.1.0
 */
public enum Clearing {

	/**
	 * Clear when a buffer is released: the requested size, or the whole capacity if the
	 * raw array was handed out by {@link PooledBuffer#array}.
	 */
	ON_RELEASE,

	/**
	 * Never clear. A new owner may read the bytes of former ones.
	 */
	NEVER

}
