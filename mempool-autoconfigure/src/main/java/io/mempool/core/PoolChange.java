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
 * A setting of a pool that changed at run time.
 *
 * @param setting its name as in the configuration, for example {@code max-wait}, or
 * {@code tiers[65536].max-idle} for a setting of the tier of that size
 * @param from the former value. Numbers are plain, durations are as in {@code PT1S}.
 * {@code unlimited} means no cap or limit, {@code none} no time-out
 * @param to the present value, written the same way
 * @since 0.1.0
 */
public record PoolChange(String setting, String from, String to) {

}
