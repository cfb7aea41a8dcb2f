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

/**
 * Acquires were refused, since a cap, a limit or a budget was reached. Published as an
 * application event: the first at once, and then at most one a second for each pool.
 *
 * @param pool the name of the pool
 * @param refusals how many acquires were refused since the last event
 * @param size the largest requested size of them, in bytes; {@code 0} for objects
 * @since 0.1.0
 */
public record PoolExhaustedEvent(String pool, long refusals, long size) {

}
