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

package io.mempool.benchmark;

import java.util.concurrent.TimeUnit;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.scope.BufferScope;
import io.mempool.web.servlet.RequestBuffers;
import io.mempool.web.servlet.RequestScopeFilter;
import io.mempool.web.servlet.RequestScopes;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletRequest;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What the scope of a request adds to an acquire, and the filter to a request that
 * acquires nothing. The requests are Tomcat's.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class ScopeBenchmark {

	private static final int SIZE = 16 * 1024;

	// So many that opening and closing a scope count for little
	private static final int ACQUIRES = 64;

	private final BufferPool pool = Subjects.pool(SIZE);

	private final RequestScopes scopes = new RequestScopes(() -> this.pool, Long.MAX_VALUE, Integer.MAX_VALUE);

	private final RequestScopeFilter filter = new RequestScopeFilter(this.scopes);

	private final ServletRequest request = new Request(new Connector(), new org.apache.coyote.Request()).getRequest();

	private final PooledBuffer[] buffers = new PooledBuffer[ACQUIRES];

	private final FilterChain idle = (request, response) -> {
	};

	private final FilterChain acquiring = (request, response) -> {
		RequestBuffers buffers = this.scopes.of(request);
		for (int i = 0; i < ACQUIRES; i++) {
			this.buffers[i] = buffers.acquire(SIZE);
		}
	};

	@TearDown
	public void close() {
		this.pool.close();
	}

	/**
	 * The base: acquire from the pool, and release by hand in the order of a scope.
	 */
	@Benchmark
	@OperationsPerInvocation(ACQUIRES)
	public void pool() {
		for (int i = 0; i < ACQUIRES; i++) {
			this.buffers[i] = this.pool.acquire(SIZE);
		}
		for (int i = ACQUIRES - 1; i >= 0; i--) {
			this.buffers[i].release();
		}
	}

	@Benchmark
	@OperationsPerInvocation(ACQUIRES)
	public void scope() {
		try (BufferScope scope = new BufferScope(this.pool)) {
			for (int i = 0; i < ACQUIRES; i++) {
				this.buffers[i] = scope.acquire(SIZE);
			}
		}
	}

	@Benchmark
	@OperationsPerInvocation(ACQUIRES)
	public void request() throws Exception {
		this.filter.doFilter(this.request, null, this.acquiring);
	}

	@Benchmark
	public void requestWithoutAcquire() throws Exception {
		this.filter.doFilter(this.request, null, this.idle);
	}

	/**
	 * The base of that: the same request without the filter.
	 */
	@Benchmark
	public void chain(Blackhole blackhole) throws Exception {
		this.idle.doFilter(this.request, null);
	}

}
