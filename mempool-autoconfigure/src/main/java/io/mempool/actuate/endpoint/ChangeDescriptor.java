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

import java.util.List;

import io.mempool.core.PoolChange;
import org.jspecify.annotations.Nullable;

/**
 * Description of a change of a pool's settings while it runs.
 *
 * @param time when it was made
 * @param principal the name of the user, {@code null} if unknown or not shown
 * @param settings what it changed
 * @since 0.1.0
 */
public record ChangeDescriptor(String time, @Nullable String principal, List<PoolChange> settings) {

	/**
	 * Copy the list.
	 */
	public ChangeDescriptor {
		settings = List.copyOf(settings);
	}

	ChangeDescriptor withoutPrincipal() {
		return new ChangeDescriptor(this.time, null, this.settings);
	}

}
