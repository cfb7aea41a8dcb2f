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

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/**
 * Why a request is refused.
 *
 * @param status the status of the response
 * @param pool the name of the pool, {@code null} if it is not known
 * @param property the property that limits it, {@code null} if it is not known
 */
record Refusal(HttpStatus status, @Nullable String pool, @Nullable String property) {

	ProblemDetail problem(String detail) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(this.status, detail);
		if (this.pool != null) {
			problem.setProperty("pool", this.pool);
		}
		if (this.property != null) {
			problem.setProperty("property", this.property);
		}
		return problem;
	}

	String describe() {
		return this.status.value() + ((this.pool != null) ? ", pool '" + this.pool + "'" : "")
				+ ((this.property != null) ? ", property '" + this.property + "'" : "");
	}

}
