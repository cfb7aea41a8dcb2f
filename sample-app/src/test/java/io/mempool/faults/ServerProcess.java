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

package io.mempool.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A {@link FaultServer} in a process of its own, with a small heap.
 */
final class ServerProcess implements AutoCloseable {

	/**
	 * Larger files cannot be written, in kilobytes.
	 */
	static final int LARGEST_FILE = 4096;

	private static final long PATIENCE_SECONDS = 180;

	private final Process process;

	private final List<String> output = new ArrayList<>();

	ServerProcess(Stack stack, boolean virtual, List<String> options, String... properties) throws IOException {
		List<String> command = new ArrayList<>(List.of("bash", "-c", "ulimit -f " + LARGEST_FILE + "; exec \"$@\"",
				"bash", Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx96m", "-XX:+UseG1GC",
				"-Djava.awt.headless=true", "-Dreactor.schedulers.defaultBoundedElasticSize=80"));
		if (Runtime.version().feature() >= 22) {
			command.add("--enable-native-access=ALL-UNNAMED");
		}
		command.addAll(options);
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), FaultServer.class.getName(), stack.name(),
				"spring.threads.virtual.enabled=" + virtual));
		command.addAll(List.of(properties));
		this.process = new ProcessBuilder(command).redirectErrorStream(true).start();
		Thread reader = new Thread(this::collectOutput, "output of the server");
		reader.setDaemon(true);
		reader.start();
	}

	private void collectOutput() {
		try (BufferedReader reader = this.process.inputReader()) {
			for (String line = reader.readLine(); line != null; line = reader.readLine()) {
				synchronized (this.output) {
					this.output.add(line);
					this.output.notifyAll();
				}
			}
		}
		catch (IOException ex) {
			// It has ended
		}
	}

	/**
	 * Wait for a number that it prints.
	 * @param prefix what is printed in front of it
	 */
	int number(String prefix) throws InterruptedException {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
		synchronized (this.output) {
			while (true) {
				for (String line : this.output) {
					if (line.startsWith(prefix + " ")) {
						return Integer.parseInt(line.substring(prefix.length() + 1).strip());
					}
				}
				if (System.nanoTime() > end || !this.process.isAlive()) {
					throw new IllegalStateException(
							"The server did not say '" + prefix + "', but: " + String.join("\n", this.output));
				}
				this.output.wait(100);
			}
		}
	}

	/**
	 * Wait until it has ended.
	 * @return its exit code, -1 if it runs on
	 */
	int exitCode() throws InterruptedException {
		return this.process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) ? this.process.exitValue() : -1;
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
