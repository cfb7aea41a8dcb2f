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

import java.util.concurrent.Callable;

/**
 * A target with the inputs of a build, to be loaded with classes that are broken on
 * purpose.
 */
final class FuzzSuite implements Callable<Object> {

	private static final int INPUTS = 2000;

	private final FuzzTargets target;

	FuzzSuite(String target) {
		this.target = FuzzTargets.valueOf(target);
	}

	@Override
	public Object call() {
		RandomInputs inputs = new RandomInputs(1, this.target.kept());
		try (FuzzTarget fed = this.target.create()) {
			this.target.kept().forEach((kept) -> inputs.run(fed, kept));
			inputs.feed(fed, INPUTS);
		}
		return inputs.outcomes();
	}

}
