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
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.Optional;

import jakarta.annotation.PreDestroy;

import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * Files in a temporary folder, which is deleted when the application stops.
 */
@Component
class FileStore {

	private final Path folder;

	FileStore() throws IOException {
		this.folder = Files.createTempDirectory("mempool-sample-");
	}

	/**
	 * Store a file, or replace it at once when all has arrived.
	 */
	StoreResult store(FileName name, InputStream content, Chunk chunk, MessageDigest computing) throws IOException {
		// No name begins with a dot
		Path part = Files.createTempFile(this.folder, ".", ".part");
		try {
			Digest digest;
			try (OutputStream out = Files.newOutputStream(part)) {
				digest = Digest.ofCopy(content, out, chunk, computing);
			}
			Path file = this.folder.resolve(name.value());
			boolean created = Files.notExists(file);
			Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
			return new StoreResult(created, digest);
		}
		finally {
			Files.deleteIfExists(part);
		}
	}

	/**
	 * Open a file, if there is one of that name.
	 */
	Optional<StoredFile> find(FileName name) throws IOException {
		try {
			return Optional.of(StoredFile.open(this.folder.resolve(name.value())));
		}
		catch (NoSuchFileException ex) {
			return Optional.empty();
		}
	}

	@PreDestroy
	void deleteAll() throws IOException {
		FileSystemUtils.deleteRecursively(this.folder);
	}

	/**
	 * What became of a file.
	 *
	 * @param created whether there was none of that name
	 * @param digest what it contains
	 */
	record StoreResult(boolean created, Digest digest) {

	}

}
