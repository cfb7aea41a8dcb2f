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

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.LongSummaryStatistics;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where the JVM puts the fields of a slot: what each claim and return writes must not
 * share a cache line with what others only read.
 */
class SlotLayoutTests {

	private static final long LINE = 64;

	private final LongSummaryStatistics read = offsets(SlotLayout.Fields.class);

	private final LongSummaryStatistics written = offsets(SlotLayout.Word.class);

	private final LongSummaryStatistics all = offsets(SlotLayout.Fields.class, SlotLayout.Padding.class,
			SlotLayout.Word.class, Slot.class);

	@Test
	void whatIsWrittenLiesTogether() {
		assertThat(this.written.getMax() - this.written.getMin()).isLessThanOrEqualTo(Long.BYTES);
	}

	@Test
	void whatIsOnlyReadLiesALineBefore() {
		assertThat(this.written.getMin() - this.read.getMax()).isGreaterThanOrEqualTo(LINE);
	}

	@Test
	void nextObjectLiesALineBehind() {
		assertThat(this.all.getMax() - this.written.getMax()).isGreaterThanOrEqualTo(LINE);
	}

	private static LongSummaryStatistics offsets(Class<?>... types) {
		return Arrays.stream(types)
			.flatMap((type) -> Arrays.stream(type.getDeclaredFields()))
			.filter((field) -> !Modifier.isStatic(field.getModifiers()))
			.mapToLong(SlotLayoutTests::offset)
			.summaryStatistics();
	}

	// By reflection, since the compiler warns of the class and no option silences it
	private static long offset(Field field) {
		try {
			Class<?> type = Class.forName("sun.misc.Unsafe");
			Field unsafe = type.getDeclaredField("theUnsafe");
			unsafe.setAccessible(true);
			return (long) type.getMethod("objectFieldOffset", Field.class).invoke(unsafe.get(null), field);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
