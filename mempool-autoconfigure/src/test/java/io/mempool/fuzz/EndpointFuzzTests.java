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

package io.mempool.fuzz;

import io.mempool.testing.Flaw;

/**
 * Tests with the {@link EndpointTarget}.
 */
class EndpointFuzzTests extends AbstractFuzzTests {

	EndpointFuzzTests() {
		super(FuzzTargets.ENDPOINT, Flaw.CHANGE_WITHOUT_ANSWER);
	}

}
