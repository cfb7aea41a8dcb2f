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

package io.mempool.secrets;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBodyHandlers;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.PooledOutputStream;
import io.mempool.object.ObjectPool;
import io.mempool.slice.Slice;
import io.mempool.spring.PooledDataBufferFactory;
import io.mempool.web.servlet.PooledContentCachingRequest;
import io.mempool.web.servlet.PooledReplayRequest;
import io.mempool.web.servlet.RequestBuffers;
import io.mempool.web.servlet.RequestScopes;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.util.StreamUtils;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.RestController;

/**
 * Takes secrets through every path that memory of ours has. What arrives is masked. Only
 * pooled memory ever holds it unmasked, so that what is found of it anywhere in this
 * process is ours.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(SecretsApplication.Paths.class)
public class SecretsApplication {

	static final int MASK = 0x5A;

	static final int LARGEST = 64 * 1024;

	/**
	 * Run until the process is ended, and write the port to a file.
	 */
	public static void main(String[] args) throws IOException {
		ServletWebServerApplicationContext context = (ServletWebServerApplicationContext) SpringApplication
			.run(SecretsApplication.class, Arrays.copyOfRange(args, 1, args.length));
		Path file = Path.of(args[0]);
		Path written = file.resolveSibling(file.getFileName() + ".tmp");
		Files.writeString(written, String.valueOf(context.getWebServer().getPort()));
		Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
	}

	@Bean
	ObjectPool<byte[]> keys(Environment environment) {
		boolean clears = !"never".equals(environment.getProperty("mempool.defaults.clear"));
		return ObjectPool.builder("keys", () -> new byte[LARGEST])
			.reset((key) -> Arrays.fill(key, 0, clears ? key.length : 0, (byte) 0))
			.build();
	}

	static void unmask(PooledBuffer buffer) {
		for (int i = 0; i < buffer.size(); i++) {
			buffer.put(i, (byte) (buffer.get(i) ^ MASK));
		}
	}

	@RestController
	static class Paths {

		private final BufferPool pool;

		private final BufferPool offHeap;

		private final ObjectPool<byte[]> keys;

		private final RequestScopes scopes;

		private final ExecutorService executor = Executors.newSingleThreadExecutor();

		private final HttpClient client = HttpClient.newHttpClient();

		Paths(@Qualifier("default") BufferPool pool, @Qualifier("native") BufferPool offHeap, ObjectPool<byte[]> keys,
				RequestScopes scopes) {
			this.pool = pool;
			this.offHeap = offHeap;
			this.keys = keys;
			this.scopes = scopes;
		}

		@PostMapping("/argument")
		void argument(@RequestBody PooledBuffer body) {
			unmask(body);
		}

		@PostMapping("/body")
		void body(RequestBuffers buffers) throws IOException {
			unmask(buffers.readBody());
		}

		@PostMapping("/early")
		void early(@RequestBody PooledBuffer body) {
			unmask(body);
			body.release();
		}

		@PostMapping("/stream")
		void stream(@RequestBody PooledBuffer body, RequestBuffers buffers) {
			PooledOutputStream out = buffers.outputStream();
			for (int i = 0; i < body.size(); i++) {
				out.write(body.get(i) ^ MASK);
			}
			out.toBuffer().retain().release();
		}

		@PostMapping("/slices")
		void slices(@RequestBody PooledBuffer body, RequestBuffers buffers) {
			Slice slice = buffers.slicingAllocator().allocate(body.size());
			for (int i = 0; i < body.size(); i++) {
				slice.put(i, (byte) (body.get(i) ^ MASK));
			}
		}

		@PostMapping("/copies")
		void copies(@RequestBody PooledBuffer body, RequestBuffers buffers) {
			unmask(body);
			buffers.acquire(body.size()).copyIn(0, body);
		}

		@PostMapping("/object")
		void object(@RequestBody PooledBuffer body, RequestBuffers buffers) {
			byte[] key = buffers.acquire(this.keys);
			for (int i = 0; i < body.size(); i++) {
				key[i] = (byte) (body.get(i) ^ MASK);
			}
		}

		@PostMapping("/replay")
		void replay(HttpServletRequest request) throws IOException {
			unmask(PooledReplayRequest.of(request, this.scopes).content());
		}

		@PostMapping("/kept")
		void kept(HttpServletRequest request) throws IOException {
			PooledContentCachingRequest caching = PooledContentCachingRequest.of(request, this.scopes);
			StreamUtils.drain(caching.getInputStream());
			unmask(caching.content());
		}

		@PostMapping("/part")
		void part(@RequestPart PooledBuffer part) {
			unmask(part);
		}

		@PostMapping("/data-buffer")
		void dataBuffer(@RequestBody PooledBuffer body) {
			DataBuffer buffer = new PooledDataBufferFactory(this.pool).allocateBuffer(body.size());
			for (int i = 0; i < body.size(); i++) {
				buffer.write((byte) (body.get(i) ^ MASK));
			}
			DataBufferUtils.release(buffer);
		}

		@PostMapping("/echo")
		PooledBuffer echo(@RequestBody PooledBuffer body) {
			return body;
		}

		@PostMapping("/client")
		void client(@RequestBody PooledBuffer body, @RequestHeader String host, RequestBuffers buffers)
				throws IOException, InterruptedException {
			HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + host + "/echo"))
				.header("Content-Type", "application/octet-stream")
				.POST(BodyPublishers.ofByteArray(body.toByteArray()))
				.build();
			unmask(buffers
				.adopt(this.client.send(request, PooledBodyHandlers.ofPooledBuffer(this.pool, LARGEST)).body()));
		}

		@PostMapping("/task")
		void task(@RequestBody PooledBuffer body, RequestBuffers buffers) {
			buffers.submit(this.executor, () -> unmask(body));
		}

		@PostMapping("/beyond-the-tiers")
		void beyondTheTiers(@RequestBody PooledBuffer body, RequestBuffers buffers) {
			PooledBuffer large = buffers.acquire(LARGEST + 1);
			for (int i = 0; i < body.size(); i++) {
				large.put(i, (byte) (body.get(i) ^ MASK));
			}
		}

		@PostMapping("/closed-pool")
		void closedPool(@RequestBody PooledBuffer body) {
			BufferPool closed = BufferPool.builder("closed")
				.tiers(LARGEST)
				.clearing(this.pool.settings().clearing())
				.build();
			try (PooledBuffer buffer = closed.acquire(body.size())) {
				buffer.copyIn(0, body);
				unmask(buffer);
				closed.close();
			}
		}

		@PostMapping("/off-heap")
		void offHeap(@RequestBody PooledBuffer body, RequestBuffers buffers) {
			PooledBuffer buffer = buffers.acquire(this.offHeap, body.size());
			buffer.copyIn(0, body);
			unmask(buffer);
		}

		@PostMapping("/in-doubt")
		void inDoubt(@RequestBody PooledBuffer body) {
			unmask(body);
			body.discard();
		}

		@PostMapping("/trim")
		void trim() {
			this.pool.trim();
			this.offHeap.trim();
		}

		@PostMapping("/leased")
		String leased() {
			return String.valueOf(this.pool.statistics().leased() + this.offHeap.statistics().leased()
					+ this.keys.statistics().leased());
		}

		@PostMapping("/dump")
		void dump(@RequestParam String file, @RequestParam boolean live) throws IOException {
			ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file, live);
		}

	}

}
