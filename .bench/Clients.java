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

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;

import com.sun.management.ThreadMXBean;
import com.sun.net.httpserver.HttpServer;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBodyHandlers;
import io.mempool.buffer.PooledBuffer;
import io.mempool.spring.PooledBufferClientConverter;
import io.mempool.web.servlet.RequestBuffers;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.JettyClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

/**
 * Bodies of 1 MiB in clients: a server, clients that count their bytes, and a proxy.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@RestController
class Clients {

	private static final int SIZE = 1024 * 1024;

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final RestClient client;

	Clients(RestClient.Builder builder, Environment environment) {
		this.client = builder.baseUrl(environment.getRequiredProperty("upstream")).build();
	}

	public static void main(String[] args) throws Exception {
		switch (args[0]) {
			case "serve" -> serve();
			case "measure" -> measure(args[1], Integer.parseInt(args[2]));
			default -> new SpringApplicationBuilder(Clients.class).properties("upstream=" + args[1],
					"spring.main.banner-mode=off", "server.port=0",
					"spring.http.clients.imperative.factory=" + args[2])
				.run();
		}
	}

	// The server

	private static void serve() throws IOException {
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		byte[] file = new byte[SIZE];
		server.setExecutor(Executors.newCachedThreadPool());
		server.createContext("/", (exchange) -> {
			boolean post = exchange.getRequestMethod().equals("POST");
			exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
			exchange.sendResponseHeaders(post ? 204 : 200, post ? -1 : SIZE);
			if (!post) {
				exchange.getResponseBody().write(file);
			}
			exchange.close();
		});
		server.start();
		System.out.println("Port " + server.getAddress().getPort() + " ");
	}

	// The clients: one line for each, with the bytes of heap of one exchange

	private static void measure(String uri, int count) throws Exception {
		BufferPool pool = BufferPool.builder("answers").powersOfTwo(4096, 2 * SIZE).build();
		Map<String, ClientHttpRequestFactory> factories = new LinkedHashMap<>();
		factories.put("simple", new SimpleClientHttpRequestFactory());
		factories.put("http-components", new HttpComponentsClientHttpRequestFactory());
		factories.put("jetty", new JettyClientHttpRequestFactory());
		// Threads that stay, to be counted
		factories.put("jdk",
				new JdkClientHttpRequestFactory(HttpClient.newHttpClient(), Executors.newCachedThreadPool()));
		byte[] bytes = new byte[SIZE];
		try (PooledBuffer sent = pool.acquire(SIZE)) {
			for (Map.Entry<String, ClientHttpRequestFactory> factory : factories.entrySet()) {
				RestClient client = RestClient.builder()
					.baseUrl(uri)
					.requestFactory(factory.getValue())
					.configureMessageConverters((converters) -> converters.registerDefaults()
						.addCustomConverter(new PooledBufferClientConverter(pool, SIZE)))
					.build();
				print(factory.getKey(), "get", count, () -> client.get().retrieve().body(byte[].class),
						() -> client.get().retrieve().body(PooledBuffer.class).close());
				print(factory.getKey(), "post", count,
						() -> client.post().body(bytes).retrieve().toBodilessEntity(),
						() -> client.post().body(sent).retrieve().toBodilessEntity());
			}
		}
		HttpClient client = HttpClient.newHttpClient();
		HttpRequest request = HttpRequest.newBuilder(URI.create(uri)).build();
		print("java.net.http.HttpClient", "get", count, () -> client.send(request, BodyHandlers.ofByteArray()),
				() -> client.send(request, PooledBodyHandlers.ofPooledBuffer(pool, SIZE)).body().close());
		if (pool.statistics().leased() > 0) {
			throw new IllegalStateException(pool.statistics().leased() + " buffers are leased");
		}
		System.exit(0);
	}

	private static void print(String client, String method, int count, Exchange plain, Exchange pooled)
			throws Exception {
		// The first are the warm-up
		for (int run = 0; run < 2; run++) {
			long bytesPlain = bytes(count, plain);
			long bytesPooled = bytes(count, pooled);
			if (run == 1) {
				System.out.println(client + "\t" + method + "\t" + bytesPlain + "\t" + bytesPooled);
			}
		}
	}

	private static long bytes(int count, Exchange exchange) throws Exception {
		long before = allocated();
		for (int i = 0; i < count; i++) {
			exchange.run();
		}
		return (allocated() - before) / count;
	}

	private static long allocated() {
		return LongStream.of(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds()))
			.filter((bytes) -> bytes > 0)
			.sum();
	}

	private interface Exchange {

		void run() throws Exception;

	}

	// The proxy

	@EventListener
	void started(WebServerInitializedEvent event) {
		System.out.println("Port " + event.getWebServer().getPort() + " ");
	}

	@RequestMapping("/plain")
	byte[] plain() {
		return this.client.get().retrieve().body(byte[].class);
	}

	@RequestMapping("/pooled")
	PooledBuffer pooled(RequestBuffers buffers) {
		PooledBuffer body = this.client.get().retrieve().body(PooledBuffer.class);
		try {
			return buffers.adopt(body);
		}
		catch (RuntimeException ex) {
			body.close();
			throw ex;
		}
	}

}
