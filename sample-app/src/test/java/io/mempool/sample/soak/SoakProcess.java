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

package io.mempool.sample.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;

/**
 * An application in a process of its own with a small heap, seen from outside: through
 * the operating system and through JMX.
 */
final class SoakProcess implements AutoCloseable {

	static final String HEAP = "128m";

	private static final Duration START = Duration.ofMinutes(5);

	private static final Pattern PORT = Pattern.compile("^Port (\\d+) ", Pattern.MULTILINE);

	private static final Pattern TOTAL = Pattern.compile("^Total: .*committed=(\\d+)KB", Pattern.MULTILINE);

	private static final Pattern CATEGORY = Pattern.compile("^-\\s+([\\w ]+) \\(.*committed=(\\d+)KB",
			Pattern.MULTILINE);

	// The heap, and what the JIT compiler takes while it works, and for its code
	private static final Set<String> OTHERS = Set.of("Java Heap", "Code", "Compiler", "Arena Chunk");

	private final Path log;

	private final Process process;

	private final Path proc;

	private final int port;

	private final int framesPort;

	private final JMXConnector connector;

	private final MBeanServerConnection server;

	private final MemoryMXBean memory;

	private final List<MemoryPoolMXBean> heap;

	/**
	 * Start an application.
	 * @param target what to start
	 * @param jvm further arguments of its JVM
	 * @param log where to write what it prints
	 */
	SoakProcess(SoakTarget target, List<String> jvm, Path log) throws Exception {
		this.log = log;
		this.framesPort = target.frames() ? freePort() : 0;
		this.process = new ProcessBuilder(command(target, jvm, this.framesPort)).redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		try {
			this.proc = Path.of("/proc", Long.toString(this.process.pid()));
			this.port = awaitPort();
			this.connector = JMXConnectorFactory.connect(new JMXServiceURL(managementAddress()));
			this.server = this.connector.getMBeanServerConnection();
			this.memory = ManagementFactory.newPlatformMXBeanProxy(this.server, ManagementFactory.MEMORY_MXBEAN_NAME,
					MemoryMXBean.class);
			this.heap = ManagementFactory.getPlatformMXBeans(this.server, MemoryPoolMXBean.class)
				.stream()
				.filter((pool) -> pool.getType() == MemoryType.HEAP)
				.toList();
		}
		catch (Exception | Error ex) {
			this.process.destroyForcibly();
			throw ex;
		}
	}

	/**
	 * Tell the process that started this one where the application listens.
	 */
	static void tellPort(int port) {
		System.out.println("Port " + port + " ");
	}

	private static List<String> command(SoakTarget target, List<String> jvm, int framesPort) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		// All of the heap is there from the beginning: what is resident more is not heap
		command.addAll(List.of("-Xms" + HEAP, "-Xmx" + HEAP, "-XX:+AlwaysPreTouch", "-XX:NativeMemoryTracking=summary",
				"-XX:+ExitOnOutOfMemoryError"));
		// On epoll, Netty 4.2.17 may stop to read a body, with and without pools
		command.add("-Dreactor.netty.native=false");
		command.addAll(jvm);
		if (Runtime.version().feature() >= 22) {
			command.add("--enable-native-access=ALL-UNNAMED");
		}
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), target.main().getName()));
		target.properties().forEach((property) -> command.add("--" + property));
		if (framesPort > 0) {
			command.add("--sample.frames.port=" + framesPort);
		}
		return command;
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	private int awaitPort() throws IOException, InterruptedException {
		long deadline = System.nanoTime() + START.toNanos();
		while (System.nanoTime() < deadline) {
			Matcher port = PORT.matcher(log());
			if (port.find()) {
				return Integer.parseInt(port.group(1));
			}
			if (this.process.waitFor(100, TimeUnit.MILLISECONDS)) {
				break;
			}
		}
		throw new IllegalStateException("The application did not start:\n" + log());
	}

	private String managementAddress() throws IOException, AttachNotSupportedException {
		VirtualMachine machine = VirtualMachine.attach(Long.toString(this.process.pid()));
		try {
			return machine.startLocalManagementAgent();
		}
		finally {
			machine.detach();
		}
	}

	int port() {
		return this.port;
	}

	int framesPort() {
		return this.framesPort;
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	String log() throws IOException {
		return Files.readString(this.log);
	}

	/**
	 * Return how many bytes are resident.
	 */
	long resident() throws IOException {
		return status("VmRSS") * 1024;
	}

	long threads() throws IOException {
		return status("Threads");
	}

	private long status(String name) throws IOException {
		try (Stream<String> lines = Files.lines(this.proc.resolve("status"))) {
			return lines.filter((line) -> line.startsWith(name + ":"))
				.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")))
				.findFirst()
				.orElseThrow();
		}
	}

	long descriptors() throws IOException {
		try (Stream<Path> descriptors = Files.list(this.proc.resolve("fd"))) {
			return descriptors.count();
		}
	}

	/**
	 * Return how much processor time it took so far, in hundredths of a second.
	 */
	long processorTicks() throws IOException {
		// Behind the name, which may have blanks: state is the first, utime the twelfth
		String stat = Files.readString(this.proc.resolve("stat"));
		String[] values = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
		return Long.parseLong(values[11]) + Long.parseLong(values[12]);
	}

	/**
	 * Return how many bytes of heap were reachable at the end of the last collection.
	 */
	long liveHeap() {
		long live = 0;
		for (MemoryPoolMXBean pool : this.heap) {
			MemoryUsage usage = pool.getCollectionUsage();
			live += (usage != null) ? usage.getUsed() : 0;
		}
		return live;
	}

	/**
	 * Collect all garbage of the heap.
	 */
	void collect() {
		this.memory.gc();
	}

	/**
	 * Return how many bytes the JVM has taken apart from the heap and the JIT compiler,
	 * as its own tracking says.
	 */
	long nativeMemory() {
		try {
			String summary = (String) this.server.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"),
					"vmNativeMemory", new Object[] { new String[] { "summary", "scale=KB" } },
					new String[] { String[].class.getName() });
			long kilobytes = kilobytes(TOTAL, summary);
			Matcher category = CATEGORY.matcher(summary);
			while (category.find()) {
				kilobytes -= OTHERS.contains(category.group(1)) ? Long.parseLong(category.group(2)) : 0;
			}
			return kilobytes * 1024;
		}
		catch (JMException ex) {
			throw new IllegalStateException("The JVM does not track native memory", ex);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static long kilobytes(Pattern pattern, String text) {
		Matcher matcher = pattern.matcher(text);
		if (!matcher.find()) {
			throw new IllegalStateException("Nothing of the form " + pattern + " in:\n" + text);
		}
		return Long.parseLong(matcher.group(1));
	}

	/**
	 * End it as an operator would.
	 * @return whether it ended by itself
	 */
	boolean stop() throws IOException, InterruptedException {
		this.connector.close();
		this.process.destroy();
		return this.process.waitFor(30, TimeUnit.SECONDS);
	}

	@Override
	public void close() {
		try {
			this.connector.close();
		}
		catch (IOException ex) {
			// It has ended
		}
		this.process.destroyForcibly();
	}

}
