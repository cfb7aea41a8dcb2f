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

package io.mempool.core;

import org.jspecify.annotations.Nullable;

/**
 * The unit of work of a lease: a request, a message, a job.
 *
 * @param name the kind of work, one of a bounded number of names that leak reports group
 * by, for example a route such as {@code POST /api/echo}
 * @param id identifies one unit of its kind, {@code null} if it has no identifier
 * @since 0.1.0
 */
public record UnitOfWork(String name, @Nullable String id) {

	@Override
	public String toString() {
		return (this.id != null) ? this.name + " (" + this.id + ")" : this.name;
	}

}
