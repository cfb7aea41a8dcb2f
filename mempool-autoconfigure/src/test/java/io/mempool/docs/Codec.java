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

package io.mempool.docs;

// tag::codec[]
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Service;

@Service
class Codec {

	private final BufferPool uploads;

	Codec(@Qualifier("uploads") BufferPool uploads) {
		this.uploads = uploads;
	}

	void copy(InputStream in, OutputStream out) throws IOException {
		try (PooledBuffer buffer = this.uploads.acquire(64 * 1024)) {
			for (int count; (count = buffer.readFrom(in)) >= 0;) {
				buffer.writeTo(out, 0, count);
			}
		}
	}

}
// end::codec[]
