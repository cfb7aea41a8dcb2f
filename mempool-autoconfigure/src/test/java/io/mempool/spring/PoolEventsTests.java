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

package io.mempool.spring;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

import io.mempool.autoconfigure.MempoolAutoConfiguration;
import io.mempool.autoconfigure.MempoolEventsAutoConfiguration;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.DiscardReason;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.Leak;
import io.mempool.core.LeakKind;
import io.mempool.core.PoolExhaustedException;
import io.mempool.core.PoolListener;
import io.mempool.object.ObjectPool;
import io.mempool.object.PooledObject;
import io.mempool.testing.Garbage;
import io.mempool.testing.ProvokesOutput;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Application events of pools.
 */
@ProvokesOutput
class PoolEventsTests {

	private static final int SIZE = 1024;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MempoolAutoConfiguration.class, MempoolEventsAutoConfiguration.class))
		.withPropertyValues("mempool.pools.uploads.tiers=1KB", "mempool.pools.uploads.max-total=1",
				"mempool.pools.uploads.policy=fail", "mempool.leak-detection=paranoid")
		.withUserConfiguration(Listeners.class);

	private static void exhaust(BufferPool pool, int times) {
		try (PooledBuffer buffer = pool.acquire(SIZE)) {
			for (int i = 0; i < times; i++) {
				assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> pool.acquire(buffer.size()));
			}
		}
	}

	private static void awaitEvents(List<?> events, int count) {
		await().atMost(Duration.ofSeconds(20)).until(() -> events.size() >= count);
	}

	@Test
	void refusedAcquireIsAnEvent() {
		this.runner.run((context) -> {
			exhaust(context.getBean("uploads", BufferPool.class), 1);
			Listeners listeners = context.getBean(Listeners.class);
			awaitEvents(listeners.exhausted, 1);
			assertThat(listeners.exhausted).containsExactly(new PoolExhaustedEvent("uploads", 1, SIZE));
			assertThat(listeners.threads).allMatch("mempool-housekeeping"::equals);
		});
	}

	@Test
	void stormOfRefusalsIsAFewEventsThatTellTheSum() {
		this.runner.run((context) -> {
			exhaust(context.getBean("uploads", BufferPool.class), 10_000);
			Listeners listeners = context.getBean(Listeners.class);
			await().atMost(Duration.ofSeconds(20))
				.until(() -> listeners.exhausted.stream().mapToLong(PoolExhaustedEvent::refusals).sum() == 10_000);
			assertThat(listeners.exhausted).hasSizeLessThan(100);
		});
	}

	@Test
	void trimmedMemoryIsAnEvent() {
		this.runner.run((context) -> {
			BufferPool pool = context.getBean("uploads", BufferPool.class);
			pool.acquire(SIZE).release();
			long bytes = pool.trim();
			Listeners listeners = context.getBean(Listeners.class);
			awaitEvents(listeners.trimmed, 1);
			assertThat(listeners.trimmed)
				.containsExactly(new PoolTrimmedEvent("uploads", DiscardReason.TRIMMED, bytes));
		});
	}

	@Test
	void leakIsAnEvent() {
		this.runner.run((context) -> {
			lose(context.getBean("uploads", BufferPool.class));
			Listeners listeners = context.getBean(Listeners.class);
			Garbage.collectUntil(() -> !listeners.leaks.isEmpty());
			assertThat(listeners.leaks).singleElement().satisfies((event) -> {
				assertThat(event.leak().pool()).isEqualTo("uploads");
				assertThat(event.leak().kind()).isEqualTo(LeakKind.COLLECTED);
			});
		});
	}

	private static void lose(BufferPool pool) {
		pool.acquire(SIZE).isAlive();
	}

	@Test
	void poolsOfObjectsHaveEventsToo() {
		this.runner.run((context) -> {
			ObjectPool<?> pool = context.getBean("builders", ObjectPool.class);
			try (PooledObject<?> object = pool.acquire()) {
				assertThat(object.isAlive()).isTrue();
				assertThat(pool.tryAcquire()).isNull();
			}
			pool.trim();
			Listeners listeners = context.getBean(Listeners.class);
			awaitEvents(listeners.trimmed, 1);
			assertThat(listeners.exhausted).containsExactly(new PoolExhaustedEvent("builders", 1, 0));
			assertThat(listeners.trimmed).containsExactly(new PoolTrimmedEvent("builders", DiscardReason.TRIMMED, 1));
		});
	}

	@Test
	void listenerThatFailsHarmsNothing() {
		this.runner.withUserConfiguration(FailingListener.class).run((context) -> {
			BufferPool pool = context.getBean("uploads", BufferPool.class);
			exhaust(pool, 1);
			pool.trim();
			Listeners listeners = context.getBean(Listeners.class);
			awaitEvents(listeners.trimmed, 1);
			try (PooledBuffer buffer = pool.acquire(SIZE)) {
				assertThat(buffer.isAlive()).isTrue();
			}
		});
	}

	@Test
	void listenerOfTheApplicationReplacesThePublisher() {
		this.runner.withUserConfiguration(OtherPublisher.class)
			.run((context) -> assertThat(context).hasSingleBean(PoolEventPublisher.class)
				.getBean(PoolEventPublisher.class)
				.isSameAs(context.getBean("mine")));
	}

	@Test
	void closedContextHearsNoMoreOfAPoolThatOutlivesIt() {
		BufferPool outliving = BufferPool.builder("outliving").tiers(SIZE).build();
		AtomicReference<Listeners> closed = new AtomicReference<>();
		this.runner
			.withBean("outliving", BufferPool.class, () -> outliving,
					(definition) -> ((AbstractBeanDefinition) definition).setDestroyMethodName(""))
			.run((context) -> closed.set(context.getBean(Listeners.class)));
		List<String> heard = new CopyOnWriteArrayList<>();
		outliving.addListener(new PoolListener() {

			@Override
			public void trimmed(String pool, DiscardReason reason, long bytes) {
				heard.add(pool);
			}

		});
		outliving.acquire(SIZE).release();
		outliving.trim();
		awaitEvents(heard, 1);
		assertThat(heard).containsExactly("outliving");
		assertThat(closed.get().trimmed).isEmpty();
	}

	@Test
	void poolWithoutListenersTellsNothing() {
		BufferPool pool = BufferPool.builder("quiet").tiers(SIZE).build();
		List<String> heard = new CopyOnWriteArrayList<>();
		PoolListener listener = new PoolListener() {

			@Override
			public void leaked(Leak leak) {
				heard.add("leak");
			}

			@Override
			public void trimmed(String pool, DiscardReason reason, long bytes) {
				heard.add(pool);
			}

		};
		pool.addListener(listener);
		pool.removeListener(listener);
		pool.acquire(SIZE).release();
		pool.trim();
		pool.addListener(listener);
		pool.acquire(SIZE).release();
		pool.trim();
		awaitEvents(heard, 1);
		assertThat(heard).containsExactly("quiet");
	}

	@Configuration(proxyBeanMethods = false)
	static class Listeners {

		final List<PoolExhaustedEvent> exhausted = new CopyOnWriteArrayList<>();

		final List<PoolTrimmedEvent> trimmed = new CopyOnWriteArrayList<>();

		final List<PoolLeakEvent> leaks = new CopyOnWriteArrayList<>();

		final List<String> threads = new CopyOnWriteArrayList<>();

		@EventListener
		@Order(2)
		void on(PoolExhaustedEvent event) {
			this.threads.add(Thread.currentThread().getName());
			this.exhausted.add(event);
		}

		@EventListener
		@Order(2)
		void on(PoolTrimmedEvent event) {
			this.trimmed.add(event);
		}

		@EventListener
		@Order(2)
		void on(PoolLeakEvent event) {
			this.leaks.add(event);
		}

		@Bean
		ObjectPool<StringBuilder> builders() {
			return ObjectPool.builder("builders", StringBuilder::new)
				.maxIdle(1)
				.maxTotal(1)
				.policy(ExhaustionPolicy.FAIL)
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FailingListener {

		@EventListener
		@Order(1)
		void on(PoolExhaustedEvent event) {
			throw new UnsupportedOperationException("as asked");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherPublisher {

		@Bean
		PoolEventPublisher mine(ApplicationEventPublisher events) {
			return new PoolEventPublisher(events);
		}

	}

}
