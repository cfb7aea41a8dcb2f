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
 * Slices of pooled memory for network I/O: frames carved one after another from an area,
 * with room for a header in front of each; read ahead from a source; and written together
 * with what lies next to them. Depends on the JDK and the pools of bytes only.
 * <p>
 * An <em>area</em> is one buffer of a pool. It has one reference for its holder, the
 * allocator or reader that carves slices from it, and one for each slice. It returns to
 * its pool when the last reference is released. So it costs one acquire for as many
 * slices as fit, and a slice that is kept keeps its whole area.
 * <h2>The room of a slice</h2>
 *
 * <pre>
 *  area  0                                                                  size
 *        | an earlier slice | free prefix |  the slice  | not yet carved     |
 *                           ^ free        ^ base        ^ end = next
 * </pre>
 *
 * No byte belongs to two slices unless one of them was retained from the other: a slice
 * moves its base within its own room, and gets more room only from a neighbour that is
 * released in the same step.
 */
@NullMarked
package io.mempool.slice;

import org.jspecify.annotations.NullMarked;
