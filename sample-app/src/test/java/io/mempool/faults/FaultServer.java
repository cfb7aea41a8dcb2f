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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.mempool.autoconfigure.ObjectPoolBuilderFactory;
import io.mempool.buffer.BufferPool;
import io.mempool.object.ObjectPool;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * The application that faults are driven at, in a process of its own: the sample, with
 * controllers for faults that the sample has no place for. It prints its port, and what
 * its pools held when it was closed.
 */
public final class FaultServer {

	private static final List<String> PROPERTIES = List.of(
			// Pools of each kind, whose figures nothing else changes
			"mempool.pools.uploads.tiers=4KB, 64KB, 256KB, 1MB", "mempool.pools.waiting.tiers=16KB",
			"mempool.pools.waiting.max-total=2", "mempool.pools.waiting.policy=wait",
			"mempool.pools.waiting.max-wait=30s", "mempool.pools.failing.tiers=16KB",
			"mempool.pools.failing.max-total=2", "mempool.pools.failing.policy=fail",
			"mempool.pools.allocating.tiers=16KB", "mempool.pools.allocating.max-total=2",
			"mempool.pools.tuned.tiers=4KB, 16KB", "mempool.pools.tuned.max-idle=8", "mempool.pools.limited.tiers=64KB",
			"mempool.pools.limited.limit=1MB", "mempool.pools.native.tiers=16KB",
			"mempool.pools.native.memory=off-heap", "mempool.budget.heap=16MB", "mempool.budget.off-heap=4MB",
			// What a request may do
			"mempool.protection=standard", "mempool.request.pool=uploads", "mempool.request.limit=6MB",
			"mempool.request.max-body-size=2MB", "management.endpoints.web.exposure.include=mempool",
			"management.endpoint.mempool.access=unrestricted", "spring.servlet.multipart.enabled=true",
			"spring.servlet.multipart.max-file-size=2MB", "spring.servlet.multipart.max-request-size=3MB",
			"spring.webflux.multipart.max-in-memory-size=1MB",
			// More than 64 requests at once, and fewer than the driver opens connections
			"server.port=0", "server.tomcat.threads.max=80", "server.tomcat.max-connections=128",
			"server.tomcat.max-keep-alive-requests=-1", "server.tomcat.connection-timeout=20s",
			"server.jetty.max-connections=128", "spring.lifecycle.timeout-per-shutdown-phase=5s",
			"spring.main.banner-mode=off");

	private FaultServer() {
	}

	/**
	 * Start it.
	 * @param args the stack, and properties to set
	 */
	public static void main(String[] args) throws InterruptedException {
		Stack stack = Stack.of(args[0]);
		List<String> arguments = new ArrayList<>(PROPERTIES);
		arguments.add(stack.property());
		arguments.addAll(List.of(args).subList(1, args.length));
		if (arguments.stream().noneMatch((argument) -> argument.startsWith("logging.level.root="))) {
			arguments.add("logging.level.root=off");
		}
		CountDownLatch closed = new CountDownLatch(1);
		ConfigurableApplicationContext context = new SpringApplicationBuilder(stack.sources()).web(stack.type())
			.registerShutdownHook(false)
			.run(arguments.stream().map((argument) -> "--" + argument).toArray(String[]::new));
		Map<String, BufferPool> pools = context.getBeansOfType(BufferPool.class);
		context.getBean(Probe.class).onShutdown(() -> {
			context.close();
			closed.countDown();
		});
		System.out.println("Port " + ((WebServerApplicationContext) context).getWebServer().getPort() + " ");
		closed.await();
		// Longer than a write may block: Tomcat does not interrupt virtual threads at its
		// stop
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
		while (left(pools) > 0 && System.nanoTime() < end) {
			// Requests that the server no longer waited for
			LockSupport.parkNanos(1_000_000);
		}
		System.out.println("Leased or waiting " + left(pools) + " ");
		// Threads of the application may run on; those of pools and servers must not
		System.exit(0);
	}

	private static long left(Map<String, BufferPool> pools) {
		return pools.values()
			.stream()
			.map(BufferPool::statistics)
			.mapToLong((statistics) -> statistics.leased() + statistics.waiting())
			.sum();
	}

	/**
	 * What every stack has.
	 */
	@Configuration(proxyBeanMethods = false)
	@Import({ Probe.class, Experiments.class })
	static class Shared {

		@Bean
		Watch watch(ObjectProvider<BufferPool> pools) {
			return new Watch(pools);
		}

		@Bean
		Hooks hooks() {
			return new Hooks();
		}

		@Bean
		ObjectPool<Hooks.Hooked> hooked(ObjectPoolBuilderFactory pools, Hooks hooks) {
			return pools.builder("hooked", hooks::create)
				.validation(hooks::validate)
				.reset(hooks::reset)
				.destroy(hooks::destroy)
				.build();
		}

		@Bean(destroyMethod = "shutdownNow")
		ExecutorService producers() {
			return Executors.newCachedThreadPool((task) -> {
				Thread thread = new Thread(task, "producer");
				thread.setDaemon(true);
				// On purpose: what is thrown is what the fault is about
				thread.setUncaughtExceptionHandler((failed, ex) -> {
				});
				return thread;
			});
		}

	}

	/**
	 * Reactor Netty, without the sample.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Netty {

		@Bean
		NettyReactiveWebServerFactory webServerFactory() {
			return new NettyReactiveWebServerFactory();
		}

	}

}
