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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.mempool.autoconfigure.MempoolAutoConfiguration;
import io.mempool.autoconfigure.MempoolScopeAutoConfiguration;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.DiscardReason;
import io.mempool.core.UnitOfWork;
import io.mempool.scope.BufferScope;
import io.mempool.scope.BufferScopes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Methods whose calls have scopes.
 */
class PooledScopeTests {

	private static final int SIZE = 100;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class, TaskExecutionAutoConfiguration.class,
				TaskSchedulingAutoConfiguration.class, MempoolAutoConfiguration.class,
				MempoolScopeAutoConfiguration.class))
		.withPropertyValues("mempool.pools.reports.tiers=1KB", "mempool.leak-detection=paranoid",
				"spring.task.execution.pool.core-size=1")
		.withUserConfiguration(Configured.class);

	private void run(Check check) {
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed();
			BufferPool pool = context.getBean("default", BufferPool.class);
			check.on(context.getBean(Jobs.class), pool);
			await().atMost(Duration.ofSeconds(20)).until(() -> pool.statistics().leased() == 0);
			assertThat(BufferScopes.find()).isNull();
		});
	}

	private static long inDoubt(BufferPool pool) {
		return pool.statistics().discardedBy().getOrDefault(DiscardReason.IN_DOUBT, 0L);
	}

	@Test
	void memoryGoesBackWhenTheMethodReturns() {
		run((jobs, pool) -> {
			assertThat(jobs.run()).isEqualTo(1);
			assertThat(pool.statistics().idle()).isEqualTo(1);
		});
	}

	@Test
	void memoryGoesBackWhenTheMethodThrows() {
		run((jobs, pool) -> {
			assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(jobs::fail);
			assertThat(pool.statistics().idle()).isEqualTo(1);
		});
	}

	@Test
	void leaseIsNamedAfterTheMethod() {
		run((jobs, pool) -> assertThat(jobs.work(pool)).isEqualTo(new UnitOfWork("Jobs.work", null)));
	}

	@Test
	void poolIsTheOneThatTheAnnotationNames() {
		this.runner.run((context) -> {
			BufferPool reports = context.getBean("reports", BufferPool.class);
			assertThat(context.getBean(Jobs.class).leasedOf(reports)).isEqualTo(1);
			assertThat(reports.statistics().idle()).isEqualTo(1);
		});
	}

	@Test
	void poolThatDoesNotExistIsNamed() {
		run((jobs, pool) -> assertThatIllegalStateException().isThrownBy(jobs::ofNoPool)
			.withMessageContaining("Cannot open a scope for Jobs.ofNoPool: @PooledScope(\"nowhere\") names no pool")
			.withMessageContaining("Define 'mempool.pools.nowhere'"));
	}

	@Test
	void annotationOfATypeIsThatOfItsMethods() {
		this.runner.run((context) -> {
			assertThat(context.getBean(Listener.class).receive()).isEqualTo(1);
			assertThat(context.getBean("reports", BufferPool.class).statistics().idle()).isEqualTo(1);
		});
	}

	@Test
	void nestedCallHasAScopeOfItsOwnThatEndsFirst() {
		this.runner.run((context) -> {
			Listener listener = context.getBean(Listener.class);
			assertThat(context.getBean(Jobs.class).nested(listener)).isTrue();
		});
	}

	@Test
	void taskOfTheScopeKeepsTheMemoryOfTheMethod() {
		run((jobs, pool) -> {
			List<Runnable> queue = new ArrayList<>();
			PooledBuffer buffer = jobs.handOver(queue::add);
			assertThat(buffer.isAlive()).isTrue();
			queue.get(0).run();
			assertThat(buffer.isAlive()).isFalse();
		});
	}

	@Test
	void memoryOfAStageGoesBackWhenItCompletes() {
		run((jobs, pool) -> {
			CompletableFuture<String> done = new CompletableFuture<>();
			CompletionStage<String> stage = jobs.stage(done);
			assertThat(pool.statistics().leased()).isEqualTo(1);
			done.complete("done");
			assertThat(stage).isCompletedWithValue("done");
			assertThat(pool.statistics().idle()).isEqualTo(1);
		});
	}

	@Test
	void memoryOfAStageThatFailsIsNotLentAgain() {
		run((jobs, pool) -> {
			CompletableFuture<String> done = new CompletableFuture<>();
			jobs.stage(done);
			done.completeExceptionally(new UnsupportedOperationException("as asked"));
			assertThat(inDoubt(pool)).isEqualTo(1);
		});
	}

	@Test
	void memoryOfAStageThatIsCancelledIsNotLentAgain() {
		run((jobs, pool) -> {
			jobs.stage(new CompletableFuture<>()).toCompletableFuture().cancel(true);
			assertThat(inDoubt(pool)).isEqualTo(1);
		});
	}

	@Test
	void methodThatReturnsNoStageEndsAtOnce() {
		run((jobs, pool) -> {
			assertThat(jobs.stage(null)).isNull();
			assertThat(pool.statistics().idle()).isEqualTo(1);
		});
	}

	@Test
	void publisherWithoutSubscriptionHasNoScope() {
		run((jobs, pool) -> {
			jobs.mono(Mono.just("a"));
			jobs.flux(Flux.just("a"));
			assertThat(pool.statistics().acquisitions()).isZero();
		});
	}

	@Test
	void eachSubscriptionHasAScopeThatEndsWithIt() {
		run((jobs, pool) -> {
			Sinks.Many<String> sink = Sinks.many().multicast().onBackpressureBuffer();
			Flux<String> flux = jobs.flux(sink.asFlux());
			AtomicReference<@Nullable String> last = new AtomicReference<>();
			flux.subscribe(last::set);
			assertThat(pool.statistics().leased()).isEqualTo(1);
			flux.subscribe();
			assertThat(pool.statistics().leased()).isEqualTo(2);
			sink.tryEmitNext("a");
			assertThat(last).hasValue("a");
			sink.tryEmitComplete();
			assertThat(pool.statistics().leased()).isZero();
			assertThat(pool.statistics().idle()).isEqualTo(2);
		});
	}

	@Test
	void monoEndsWithItsValue() {
		run((jobs, pool) -> {
			assertThat(jobs.mono(Mono.just("a")).block()).isEqualTo("a");
			assertThat(pool.statistics().idle()).isEqualTo(1);
		});
	}

	@Test
	void memoryOfASubscriptionThatFailsOrIsCancelledIsNotLentAgain() {
		run((jobs, pool) -> {
			assertThatExceptionOfType(UnsupportedOperationException.class)
				.isThrownBy(() -> jobs.mono(Mono.error(new UnsupportedOperationException("as asked"))).block());
			assertThat(inDoubt(pool)).isEqualTo(1);
			jobs.flux(Flux.never()).subscribe().dispose();
			assertThat(inDoubt(pool)).isEqualTo(2);
		});
	}

	@Test
	void contextOfASubscriptionReachesTheMethod() {
		run((jobs,
				pool) -> assertThat(jobs.mono(Mono.deferContextual((context) -> Mono.just(context.<String>get("user"))))
					.contextWrite((context) -> context.put("user", "ann"))
					.block()).isEqualTo("ann"));
	}

	@Test
	void asynchronousMethodHasItsScopeInTheThreadOfTheExecutor() {
		run((jobs, pool) -> {
			assertThat(jobs.async().get(20, TimeUnit.SECONDS)).startsWith("task-");
			await().atMost(Duration.ofSeconds(20)).until(() -> pool.statistics().idle() == 1);
		});
	}

	@Test
	void scheduledMethodHasAScope() {
		this.runner.withUserConfiguration(Scheduling.class).run((context) -> {
			ScheduledJob job = context.getBean(ScheduledJob.class);
			await().atMost(Duration.ofSeconds(20)).until(() -> job.thread() != null);
			assertThat(job.thread()).startsWith("scheduling-");
			BufferPool pool = context.getBean("default", BufferPool.class);
			await().atMost(Duration.ofSeconds(20)).until(() -> pool.statistics().idle() == 1);
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void methodsOnVirtualThreadsHaveScopes() {
		this.runner.withPropertyValues("spring.threads.virtual.enabled=true").run((context) -> {
			BufferPool pool = context.getBean("default", BufferPool.class);
			Jobs jobs = context.getBean(Jobs.class);
			List<CompletableFuture<String>> calls = new ArrayList<>();
			for (int i = 0; i < 200; i++) {
				calls.add(jobs.async());
			}
			for (CompletableFuture<String> call : calls) {
				assertThat(call.get(20, TimeUnit.SECONDS)).startsWith("task-");
			}
			await().atMost(Duration.ofSeconds(20)).until(() -> pool.statistics().leased() == 0);
			assertThat(pool.statistics().acquisitions()).isGreaterThanOrEqualTo(200);
		});
	}

	@Test
	void beansWithoutTheAnnotationAreNotProxied() {
		this.runner.run((context) -> assertThat(AopUtils.isAopProxy(context.getBean(Plain.class))).isFalse());
	}

	@Test
	void advisorOfTheApplicationReplacesIt() {
		this.runner.withUserConfiguration(OtherAdvisor.class)
			.run((context) -> assertThat(context).hasSingleBean(PooledScopeAdvisor.class)
				.getBean(PooledScopeAdvisor.class)
				.isSameAs(context.getBean("mine")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.aop.auto=false", "spring.aop.proxy-target-class=false" })
	void applicationStartsHoweverProxiesAreMade(String property) {
		this.runner.withPropertyValues(property).run((context) -> assertThat(context).hasNotFailed());
	}

	private interface Check {

		void on(Jobs jobs, BufferPool pool) throws Exception;

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	static class Configured {

		@Bean
		Jobs jobs() {
			return new Jobs();
		}

		@Bean
		Listener listener() {
			return new Listener();
		}

		@Bean
		Plain plain() {
			return new Plain();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableScheduling
	static class Scheduling {

		@Bean
		ScheduledJob job() {
			return new ScheduledJob();
		}

	}

	static class ScheduledJob {

		private final AtomicReference<@Nullable String> thread = new AtomicReference<>();

		@PooledScope
		@Scheduled(fixedDelay = 3_600_000)
		void run() {
			BufferScopes.current().acquire(SIZE);
			this.thread.set(Thread.currentThread().getName());
		}

		@Nullable String thread() {
			return this.thread.get();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherAdvisor {

		@Bean
		static PooledScopeAdvisor mine() {
			return new PooledScopeAdvisor((name) -> BufferPool.builder(name).build());
		}

	}

	static class Plain {

		void call() {
		}

	}

	@PooledScope("reports")
	static class Listener {

		int receive() {
			BufferScopes.current().acquire(SIZE);
			return BufferScopes.current().size();
		}

		BufferScope scope() {
			return BufferScopes.current();
		}

	}

	static class Jobs {

		@PooledScope
		int run() {
			BufferScopes.current().acquire(SIZE);
			return BufferScopes.current().size();
		}

		@PooledScope
		void fail() {
			BufferScopes.current().acquire(SIZE);
			throw new UnsupportedOperationException("as asked");
		}

		@PooledScope
		@Nullable UnitOfWork work(BufferPool pool) {
			BufferScopes.current().acquire(SIZE);
			return pool.openLeases().get(0).work();
		}

		@PooledScope("reports")
		long leasedOf(BufferPool pool) {
			BufferScopes.current().acquire(SIZE);
			return pool.statistics().leased();
		}

		@PooledScope("nowhere")
		void ofNoPool() {
		}

		@PooledScope
		boolean nested(Listener listener) {
			BufferScope outer = BufferScopes.current();
			BufferScope inner = listener.scope();
			return inner != outer && inner.isClosed() && BufferScopes.current() == outer && !outer.isClosed();
		}

		@PooledScope
		PooledBuffer handOver(Executor executor) {
			PooledBuffer buffer = BufferScopes.current().acquire(SIZE);
			BufferScopes.current().submit(executor, (Runnable) () -> buffer.copyIn(0, new byte[] { 1 }, 0, 1));
			return buffer;
		}

		@PooledScope
		@Nullable CompletionStage<String> stage(@Nullable CompletableFuture<String> done) {
			BufferScopes.current().acquire(SIZE);
			return done;
		}

		@PooledScope
		Mono<String> mono(Mono<String> source) {
			BufferScopes.current().acquire(SIZE);
			return source;
		}

		@PooledScope
		Flux<String> flux(Flux<String> source) {
			BufferScopes.current().acquire(SIZE);
			return source;
		}

		@Async
		@PooledScope
		CompletableFuture<String> async() {
			BufferScopes.current().acquire(SIZE);
			return CompletableFuture.completedFuture(Thread.currentThread().getName());
		}

	}

}
