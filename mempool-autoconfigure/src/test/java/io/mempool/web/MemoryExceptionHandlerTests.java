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

package io.mempool.web;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolExhaustedException;
import io.mempool.scope.QuotaExceededException;
import io.mempool.spring.ResponseBodyTooLargeException;
import io.mempool.testing.ProvokesOutput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AssignableTypeFilter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.method.annotation.ExceptionHandlerMethodResolver;
import org.springframework.web.server.ResponseStatusException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link MemoryExceptionHandler}.
 */
@ProvokesOutput
class MemoryExceptionHandlerTests {

	private static final String MAX_BODY_SIZE = "mempool.request.max-body-size";

	private final BufferPool pool = BufferPool.builder("uploads")
		.tiers(4096)
		.limit(8400)
		.policy(ExhaustionPolicy.FAIL)
		.build();

	private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

	private final Logger logger = (Logger) LoggerFactory.getLogger(MemoryExceptionHandler.class);

	private final AtomicLong now = new AtomicLong();

	private final MemoryExceptionHandler handler = new MemoryExceptionHandler(
			new RequestSettings(() -> this.pool, 1000, 500), this.now::get);

	// Applications that were started before leave the log as they had it
	@BeforeEach
	void listen() {
		this.logger.getLoggerContext().resetTurboFilterList();
		this.logger.setLevel(Level.INFO);
		this.appender.start();
		this.logger.addAppender(this.appender);
	}

	@AfterEach
	void listenNoMore() {
		this.logger.detachAppender(this.appender);
	}

	private String logged() {
		return this.appender.list.stream().map(ILoggingEvent::getFormattedMessage).collect(Collectors.joining("\n"));
	}

	@Test
	void acquireThatMaySucceedLaterIsAnsweredWith503() {
		this.pool.acquire(4096);
		this.pool.acquire(4096);
		ResponseEntity<ProblemDetail> response = respond(exhausted(4096));
		assertThat(response.getStatusCode().value()).isEqualTo(503);
		assertThat(response.getHeaders().getFirst(HttpHeaders.RETRY_AFTER)).isEqualTo("1");
		assertThat(properties(response)).containsEntry("pool", "uploads")
			.containsEntry("property", "mempool.pools.uploads.limit");
	}

	@Test
	void acquireThatCanNeverSucceedIsAnsweredWith500AndNoAdviceToTryAgain() {
		ResponseEntity<ProblemDetail> response = respond(exhausted(8500));
		assertThat(response.getStatusCode().value()).isEqualTo(500);
		assertThat(response.getHeaders().getFirst(HttpHeaders.RETRY_AFTER)).isNull();
		assertThat(properties(response)).containsEntry("pool", "uploads")
			.containsEntry("property", "mempool.pools.uploads.limit");
	}

	@Test
	void bodyOverItsLimitIsAnsweredWith413ThatNamesPoolAndProperty() {
		ResponseEntity<ProblemDetail> response = respond(tooLarge());
		assertThat(response.getStatusCode().value()).isEqualTo(413);
		assertThat(properties(response)).containsEntry("pool", "uploads").containsEntry("property", MAX_BODY_SIZE);
	}

	@Test
	void responseOfAnotherServiceOverItsLimitIsAnsweredWith502ThatNamesPoolAndProperty() {
		ResponseEntity<ProblemDetail> response = respond(
				new ResponseBodyTooLargeException(501, 500, "answers", "mempool.clients.max-body-size", null));
		assertThat(response.getStatusCode().value()).isEqualTo(502);
		assertThat(properties(response)).containsEntry("pool", "answers")
			.containsEntry("property", "mempool.clients.max-body-size");
	}

	@Test
	void requestOverItsLimitIsAnsweredWith500ThatNamesPoolAndProperty() {
		ResponseEntity<ProblemDetail> response = respond(new SizeLimitExceededException("too much", 1000));
		assertThat(response.getStatusCode().value()).isEqualTo(500);
		assertThat(properties(response)).containsEntry("pool", "uploads")
			.containsEntry("property", "mempool.request.limit");
	}

	@Test
	void limitOfTheApplicationIsNotTakenForThatOfRequests() {
		assertThat(properties(respond(new SizeLimitExceededException("too much", 77)))).isEmpty();
	}

	@Test
	void refusalIsLoggedOnceAMinuteWithPoolAndProperty() {
		respond(exhausted(8500));
		respond(exhausted(8500));
		this.now.addAndGet(Duration.ofSeconds(59).toNanos());
		respond(exhausted(8500));
		assertThat(logged()).containsOnlyOnce("Answered 500, pool 'uploads', property 'mempool.pools.uploads.limit'");
		this.now.addAndGet(Duration.ofSeconds(1).toNanos());
		respond(exhausted(8500));
		assertThat(logged()).contains("and 2 more since the last report");
	}

	@Test
	void refusalsOfOtherKindsAreLoggedToo() {
		respond(exhausted(8500));
		respond(new SizeLimitExceededException("too much", 1000));
		respond(tooLarge());
		assertThat(logged()).contains("Answered 500, pool 'uploads', property 'mempool.pools.uploads.limit'")
			.contains("Answered 500, pool 'uploads', property 'mempool.request.limit': too much")
			.contains("Answered 413, pool 'uploads', property 'mempool.request.max-body-size'");
	}

	@ParameterizedTest
	@CsvSource({ "/thrown, 503", "/wrapped, 503", "/status, 429", "/annotated, 429" })
	void statusThatTheApplicationGivesStays(String path, int status) {
		this.pool.acquire(4096);
		this.pool.acquire(4096);
		MockMvcTester mvc = MockMvcTester.of(List.of(new Controller(exhausted(4096))),
				(builder) -> builder.setControllerAdvice(this.handler).build());
		assertThat(mvc.get().uri(path)).hasStatus(status);
		WebTestClient.bindToController(new Controller(exhausted(4096)))
			.controllerAdvice(this.handler)
			.build()
			.get()
			.uri(path)
			.exchange()
			.expectStatus()
			.isEqualTo(status);
	}

	private ResponseEntity<ProblemDetail> respond(Exception failure) {
		ResponseEntity<ProblemDetail> response = this.handler.respondTo(failure);
		assertThat(response).isNotNull();
		return response;
	}

	private static Map<String, Object> properties(ResponseEntity<ProblemDetail> response) {
		ProblemDetail problem = response.getBody();
		assertThat(problem).isNotNull();
		Map<String, Object> properties = problem.getProperties();
		return (properties != null) ? properties : Map.of();
	}

	private static RequestBodyTooLargeException tooLarge() {
		return new RequestBodyTooLargeException(500, "uploads", MAX_BODY_SIZE, null);
	}

	private PoolExhaustedException exhausted(int size) {
		return catchThrowableOfType(PoolExhaustedException.class, () -> this.pool.acquire(size));
	}

	@Test
	void filtersAnswerEachErrorAsControllersDo() throws Exception {
		this.pool.acquire(4096);
		this.pool.acquire(4096);
		List<Exception> errors = List.of(new RequestBodyTooLargeException(10),
				new ResponseBodyTooLargeException(11, 10, "uploads", "mempool.clients.max-body-size", null),
				catchThrowableOfType(PoolExhaustedException.class, () -> this.pool.acquire(4096)),
				new SizeLimitExceededException("too large", 10),
				new QuotaExceededException("used up", "uploads", "mempool.request.quota", 10, 10));
		assertThat(errors).extracting((error) -> error.getClass().getName())
			.containsExactlyInAnyOrderElementsOf(namesOfHandledErrors());
		ExceptionHandlerMethodResolver ofControllers = new ExceptionHandlerMethodResolver(MemoryExceptionHandler.class);
		for (Exception error : errors) {
			assertThat(this.handler.respondTo(error)).as(error.getClass().getName())
				.usingRecursiveComparison()
				.isEqualTo(ofControllers.resolveMethod(error).invoke(this.handler, error));
		}
	}

	// Those that the annotation names, and all of their kind
	private static Set<String> namesOfHandledErrors() {
		ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
		for (Method method : MemoryExceptionHandler.class.getDeclaredMethods()) {
			ExceptionHandler annotation = method.getAnnotation(ExceptionHandler.class);
			Stream.of((annotation != null) ? annotation.value() : new Class<?>[0])
				.forEach((type) -> scanner.addIncludeFilter(new AssignableTypeFilter(type)));
		}
		return scanner.findCandidateComponents("io.mempool")
			.stream()
			.map(BeanDefinition::getBeanClassName)
			.collect(Collectors.toSet());
	}

	@RestController
	static class Controller {

		private final PoolExhaustedException cause;

		Controller(PoolExhaustedException cause) {
			this.cause = cause;
		}

		@GetMapping("/thrown")
		void thrown() {
			throw this.cause;
		}

		@GetMapping("/wrapped")
		void wrapped() {
			throw new IllegalStateException(this.cause);
		}

		@GetMapping("/status")
		void status() {
			throw new ResponseStatusException(HttpStatus.TOO_MANY_REQUESTS, "busy", this.cause);
		}

		@GetMapping("/annotated")
		void annotated() {
			throw new BusyException(this.cause);
		}

	}

	@ResponseStatus(HttpStatus.TOO_MANY_REQUESTS)
	static class BusyException extends RuntimeException {

		BusyException(Throwable cause) {
			super(cause);
		}

	}

}
