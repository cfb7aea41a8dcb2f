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

package io.mempool.autoconfigure;

import org.springframework.core.env.Environment;

/**
 * Says which property is off, where Spring would say that a type is not supported.
 */
final class SwitchedOff {

	private final String because;

	private SwitchedOff(Environment environment, String because) {
		boolean all = FlagCondition.isOn(WrittenProperties.of(environment), FlagCondition.ALL, true);
		this.because = all ? because
				: "'" + FlagCondition.ALL + "' is 'false'. Set it to 'true', or use a stream or an array of bytes";
	}

	/**
	 * Return the reason why requests own no memory.
	 */
	static SwitchedOff requests(Environment environment) {
		return new SwitchedOff(environment, "'" + OnRequestEnabledCondition.PROPERTY
				+ "' is 'false', so that no request owns memory. Set it to 'true', or use a BufferPool here");
	}

	/**
	 * Return the reason why HTTP clients read and write no pooled buffers.
	 */
	static SwitchedOff clients(Environment environment) {
		return new SwitchedOff(environment, "'" + ClientDefinition.ENABLED_PROPERTY
				+ "' is 'false'. Set it to 'true', or use a stream or an array of bytes");
	}

	/**
	 * Return the error of what cannot be done.
	 * @param action that, after "Cannot"
	 */
	IllegalStateException error(String action) {
		return new IllegalStateException("Cannot " + action + ": " + this.because);
	}

}
