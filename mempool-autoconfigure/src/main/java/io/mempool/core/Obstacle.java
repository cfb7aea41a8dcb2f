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

/**
 * The obstacle to an acquire: {@code max-total}, a pool's limit or a budget.
 *
 * @param property the property that sets it, for example
 * {@code mempool.pools.uploads.limit}
 * @param limit how much it allows: bytes, or blocks or objects if it is {@code max-total}
 * @param permanent whether no release helps, because the acquire asked for more than it
 * allows
 * @since 0.1.0
 */
public record Obstacle(String property, long limit, boolean permanent) {

}
