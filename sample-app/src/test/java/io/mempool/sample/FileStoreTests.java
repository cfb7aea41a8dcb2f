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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link FileStore}.
 */
class FileStoreTests {

	private static final FileName NAME = new FileName("name");

	private final Chunk chunk = new Chunk(new byte[8], 2, 3);

	private FileStore store;

	private Path folder;

	@BeforeEach
	void open() throws IOException {
		this.store = new FileStore();
		this.folder = (Path) ReflectionTestUtils.getField(this.store, "folder");
	}

	@AfterEach
	void deleteAllShouldDeleteTheFolder() throws IOException {
		this.store.deleteAll();
		assertThat(this.folder).doesNotExist();
	}

	@Test
	void openFileShouldKeepItsContentWhenReplaced() throws IOException {
		this.store.store(NAME, stream("the former one"), this.chunk, Tools.newDigest());
		try (StoredFile former = this.store.find(NAME).orElseThrow()) {
			FileStore.StoreResult result = this.store.store(NAME, stream("new"), this.chunk, Tools.newDigest());
			assertThat(result.created()).isFalse();
			assertThat(former.length()).isEqualTo(14);
			assertThat(former.content()).hasContent("the former one");
		}
		assertThat(this.store.find(NAME)).hasValueSatisfying((file) -> assertThat(file.content()).hasContent("new"));
	}

	@Test
	void failureShouldLeaveFormerFileAndNothingElse() throws IOException {
		this.store.store(NAME, stream("the former one"), this.chunk, Tools.newDigest());
		InputStream failing = new SequenceInputStream(stream("beginning"), new FailingStream());
		assertThatIOException().isThrownBy(() -> this.store.store(NAME, failing, this.chunk, Tools.newDigest()))
			.withMessage("hung up");
		try (Stream<Path> files = Files.list(this.folder)) {
			assertThat(files).containsExactly(this.folder.resolve("name"));
		}
		assertThat(this.folder.resolve("name")).hasContent("the former one");
	}

	@Test
	void unknownFileShouldBeEmpty() throws IOException {
		assertThat(this.store.find(NAME)).isEmpty();
	}

	private static InputStream stream(String content) {
		return new ByteArrayInputStream(content.getBytes());
	}

	private static final class FailingStream extends InputStream {

		@Override
		public int read() throws IOException {
			throw new IOException("hung up");
		}

	}

}
