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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.mempool.core.LeaseException;
import io.mempool.scope.BufferScope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link PooledBufferedOutputStream}, on the heap and off-heap.
 */
@ParameterizedClass
@EnumSource
class PooledBufferedOutputStreamTests {

	private final BufferPool pool;

	private final Target target = new Target();

	PooledBufferedOutputStreamTests(MemoryKind memory) {
		this.pool = BufferPool.builder("uploads").tiers(16, 8192).memory(memory).build();
	}

	private OutputStream stream(int size) {
		return new PooledBufferedOutputStream(this.pool, this.target, size);
	}

	private long leased() {
		return this.pool.statistics().leased();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	@AfterEach
	void nothingIsLeasedAtTheEnd() {
		assertThat(leased()).isZero();
		assertThat(this.pool.statistics().doubleReleases()).isZero();
	}

	@Test
	void smallWritesBecomeFewLargeOnes() throws IOException {
		try (OutputStream out = stream(4)) {
			for (char letter : "abcdefghij".toCharArray()) {
				out.write(letter);
			}
			assertThat(this.target.calls).containsExactly("abcd", "efgh");
		}
		assertThat(this.target.calls).containsExactly("abcd", "efgh", "ij", "flush", "close");
	}

	@Test
	void arrayThatDoesNotFitIntoTheRestGoesAfterTheRest() throws IOException {
		try (OutputStream out = stream(4)) {
			out.write(bytes("ab"));
			out.write(bytes("cde"));
			out.write(bytes("f"));
		}
		assertThat(this.target.calls).containsExactly("ab", "cdef", "flush", "close");
	}

	@Test
	void arrayAsLargeAsTheBufferIsNotCopied() throws IOException {
		try (OutputStream out = stream(4)) {
			out.write(bytes("ab"));
			out.write(bytes("cdefgh"));
			assertThat(this.target.calls).containsExactly("ab", "cdefgh");
		}
	}

	@Test
	void bufferIsLeasedAtTheFirstWriteAndKeptByAFlush() throws IOException {
		OutputStream out = new PooledBufferedOutputStream(this.pool, this.target);
		assertThat(leased()).isZero();
		out.write('a');
		assertThat(leased()).isOne();
		assertThat(this.pool.recentSizes()).containsExactly(8192);
		out.flush();
		assertThat(this.target.calls).containsExactly("a", "flush");
		assertThat(leased()).isOne();
		out.close();
	}

	@Test
	void streamThatNothingWasWrittenToLeasesNothing() throws IOException {
		stream(4).close();
		assertThat(this.target.calls).containsExactly("flush", "close");
		assertThat(this.pool.statistics().acquisitions()).isZero();
	}

	@Test
	void closeMayBeRepeatedAndWritesFailAfterwards() throws IOException {
		OutputStream out = stream(4);
		out.write('a');
		out.close();
		out.close();
		out.flush();
		assertThat(this.target.calls).containsExactly("a", "flush", "close");
		assertThatIOException().isThrownBy(() -> out.write('b'))
			.withMessage("Cannot write 1 bytes: the stream is closed. Open another one");
		assertThatIOException().isThrownBy(() -> out.write(bytes("abcdef")));
	}

	@Test
	void bufferGoesBackIfTheTargetFailsAtTheClose() throws IOException {
		OutputStream out = stream(4);
		out.write('a');
		this.target.failure = new IOException("Broken pipe");
		assertThatIOException().isThrownBy(out::close).withMessage("Broken pipe");
		assertThat(this.target.calls).endsWith("close");
		assertThat(leased()).isZero();
	}

	@Test
	void nothingIsWrittenTwiceAfterTheTargetFailed() throws IOException {
		assertThatNothingIsWrittenTwiceAfter(new IOException("Broken pipe"));
	}

	@Test
	void nothingIsWrittenTwiceAfterTheTargetThrewWhatItDoesNotDeclare() throws IOException {
		assertThatNothingIsWrittenTwiceAfter(new IllegalStateException("Broken codec"));
	}

	private void assertThatNothingIsWrittenTwiceAfter(Exception failure) throws IOException {
		OutputStream out = stream(4);
		out.write(bytes("abc"));
		this.target.failure = failure;
		assertThatException().isThrownBy(() -> out.write(bytes("de"))).isSameAs(failure);
		this.target.failure = null;
		for (Call call : List.<Call>of(() -> out.write('x'), () -> out.write(bytes("abcdef")), out::flush)) {
			assertThatIOException().isThrownBy(call::run)
				.withMessageContaining("an earlier write")
				.havingCause()
				.isSameAs(failure);
		}
		out.close();
		assertThat(this.target.calls).containsExactly("close");
	}

	@Test
	void bufferOfAScopeIsWrittenAndReleasedEarly() throws IOException {
		try (BufferScope scope = new BufferScope(this.pool)) {
			try (OutputStream out = new PooledBufferedOutputStream(scope.acquire(16), this.target)) {
				out.write(bytes("abc"));
			}
			assertThat(scope.size()).isZero();
		}
		assertThat(this.target.calls).containsExactly("abc", "flush", "close");
	}

	@Test
	void streamWhoseScopeEndedWritesNothingOfTheNextOwner() throws IOException {
		BufferScope scope = new BufferScope(this.pool);
		OutputStream out = new PooledBufferedOutputStream(scope.acquire(16), this.target);
		out.write(bytes("mine"));
		scope.close();
		try (PooledBuffer next = this.pool.acquire(16)) {
			next.copyIn(0, bytes("secret of another"), 0, 16);
			assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> out.write('x'))
				.withMessageContaining("the request or scope that owned it has ended");
			assertThatExceptionOfType(LeaseException.class).isThrownBy(out::close);
			assertThat(next.toString(StandardCharsets.UTF_8)).isEqualTo("secret of anothe");
		}
		assertThat(this.target.calls).containsExactly("close");
	}

	@Test
	void bufferOfNoBytesIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> stream(0)).withMessageContaining("'size'");
		try (PooledBuffer none = this.pool.acquire(0)) {
			assertThatIllegalArgumentException().isThrownBy(() -> new PooledBufferedOutputStream(none, this.target));
			assertThat(none.isAlive()).isTrue();
		}
	}

	interface Call {

		void run() throws IOException;

	}

	/**
	 * Writes down what it is asked for.
	 */
	private static final class Target extends OutputStream {

		private final List<String> calls = new ArrayList<>();

		private Exception failure;

		@Override
		public void write(int value) {
			throw new AssertionError("Several bytes should be written at once");
		}

		@Override
		public void write(byte[] source, int offset, int length) throws IOException {
			if (this.failure instanceof IOException ex) {
				throw ex;
			}
			if (this.failure instanceof RuntimeException ex) {
				throw ex;
			}
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			bytes.write(source, offset, length);
			this.calls.add(bytes.toString(StandardCharsets.UTF_8));
		}

		@Override
		public void flush() {
			this.calls.add("flush");
		}

		@Override
		public void close() {
			this.calls.add("close");
		}

	}

}
