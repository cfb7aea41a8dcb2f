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

package io.mempool.scope;

import java.io.ByteArrayInputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

import io.mempool.buffer.BufferAllocator;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.ContentReader;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.PooledOutputStream;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.DiscardReason;
import io.mempool.core.LeaseException;
import io.mempool.slice.Slice;
import io.mempool.slice.SlicingAllocator;
import io.mempool.test.CheckLeases;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Buffers and pools of another implementation, which an application wraps around ours.
 */
@CheckLeases(timeout = 0)
class ForeignBufferTests {

	private final BufferPool pool = BufferPool.builder("uploads").tiers(64, 1024).build();

	private final BufferPool foreign = wrap(BufferPool.class, this.pool);

	private final BufferScope scope = new BufferScope(this.pool, 100);

	/**
	 * Delegate all calls, and wrap the buffers that they return.
	 */
	private static <T> T wrap(Class<T> type, T delegate) {
		InvocationHandler handler = (proxy, method, arguments) -> {
			if (method.getName().equals("equals")) {
				return proxy == arguments[0];
			}
			if (type == BufferPool.class && method.isDefault() && method.getParameterCount() == 0) {
				return InvocationHandler.invokeDefault(proxy, method, arguments);
			}
			Object result = invoke(delegate, method, arguments);
			return (result instanceof PooledBuffer buffer) ? wrap(PooledBuffer.class, buffer) : result;
		};
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, handler));
	}

	private static @Nullable Object invoke(Object delegate, Method method, Object @Nullable [] arguments)
			throws Throwable {
		try {
			return method.invoke(delegate, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
	}

	private long leased() {
		return this.pool.statistics().leased();
	}

	@Test
	void scopeReleasesABufferThatItAdopted() {
		PooledBuffer buffer = this.scope.adopt(this.foreign.acquire(10));
		assertThat(this.scope.remaining()).isEqualTo(90);
		this.scope.close();
		assertThat(buffer.isAlive()).isFalse();
		assertThat(this.pool.statistics().idle()).isOne();
	}

	@Test
	void scopeReleasesABufferThatItAcquired() {
		PooledBuffer buffer = this.scope.acquire(this.foreign, 10);
		assertThat(this.scope.size()).isOne();
		this.scope.close();
		assertThat(buffer.isAlive()).isFalse();
		assertThat(leased()).isZero();
	}

	@Test
	void scopeThatIsAbandonedDiscardsABuffer() {
		this.scope.adopt(this.foreign.acquire(10));
		this.scope.abandon();
		assertThat(this.pool.statistics().discardedBy()).containsOnlyKeys(DiscardReason.IN_DOUBT);
		assertThat(leased()).isZero();
	}

	@Test
	void scopeKeepsItsLimit() {
		PooledBuffer buffer = this.foreign.acquire(200);
		assertThatExceptionOfType(SizeLimitExceededException.class).isThrownBy(() -> this.scope.adopt(buffer));
		assertThat(buffer.isAlive()).as("the caller still owns it").isTrue();
		buffer.release();
	}

	@Test
	void scopeDetachesABuffer() {
		PooledBuffer buffer = this.scope.adopt(this.foreign.acquire(10));
		assertThat(this.scope.detach(buffer)).isSameAs(buffer);
		this.scope.close();
		assertThat(buffer.isAlive()).isTrue();
		buffer.release();
	}

	@Test
	void scopeAdoptsABufferOnce() {
		PooledBuffer buffer = this.scope.adopt(this.foreign.acquire(10));
		assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> this.scope.adopt(buffer));
		this.scope.close();
	}

	@Test
	void sliceHasTheBytesAndTheReferenceOfABuffer() {
		PooledBuffer buffer = this.foreign.acquire(3);
		buffer.copyIn(0, new byte[] { 1, 2, 3 }, 0, 3);
		Slice slice = Slice.of(buffer);
		Slice retained = slice.retain();
		slice.release();
		assertThat(buffer.isAlive()).isFalse();
		assertThat(retained.byteBuffer().get(2)).isEqualTo((byte) 3);
		retained.release();
		assertThat(leased()).isZero();
	}

	@Test
	void scopeThatIsAbandonedDiscardsASliceOfABuffer() {
		this.scope.adopt(Slice.of(this.foreign.acquire(10)));
		this.scope.abandon();
		assertThat(this.pool.statistics().discardedBy()).containsOnlyKeys(DiscardReason.IN_DOUBT);
	}

	@Test
	void allocatorCarvesAreasOfAPool() {
		try (SlicingAllocator allocator = new SlicingAllocator(this.foreign, 0, 1024)) {
			Slice slice = allocator.allocate(10);
			assertThat(slice.size()).isEqualTo(10);
			slice.release();
		}
		assertThat(leased()).isZero();
	}

	@Test
	void allocatorHoldsABufferOfAPool() {
		try (BufferAllocator allocator = this.foreign.allocator()) {
			assertThat(allocator.allocate(10)).isSameAs(allocator.buffer());
			assertThat(leased()).isOne();
		}
		assertThat(leased()).isZero();
	}

	@Test
	void streamRefusesAPoolByTheNameOfTheCall() {
		PooledOutputStream stream = this.foreign.outputStream();
		assertThatIllegalArgumentException().isThrownBy(() -> stream.write(7))
			.withMessageStartingWith("Cannot write to an output stream of pool 'uploads': it is a ")
			.withMessageContaining("another implementation");
		assertThat(leased()).isZero();
	}

	@Test
	void readerRefusesAPoolByTheNameOfTheCall() {
		ContentReader reader = new ContentReader(this.foreign, -1, 1000);
		assertThatIllegalArgumentException().isThrownBy(() -> reader.read(new ByteArrayInputStream(new byte[10])))
			.withMessageStartingWith("Cannot read content into pool 'uploads': it is a ")
			.withMessageContaining("another implementation");
		assertThat(leased()).isZero();
	}

}
