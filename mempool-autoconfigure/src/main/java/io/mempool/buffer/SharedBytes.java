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

import java.nio.ByteBuffer;

/**
 * The bytes of a buffer and the function that releases them, for APIs without leases.
 *
 * @param bytes a view of the buffer, not to be used after the release
 * @param release gives the reference up; acts once, even if called repeatedly, from any
 * thread
 * @since 0.1.0
 * @see PooledBuffer#share()
 */
public record SharedBytes(ByteBuffer bytes, Runnable release) implements AutoCloseable {

	@Override
	public void close() {
		this.release.run();
	}

}
