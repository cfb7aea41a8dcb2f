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

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadInfo;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.VirtualMachine;

/**
 * Runs a command, and prints the last line of its output together with what another JVM
 * did meanwhile: bytes allocated, collections, their milliseconds, and microseconds of
 * processor time.
 * <p>
 * Bytes are summed over threads, each of which counts its own exactly; a virtual thread's
 * are its carrier's. Threads that answer to this program are left out. One that ends
 * meanwhile is missed: the server's end after a minute without work only.
 */
final class Measure {

	private final ThreadMXBean threads;

	private final MemoryMXBean memory;

	private final OperatingSystemMXBean process;

	private final List<GarbageCollectorMXBean> collectors;

	private Measure(MBeanServerConnection server) throws IOException {
		this.threads = ManagementFactory.getPlatformMXBean(server, ThreadMXBean.class);
		this.memory = ManagementFactory.getPlatformMXBean(server, MemoryMXBean.class);
		this.process = ManagementFactory.getPlatformMXBean(server, OperatingSystemMXBean.class);
		this.collectors = ManagementFactory.getPlatformMXBeans(server, GarbageCollectorMXBean.class);
	}

	public static void main(String[] args) throws Exception {
		VirtualMachine machine = VirtualMachine.attach(args[0]);
		String address = machine.startLocalManagementAgent();
		machine.detach();
		try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(address))) {
			String[] command = Arrays.copyOfRange(args, 1, args.length);
			System.out.println(new Measure(connector.getMBeanServerConnection()).during(command));
		}
	}

	private String during(String... command) throws IOException, InterruptedException {
		// Every run begins with an empty young generation
		this.memory.gc();
		Map<Long, Long> allocatedBefore = allocated();
		long collections = sum(GarbageCollectorMXBean::getCollectionCount);
		long milliseconds = sum(GarbageCollectorMXBean::getCollectionTime);
		long nanoseconds = this.process.getProcessCpuTime();
		String line = lastLine(command);
		nanoseconds = this.process.getProcessCpuTime() - nanoseconds;
		milliseconds = sum(GarbageCollectorMXBean::getCollectionTime) - milliseconds;
		collections = sum(GarbageCollectorMXBean::getCollectionCount) - collections;
		long bytes = 0;
		for (Map.Entry<Long, Long> thread : allocated().entrySet()) {
			bytes += thread.getValue() - allocatedBefore.getOrDefault(thread.getKey(), 0L);
		}
		return line + " " + bytes + " " + collections + " " + milliseconds + " " + nanoseconds / 1000;
	}

	private static String lastLine(String... command) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
		String last = "";
		try (BufferedReader output = process.inputReader()) {
			for (String line = output.readLine(); line != null; line = output.readLine()) {
				last = line;
			}
		}
		if (process.waitFor() != 0) {
			throw new IllegalStateException(String.join(" ", command) + " failed");
		}
		return last;
	}

	private Map<Long, Long> allocated() {
		long[] ids = this.threads.getAllThreadIds();
		long[] bytes = this.threads.getThreadAllocatedBytes(ids);
		ThreadInfo[] infos = this.threads.getThreadInfo(ids);
		Map<Long, Long> allocated = new HashMap<>();
		for (int i = 0; i < ids.length; i++) {
			if (infos[i] != null && !infos[i].getThreadName().matches("(RMI|JMX) .*")) {
				allocated.put(ids[i], bytes[i]);
			}
		}
		return allocated;
	}

	private long sum(ToLongFunction<GarbageCollectorMXBean> figure) {
		return this.collectors.stream().mapToLong(figure).sum();
	}

}
