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

package io.mempool.sample;

import java.util.Map;

import org.springframework.core.convert.converter.Converter;
import org.springframework.stereotype.Component;

/**
 * Finds the kind of memory that a request asks for. There is no other: Spring answers 400
 * to the failure.
 */
@Component
class WorkingMemoryConverter implements Converter<String, WorkingMemory> {

	private final Map<String, WorkingMemory> kinds;

	WorkingMemoryConverter(Map<String, WorkingMemory> kinds) {
		this.kinds = kinds;
	}

	@Override
	public WorkingMemory convert(String name) {
		WorkingMemory kind = this.kinds.get(name);
		if (kind == null) {
			throw new IllegalArgumentException("'buffers' must be one of " + this.kinds.keySet());
		}
		return kind;
	}

}
