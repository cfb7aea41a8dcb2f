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

package io.mempool.sample;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * An open file. What it contains stays the same when the file is replaced.
 */
final class StoredFile implements AutoCloseable {

	private final FileChannel channel;

	private final long length;

	private StoredFile(FileChannel channel, long length) {
		this.channel = channel;
		this.length = length;
	}

	static StoredFile open(Path path) throws IOException {
		FileChannel channel = FileChannel.open(path);
		try {
			return new StoredFile(channel, channel.size());
		}
		catch (IOException ex) {
			channel.close();
			throw ex;
		}
	}

	long length() {
		return this.length;
	}

	InputStream content() {
		return Channels.newInputStream(this.channel);
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

}
