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

package io.mempool.docs;

import io.mempool.buffer.BufferPool;
import io.mempool.object.ObjectPool;
import io.mempool.pressure.HeapPressure;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the page on pressure shows.
 */
class PressureManualTests {

	@Test
	void poolsOfAProgram() {
		BufferPool uploads = BufferPool.builder("uploads").build();
		ObjectPool<StringBuilder> builders = ObjectPool.builder("builders", StringBuilder::new).build();
		// tag::pressure[]
		HeapPressure pressure = HeapPressure.above(90);
		pressure.add(uploads);
		pressure.add(builders);
		pressure.addListener((relief) -> System.out.println(relief.pool() + " gave " + relief.bytes()));
		// end::pressure[]
		assertThat(pressure.heapAbove()).isEqualTo(90);
		pressure.close();
		uploads.close();
		builders.close();
	}

}
