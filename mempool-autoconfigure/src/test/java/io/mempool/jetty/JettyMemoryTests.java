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

package io.mempool.jetty;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import io.mempool.buffer.BufferPool;
import io.mempool.testing.ProvokesOutput;
import org.eclipse.jetty.server.Connector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jetty.JettyWebServer;
import org.springframework.boot.jetty.reactive.JettyReactiveWebServerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Jetty's connectors with pooled memory, in each protocol: all content arrives intact,
 * and nothing is leased once the connections are idle or gone.
 */
@ProvokesOutput
class JettyMemoryTests {

	private static final String PASSWORD = "changeit";

	@TempDir
	private static Path folder;

	private static SSLContext trust;

	private static ConfigurableApplicationContext plain;

	private static ConfigurableApplicationContext tls;

	@BeforeAll
	static void start() throws Exception {
		Path keys = folder.resolve("keys.p12");
		createKeys(keys);
		trust = trust(keys);
		plain = run(JettyMemoryApplication.class, WebApplicationType.SERVLET, "server.http2.enabled=true");
		tls = run(JettyMemoryApplication.class, WebApplicationType.SERVLET, "server.http2.enabled=true",
				"server.ssl.bundle=test", "spring.ssl.bundle.jks.test.keystore.location=" + keys.toUri(),
				"spring.ssl.bundle.jks.test.keystore.password=" + PASSWORD,
				"spring.ssl.bundle.jks.test.key.alias=test");
	}

	private static ConfigurableApplicationContext run(Class<?> application, WebApplicationType type,
			String... properties) {
		List<String> arguments = new ArrayList<>(List.of("--mempool.jetty.enabled=true", "--server.port=0"));
		for (String property : properties) {
			arguments.add("--" + property);
		}
		return new SpringApplicationBuilder(application).web(type).run(arguments.toArray(String[]::new));
	}

	private static void createKeys(Path keys) throws Exception {
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", "test", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=dns:localhost",
				"-storetype", "PKCS12", "-keystore", keys.toString(), "-storepass", PASSWORD)
			.redirectErrorStream(true)
			.start();
		byte[] output = keytool.getInputStream().readAllBytes();
		assertThat(keytool.waitFor()).as(new String(output, StandardCharsets.UTF_8)).isZero();
	}

	private static SSLContext trust(Path keys) throws Exception {
		KeyStore store = KeyStore.getInstance("PKCS12");
		try (InputStream in = Files.newInputStream(keys)) {
			store.load(in, PASSWORD.toCharArray());
		}
		KeyStore trusted = KeyStore.getInstance("PKCS12");
		trusted.load(null, null);
		trusted.setCertificateEntry("test", store.getCertificate("test"));
		TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		managers.init(trusted);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, managers.getTrustManagers(), null);
		return context;
	}

	@AfterAll
	static void stop() {
		plain.close();
		tls.close();
	}

	@AfterEach
	void everythingIsBack() {
		assertBack(plain);
		assertBack(tls);
	}

	private static void assertBack(ConfigurableApplicationContext context) {
		for (String name : new String[] { "jetty-heap", "jetty-direct" }) {
			BufferPool pool = context.getBean(name, BufferPool.class);
			await().pollDelay(Duration.ZERO)
				.atMost(Duration.ofSeconds(8))
				.untilAsserted(() -> assertThat(pool.statistics().leased()).as(name).isZero());
			assertThat(pool.statistics().leaked()).isZero();
			assertThat(pool.statistics().doubleReleases()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource
	void contentIsIntactWhenManyDownloadAndUploadAtOnce(Protocol protocol) throws Exception {
		long before = acquisitions(protocol.context());
		exchange(protocol, 4, 8);
		assertThat(acquisitions(protocol.context())).isGreaterThan(before);
	}

	@ParameterizedTest
	@EnumSource
	void limitThatIsReachedFailsNoConnection(Protocol protocol) throws Exception {
		BufferPool direct = protocol.context().getBean("jetty-direct", BufferPool.class);
		BufferPool heap = protocol.context().getBean("jetty-heap", BufferPool.class);
		direct.trim();
		direct.update((settings) -> settings.limit(2000));
		heap.update((settings) -> settings.limit(2000));
		try {
			long before = direct.statistics().exhausted() + heap.statistics().exhausted();
			exchange(protocol, 3, 3);
			assertThat(direct.statistics().exhausted() + heap.statistics().exhausted()).isGreaterThan(before);
			assertThat(direct.statistics().leasedBytes()).isLessThanOrEqualTo(2000);
		}
		finally {
			direct.update((settings) -> settings.limit(Long.MAX_VALUE));
			heap.update((settings) -> settings.limit(Long.MAX_VALUE));
		}
	}

	private static long acquisitions(ConfigurableApplicationContext context) {
		BufferPool direct = context.getBean("jetty-direct", BufferPool.class);
		return direct.statistics().hits() + direct.statistics().misses();
	}

	// Each thread sends contents of its own, and compares what comes back
	private static void exchange(Protocol protocol, int threads, int count) throws Exception {
		HttpClient client = protocol.client();
		// On a connection without TLS, HTTP/2 begins with an answer to HTTP/1
		assertThat(send(client, protocol.request("/download/1").build()).version()).isEqualTo(protocol.version);
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Callable<Void>> tasks = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				Random random = new Random(i);
				tasks.add(() -> {
					for (int j = 0; j < count; j++) {
						byte[] content = new byte[random.nextInt(random.nextBoolean() ? 9000 : 200_000)];
						random.nextBytes(content);
						HttpRequest request = protocol.request("/echo")
							.POST(BodyPublishers.ofByteArray(content))
							.build();
						HttpResponse<byte[]> response = send(client, request);
						assertThat(response.statusCode()).isEqualTo(200);
						assertThat(response.version()).isEqualTo(protocol.version);
						assertThat(response.body()).isEqualTo(content);
					}
					return null;
				});
			}
			for (Future<Void> task : executor.invokeAll(tasks)) {
				task.get();
			}
		}
		finally {
			executor.shutdown();
		}
	}

	private static HttpResponse<byte[]> send(HttpClient client, HttpRequest request) throws Exception {
		return client.send(request, BodyHandlers.ofByteArray());
	}

	@ParameterizedTest
	@EnumSource
	void clientThatCancelsWhileItReads(Protocol protocol) throws Exception {
		HttpClient client = protocol.client();
		for (int i = 0; i < 2; i++) {
			HttpResponse<InputStream> response = client.send(protocol.request("/download/9000000").build(),
					BodyHandlers.ofInputStream());
			assertThat(response.body().readNBytes(10_000)).hasSize(10_000);
			response.body().close();
		}
	}

	@ParameterizedTest
	@EnumSource
	void clientThatCancelsWhileItSends(Protocol protocol) throws Exception {
		HttpClient client = protocol.client();
		CountDownLatch paused = new CountDownLatch(1);
		CountDownLatch cancelled = new CountDownLatch(1);
		InputStream content = new InputStream() {

			private int count;

			@Override
			public int read() throws IOException {
				if (++this.count == 100_000) {
					paused.countDown();
					try {
						cancelled.await(20, TimeUnit.SECONDS);
					}
					catch (InterruptedException ex) {
						throw new IOException(ex);
					}
				}
				return 'x';
			}

		};
		CompletableFuture<?> response = client.sendAsync(
				protocol.request("/echo").POST(BodyPublishers.ofInputStream(() -> content)).build(),
				BodyHandlers.discarding());
		assertThat(paused.await(20, TimeUnit.SECONDS)).isTrue();
		response.cancel(true);
		cancelled.countDown();
	}

	@ParameterizedTest
	@EnumSource(names = { "HTTP", "TLS" })
	void clientThatHangsUpAtEachStage(Protocol protocol) throws Exception {
		String head = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n";
		for (boolean reset : new boolean[] { false, true }) {
			for (String sent : new String[] { "", "POST /ec", head, head + "x".repeat(50_000),
					head + "x".repeat(100_000), "GET /download/9000000 HTTP/1.1\r\nHost: localhost\r\n\r\n" }) {
				Socket socket = new Socket("localhost", protocol.port());
				Socket secured = protocol.secured(socket);
				secured.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
				if (sent.startsWith("GET")) {
					assertThat(secured.getInputStream().readNBytes(5000)).hasSize(5000);
				}
				hangUp(socket, reset);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "HTTP", "TLS" })
	void clientThatHangsUpBeforeTheProtocolIsAgreedOn(Protocol protocol) throws Exception {
		String preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
		String settings = "\0\0\0\4\0\0\0\0\0";
		String record = "\26\3\1\2\0\1\0\1";
		for (boolean reset : new boolean[] { false, true }) {
			for (String sent : new String[] { preface, preface + settings, preface + settings + "\0\0\7", record,
					"garbage\r\n\r\n" }) {
				Socket socket = new Socket("localhost", protocol.port());
				socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
				hangUp(socket, reset);
			}
		}
	}

	// By FIN, or by RST
	private static void hangUp(Socket socket, boolean reset) throws IOException {
		if (reset) {
			socket.setSoLinger(true, 0);
		}
		socket.close();
	}

	@Test
	void requestInFlightIsAnsweredWhenTheServerShutsDownGracefullyAndNothingIsLeasedThen() throws Exception {
		ConfigurableApplicationContext context = run(JettyMemoryApplication.class, WebApplicationType.SERVLET,
				"server.shutdown=graceful");
		BufferPool direct = context.getBean("jetty-direct", BufferPool.class);
		JettyMemoryApplication.entered.set(new CountDownLatch(1));
		JettyMemoryApplication.proceed.set(new CountDownLatch(1));
		CompletableFuture<HttpResponse<String>> response = HttpClient.newHttpClient()
			.sendAsync(HttpRequest.newBuilder(URI.create("http://localhost:" + port(context) + "/slow")).build(),
					BodyHandlers.ofString());
		assertThat(JettyMemoryApplication.entered.get().await(20, TimeUnit.SECONDS)).isTrue();
		CompletableFuture<Void> closed = CompletableFuture.runAsync(context::close);
		JettyMemoryApplication.proceed.get().countDown();
		assertThat(response.get(20, TimeUnit.SECONDS).body()).isEqualTo("done");
		closed.get(20, TimeUnit.SECONDS);
		assertThat(direct.statistics().hits() + direct.statistics().misses()).isPositive();
		assertThat(direct.statistics().leased()).isZero();
		assertThat(direct.statistics().doubleReleases()).isZero();
	}

	@Test
	void serverThatWasStoppedAndStartedAgainUsesThePools() throws Exception {
		tls.stop();
		tls.start();
		long before = acquisitions(tls);
		assertThat(send(Protocol.H2.client(), Protocol.H2.request("/download/10000").build()).body()).hasSize(10_000);
		assertThat(acquisitions(tls)).isGreaterThan(before);
	}

	@Test
	void reactiveServerUsesThePoolsToo() throws Exception {
		try (ConfigurableApplicationContext context = run(ReactiveApplication.class, WebApplicationType.REACTIVE)) {
			byte[] content = new byte[100_000];
			new Random(1).nextBytes(content);
			HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port(context) + "/echo"))
				.POST(BodyPublishers.ofByteArray(content))
				.build();
			assertThat(send(HttpClient.newHttpClient(), request).body()).isEqualTo(content);
			assertThat(acquisitions(context)).isPositive();
			assertBack(context);
		}
	}

	@Test
	void connectorsHaveThePool() {
		assertThat(plain.getBeansOfType(PooledByteBufferPool.class)).hasSize(1);
		PooledByteBufferPool pool = plain.getBean(PooledByteBufferPool.class);
		JettyWebServer server = (JettyWebServer) ((WebServerApplicationContext) plain).getWebServer();
		assertThat(server.getServer().getConnectors()).extracting(Connector::getByteBufferPool).containsExactly(pool);
	}

	private static int port(ConfigurableApplicationContext context) {
		return ((WebServerApplicationContext) context).getWebServer().getPort();
	}

	enum Protocol {

		HTTP(false, HttpClient.Version.HTTP_1_1), H2C(false, HttpClient.Version.HTTP_2),

		TLS(true, HttpClient.Version.HTTP_1_1), H2(true, HttpClient.Version.HTTP_2);

		private final boolean secure;

		private final HttpClient.Version version;

		Protocol(boolean secure, HttpClient.Version version) {
			this.secure = secure;
			this.version = version;
		}

		ConfigurableApplicationContext context() {
			return this.secure ? tls : plain;
		}

		int port() {
			return JettyMemoryTests.port(context());
		}

		HttpClient client() {
			return HttpClient.newBuilder().sslContext(trust).version(this.version).build();
		}

		HttpRequest.Builder request(String path) {
			String scheme = this.secure ? "https" : "http";
			return HttpRequest.newBuilder(URI.create(scheme + "://localhost:" + port() + path))
				.timeout(Duration.ofSeconds(30));
		}

		Socket secured(Socket socket) throws IOException {
			return this.secure ? trust.getSocketFactory().createSocket(socket, "localhost", port(), true) : socket;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class ReactiveApplication {

		@Bean
		JettyReactiveWebServerFactory webServerFactory() {
			return new JettyReactiveWebServerFactory();
		}

		@Bean
		RouterFunction<ServerResponse> echo() {
			return RouterFunctions.route()
				.POST("/echo",
						(request) -> request.bodyToMono(byte[].class)
							.flatMap((body) -> ServerResponse.ok().bodyValue(body)))
				.build();
		}

	}

}
