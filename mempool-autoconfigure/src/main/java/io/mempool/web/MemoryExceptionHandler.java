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

import java.util.function.LongSupplier;

import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.Obstacle;
import io.mempool.core.PoolExhaustedException;
import io.mempool.scope.QuotaExceededException;
import io.mempool.scope.ScopeQuota;
import io.mempool.spring.ResponseBodyTooLargeException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * Turns errors of memory into problem documents, after every handler of the application.
 * A document names the pool and the property that limits it. Details are for the
 * operator: they stay in the log, once a minute for each kind.
 *
 * @since 0.1.0
 */
@ControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
public final class MemoryExceptionHandler {

	private static final String RETRY_AFTER_SECONDS = "1";

	private final @Nullable RequestSettings settings;

	private final RefusalLog log;

	/**
	 * Create the handler.
	 */
	public MemoryExceptionHandler() {
		this(null, System::nanoTime);
	}

	/**
	 * Create the handler.
	 * @param settings what requests may hold, which errors name
	 */
	public MemoryExceptionHandler(RequestSettings settings) {
		this(settings, System::nanoTime);
	}

	MemoryExceptionHandler(@Nullable RequestSettings settings, LongSupplier clock) {
		this.settings = settings;
		this.log = new RefusalLog(clock);
	}

	/**
	 * Return the response to a failure whose cause is memory, unless the application has
	 * given it a status of its own. Spring calls it for what is caused by these types as
	 * well.
	 * @param thrown what a handler threw
	 */
	@ExceptionHandler({ PoolExhaustedException.class, SizeLimitExceededException.class })
	ResponseEntity<ProblemDetail> handle(Exception thrown) throws Exception {
		if (!hasStatus(thrown)) {
			for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
				ResponseEntity<ProblemDetail> response = respondTo(cause);
				if (response != null) {
					return response;
				}
			}
		}
		// Spring goes on as if this method were not there
		throw thrown;
	}

	private static boolean hasStatus(Exception thrown) {
		// Subclasses are Spring's, for bodies that cannot be read
		return thrown.getClass() == ResponseStatusException.class
				|| AnnotatedElementUtils.hasAnnotation(thrown.getClass(), ResponseStatus.class);
	}

	/**
	 * Return the response to a failure, for handlers that Spring does not call by the
	 * type of an exception.
	 * @param failure what failed
	 * @return the response, {@code null} unless the failure is one of memory
	 */
	public @Nullable ResponseEntity<ProblemDetail> respondTo(Throwable failure) {
		if (failure instanceof RequestBodyTooLargeException ex) {
			return answer(ex);
		}
		if (failure instanceof ResponseBodyTooLargeException ex) {
			return answer(ex);
		}
		if (failure instanceof QuotaExceededException ex) {
			return answer(ex);
		}
		if (failure instanceof PoolExhaustedException ex) {
			return answer(ex);
		}
		return (failure instanceof SizeLimitExceededException ex) ? answer(ex) : null;
	}

	private ResponseEntity<ProblemDetail> answer(RequestBodyTooLargeException ex) {
		return refuse(new Refusal(HttpStatus.CONTENT_TOO_LARGE, ex.getPool(), ex.getProperty()),
				"The body exceeds " + ex.getLimit() + " bytes.", ex)
			.build();
	}

	private ResponseEntity<ProblemDetail> answer(ResponseBodyTooLargeException ex) {
		return refuse(new Refusal(HttpStatus.BAD_GATEWAY, ex.getPool(), ex.getProperty()),
				"A response of another service exceeds " + ex.getLimit() + " bytes.", ex)
			.build();
	}

	private ResponseEntity<ProblemDetail> answer(PoolExhaustedException ex) {
		Obstacle obstacle = ex.getObstacle();
		String property = (obstacle != null) ? obstacle.property() : null;
		if (ex.isPermanent()) {
			return refuse(new Refusal(HttpStatus.INTERNAL_SERVER_ERROR, ex.getPool(), property),
					"The request needs more memory than its pool may ever lend.", ex)
				.build();
		}
		return refuse(new Refusal(HttpStatus.SERVICE_UNAVAILABLE, ex.getPool(), property),
				"Memory is short at the moment. Try again.", ex)
			.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
			.build();
	}

	// Neither the key nor what is held, which may be about other clients
	private ResponseEntity<ProblemDetail> answer(QuotaExceededException ex) {
		Obstacle obstacle = ex.getObstacle();
		return refuse(
				new Refusal(HttpStatus.SERVICE_UNAVAILABLE, null, (obstacle != null) ? obstacle.property() : null),
				"Requests like this one use all memory that they may hold together. Try again later.", ex)
			.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
			.build();
	}

	private ResponseEntity<ProblemDetail> answer(SizeLimitExceededException ex) {
		return refuse(refusal(ex), "The request needs more memory than it may hold.", ex).build();
	}

	private Refusal refusal(SizeLimitExceededException ex) {
		RequestSettings settings = this.settings;
		ScopeQuota quota = (settings != null) ? settings.quota() : null;
		if (quota != null && ex.getLimit() == quota.limit()) {
			return new Refusal(HttpStatus.INTERNAL_SERVER_ERROR, null, quota.property());
		}
		return (settings != null && ex.getLimit() == settings.limit()) ? new Refusal(HttpStatus.INTERNAL_SERVER_ERROR,
				settings.pool().get().name(), RequestSettings.LIMIT_PROPERTY)
				: new Refusal(HttpStatus.INTERNAL_SERVER_ERROR, null, null);
	}

	private ResponseEntity.HeadersBuilder<?> refuse(Refusal refusal, String detail, Exception cause) {
		this.log.report(refusal, cause);
		return ResponseEntity.of(refusal.problem(detail));
	}

}
