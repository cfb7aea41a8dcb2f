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

/**
 * What users see of every kind of pool: the lease, caps, policies, budgets, leak
 * detection, statistics of tiers, and exceptions. Depends on the JDK only.
 * <h2>Happens-before</h2>
 * <ul>
 * <li>Everything done through a lease before its release happens-before everything done
 * with the same block after its next acquire.</li>
 * <li>The creation of a block happens-before its first acquire, and its last release
 * before its destruction.</li>
 * <li>A release happens-before the return of a waiting acquire that it lets through.</li>
 * <li>{@code retain} happens-before every use of the handle it returns.</li>
 * <li>A change of a pool's settings happens-before every acquire that begins after it
 * returned.</li>
 * </ul>
 */
@NullMarked
package io.mempool.core;

import org.jspecify.annotations.NullMarked;
