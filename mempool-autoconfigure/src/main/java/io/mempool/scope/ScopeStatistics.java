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

package io.mempool.scope;

/**
 * What became of the scopes of one kind, for example those of requests, read at once.
 *
 * @param released scopes that gave back what they held
 * @param inDoubt scopes that ended while what they held could still be in use, so that it
 * was not lent again
 * @param open scopes that have not ended
 * @since 0.1.0
 */
public record ScopeStatistics(long released, long inDoubt, long open) {

}
