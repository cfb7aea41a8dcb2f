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

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

import io.mempool.buffer.BufferPool;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * Searches the memory of a whole process, and its heap dumps, for what went through every
 * path of pooled memory. Each path has a secret of its own. This process makes them and
 * sends them masked, so that the other one has them in pooled memory only. The second
 * test shows that the search finds them.
 */
@Tag("slow")
class SecretsTests {

	private static final int LENGTH = 40_000;

	private static final int SECRET = 32;

	private static final List<String> PATHS = List.of("argument", "body", "early", "stream", "slices", "copies",
			"object", "replay", "kept", "part", "data-buffer", "client", "task", "beyond-the-tiers", "closed-pool",
			"off-heap");

	private static final String IN_DOUBT = "in-doubt";

	private final Map<String, byte[]> secrets = new LinkedHashMap<>();

	private final HttpClient client = HttpClient.newHttpClient();

	@TempDir
	private Path directory;

	private Process process;

	private int port;

	@ParameterizedTest
	@ValueSource(strings = { "standard", "quarantine", "revoke" })
	void nothingOfASecretIsLeftOnceItsRequestHasEnded(String protection) throws Exception {
		assumeThat(protection.equals("revoke") && Runtime.version().feature() < 22)
			.as("memory whose views are revoked needs Java 22")
			.isFalse();
		Found found = search("on-release", protection);
		assertThat(found.inMemory()).isEmpty();
		assertThat(found.inDump()).isEmpty();
		assertThat(found.inLiveDump()).isEmpty();
	}

	@Test
	void searchFindsTheSecretOfEachPathWhereNothingIsCleared() throws Exception {
		Found found = search("never", "standard");
		assertThat(found.inMemory()).containsAll(PATHS);
		assertThat(found.inDump()).containsAll(PATHS.subList(0, PATHS.size() - 1));
	}

	private Found search(String clear, String protection) throws Exception {
		assumeThat(Path.of("/proc/self/mem")).exists();
		start(clear, protection);
		try {
			for (String path : PATHS) {
				send(path);
				await().pollInterval(Duration.ofMillis(10)).until(() -> "0".equals(post("/leased", new byte[0])));
				post("/trim", new byte[0]);
			}
			Set<String> inMemory = searchMemory();
			send(IN_DOUBT);
			Set<String> inDump = searchDump(false);
			Set<String> inLiveDump = searchDump(true);
			// Not cleared, as its owner may still use it, and left to the collector
			assertThat(inLiveDump).doesNotContain(IN_DOUBT);
			inDump.remove(IN_DOUBT);
			System.out.println("clear: " + clear + ", protection: " + protection + ", Java "
					+ Runtime.version().feature() + ": " + PATHS.size() + " secrets; found in memory " + inMemory
					+ ", in a heap dump " + inDump + ", in a dump of live objects " + inLiveDump);
			return new Found(inMemory, inDump, inLiveDump);
		}
		finally {
			this.process.destroyForcibly().waitFor();
		}
	}

	private void start(String clear, String protection) throws IOException {
		// Views of memory on the heap cannot be revoked
		String ofHeap = protection.equals("revoke") ? "standard" : protection;
		Path file = this.directory.resolve("port");
		this.process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				// No collection copies what a request holds
				"-Xms400m", "-Xmx400m", "-Xmn300m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classPath(),
				SecretsApplication.class.getName(), file.toString(), "--server.port=0",
				"--spring.main.web-application-type=servlet", "--mempool.defaults.clear=" + clear,
				"--mempool.pools.default.tiers=1KB,64KB", "--mempool.pools.native.tiers=64KB",
				"--mempool.pools.native.memory=off-heap", "--mempool.protection=" + ofHeap,
				"--mempool.pools.native.protection=" + protection, "--logging.level.root=warn")
			.redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("output").toFile())
			.start();
		await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(file) || !this.process.isAlive());
		assertThat(this.process.isAlive()).as(() -> output()).isTrue();
		this.port = Integer.parseInt(Files.readString(file));
	}

	// With the classes for this JVM, which only a jar finds by itself
	private static String classPath() {
		String path = System.getProperty("java.class.path");
		String own = BufferPool.class.getProtectionDomain().getCodeSource().getLocation().getPath();
		return (Runtime.version().feature() >= 22)
				? Path.of(own, "META-INF", "versions", "22") + File.pathSeparator + path : path;
	}

	private String output() {
		try {
			return Files.readString(this.directory.resolve("output"));
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	private void send(String path) throws IOException, InterruptedException {
		byte[] secret = new byte[SECRET];
		new Random(PATHS.indexOf(path) + 1).nextBytes(secret);
		this.secrets.put(path, secret);
		byte[] masked = new byte[LENGTH];
		for (int i = 0; i < LENGTH; i++) {
			masked[i] = (byte) (secret[i % secret.length] ^ SecretsApplication.MASK);
		}
		post("/" + path, path.equals("part") ? multipart(masked) : masked);
	}

	private static byte[] multipart(byte[] content) throws IOException {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		out.write(("--limit\r\nContent-Disposition: form-data; name=\"part\"; filename=\"a\"\r\n"
				+ "Content-Type: application/octet-stream\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII));
		out.write(content);
		out.write("\r\n--limit--\r\n".getBytes(StandardCharsets.US_ASCII));
		return out.toByteArray();
	}

	private String post(String path, byte[] body) throws IOException, InterruptedException {
		HttpResponse<String> response = this.client
			.send(HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path))
				.header("Content-Type",
						path.equals("/part") ? "multipart/form-data; boundary=limit" : "application/octet-stream")
				.POST(BodyPublishers.ofByteArray(body))
				.build(), BodyHandlers.ofString());
		assertThat(response.statusCode()).as(() -> path + ": " + response.body() + output()).isEqualTo(200);
		return response.body();
	}

	private Set<String> searchDump(boolean live) throws IOException, InterruptedException {
		Path dump = this.directory.resolve("live-" + live + ".hprof");
		post("/dump?live=" + live + "&file=" + dump, new byte[0]);
		Set<String> found = new TreeSet<>();
		try (RandomAccessFile file = new RandomAccessFile(dump.toFile(), "r")) {
			search(file, 0, file.length(), found);
		}
		return found;
	}

	// Of the Java heap and of everything else that the process can write
	private Set<String> searchMemory() throws IOException {
		Set<String> found = new TreeSet<>();
		Path proc = Path.of("/proc", String.valueOf(this.process.pid()));
		try (RandomAccessFile memory = new RandomAccessFile(proc.resolve("mem").toFile(), "r")) {
			for (String mapping : Files.readAllLines(proc.resolve("maps"))) {
				String[] columns = mapping.split("[ -]", 4);
				if (columns[2].startsWith("rw")) {
					search(memory, Long.parseLong(columns[0], 16), Long.parseLong(columns[1], 16), found);
				}
			}
		}
		return found;
	}

	private void search(RandomAccessFile file, long start, long end, Set<String> found) throws IOException {
		byte[] chunk = new byte[1 << 20];
		int overlap = 2 * SECRET;
		List<Map.Entry<String, byte[]>> beginnings = new ArrayList<>(Collections.nCopies(1 << 16, null));
		this.secrets.entrySet().forEach((secret) -> beginnings.set(beginning(secret.getValue(), 0), secret));
		for (long position = start; position < end; position += chunk.length - overlap) {
			file.seek(position);
			int length = read(file, chunk, (int) Math.min(chunk.length, end - position));
			for (int i = 0; i + SECRET <= length; i++) {
				Map.Entry<String, byte[]> candidate = beginnings.get(beginning(chunk, i));
				if (candidate != null && Arrays.equals(chunk, i, i + SECRET, candidate.getValue(), 0, SECRET)) {
					found.add(candidate.getKey());
				}
			}
		}
	}

	private static int read(RandomAccessFile file, byte[] chunk, int length) {
		try {
			int read = 0;
			while (read < length) {
				int more = file.read(chunk, read, length - read);
				if (more < 0) {
					return read;
				}
				read += more;
			}
			return read;
		}
		catch (IOException ex) {
			// Pages that the process may not read itself
			return 0;
		}
	}

	private static int beginning(byte[] bytes, int start) {
		return (bytes[start] & 0xFF) << 8 | bytes[start + 1] & 0xFF;
	}

	private record Found(Set<String> inMemory, Set<String> inDump, Set<String> inLiveDump) {

	}

}
