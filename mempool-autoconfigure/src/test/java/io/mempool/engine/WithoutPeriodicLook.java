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

package io.mempool.engine;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets no waiting request look at its tier by itself. So a request that no signal wakes
 * waits until its time is over: a lost wake-up is an exhausted pool, on however slow a
 * machine.
 */
public class WithoutPeriodicLook implements BeforeEachCallback, AfterEachCallback {

	private final long longestPark = Request.longestPark;

	@Override
	public void beforeEach(ExtensionContext context) {
		Request.longestPark = Long.MAX_VALUE;
	}

	@Override
	public void afterEach(ExtensionContext context) {
		Request.longestPark = this.longestPark;
	}

}
