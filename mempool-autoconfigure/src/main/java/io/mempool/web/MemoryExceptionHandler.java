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

import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.PoolExhaustedException;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/**
 * Turns errors of memory into problem documents, after every handler of the application.
 * Details stay in the log: they are the operator's business, not the client's.
 *
 * @since 0.1.0
 */
@ControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
public final class MemoryExceptionHandler {

	private static final String RETRY_AFTER_SECONDS = "1";

	@ExceptionHandler
	ResponseEntity<ProblemDetail> handle(RequestBodyTooLargeException ex) {
		return problem(HttpStatus.CONTENT_TOO_LARGE, "The body exceeds " + ex.getLimit() + " bytes.").build();
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> handle(PoolExhaustedException ex) {
		return problem(HttpStatus.SERVICE_UNAVAILABLE, "Memory is short at the moment. Try again.")
			.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
			.build();
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> handle(SizeLimitExceededException ex) {
		return problem(HttpStatus.INTERNAL_SERVER_ERROR, "The request needs more memory than it may hold.").build();
	}

	private static ResponseEntity.HeadersBuilder<?> problem(HttpStatus status, String detail) {
		return ResponseEntity.of(ProblemDetail.forStatusAndDetail(status, detail));
	}

}
