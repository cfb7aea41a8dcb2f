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

import io.mempool.sizes.SizeHistogram;

/**
 * Description of how often sizes were requested that differ little.
 *
 * @param from the smallest of these sizes in bytes
 * @param to the largest of these sizes in bytes
 * @param count how many requests there were
 * @since 0.1.0
 */
public record SizesDescriptor(int from, int to, long count) {

	static SizesDescriptor of(SizeHistogram.Bucket bucket) {
		return new SizesDescriptor(bucket.from(), bucket.to(), bucket.count());
	}

}
