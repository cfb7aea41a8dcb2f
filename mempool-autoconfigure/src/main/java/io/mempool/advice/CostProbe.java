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

import java.util.List;

import io.mempool.advice.MeasuredCosts.Sample;

/**
 * Looks at what leases and allocations cost, once per call.
 */
interface CostProbe extends AutoCloseable {

	/**
	 * Have the code compiled that is to be measured.
	 */
	void warmUp();

	/**
	 * Measure all sizes once.
	 * @return one sample for each size, ascending, the same sizes at every call
	 */
	List<Sample> measure();

	@Override
	void close();

}
