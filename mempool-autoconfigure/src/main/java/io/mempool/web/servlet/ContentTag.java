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

package io.mempool.web.servlet;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import io.mempool.buffer.PooledBuffer;

/**
 * A strong {@code ETag} of the content of a buffer: 128 bits of its SHA-256, computed
 * without a copy.
 */
final class ContentTag {

	private static final int BYTES = 16;

	private ContentTag() {
	}

	static String of(PooledBuffer buffer) {
		MessageDigest digest = digest();
		digest.update(buffer.byteBuffer());
		return '"' + HexFormat.of().formatHex(digest.digest(), 0, BYTES) + '"';
	}

	private static MessageDigest digest() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
