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

package io.mempool.actuate.endpoint;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Description of what a pool gave up.
 *
 * @param pool its name
 * @param trimmedBytes how much memory the runtime got back, headers and alignment
 * included, {@code null} if the pool lends objects
 * @param trimmedObjects idle objects that were destroyed, {@code null} if the pool lends
 * memory
 * @since 0.1.0
 */
public record TrimDescriptor(String pool, @Nullable Long trimmedBytes,
		@Nullable Long trimmedObjects) implements OperationResponseBody {

}
