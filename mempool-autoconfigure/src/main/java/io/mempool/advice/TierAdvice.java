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

package io.mempool.advice;

/**
 * Which tiers a pool has, and which would waste least for what was requested of it.
 *
 * @param requests how many requests the tiers are chosen for
 * @param oversized how many more there were, too large for any of them
 * @param now the tiers as they are
 * @param advised the tiers that waste least; those that are if they cannot be improved
 * @param yaml the advised tiers as a part of {@code application.yml}, ready to paste
 * @since 0.1.0
 * @see TierAdvisor
 */
public record TierAdvice(long requests, long oversized, TierPlan now, TierPlan advised, String yaml) {

}
