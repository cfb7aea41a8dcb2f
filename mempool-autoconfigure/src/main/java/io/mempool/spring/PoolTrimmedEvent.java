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

import io.mempool.core.DiscardReason;

/**
 * A pool gave up idle memory: it was trimmed, the memory expired, or another pool of the
 * budget needed it. Published as an application event: the first at once, and then at
 * most one a second for each pool and reason.
 *
 * @param pool the name of the pool
 * @param reason why
 * @param bytes how much memory was given back since the last event; the number of objects
 * of a pool of objects
 * @since 0.1.0
 */
public record PoolTrimmedEvent(String pool, DiscardReason reason, long bytes) {

}
