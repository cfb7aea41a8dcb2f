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

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.mempool.core.Caps;
import io.mempool.engine.KebabCase;

import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionService;
import org.springframework.util.unit.DataSize;

/**
 * How a client writes the values of a setting: as in {@code application.yml}, and
 * {@value #UNLIMITED}. A text that is no value fails with a {@link ConversionException},
 * an {@link IllegalArgumentException} or an {@link ArithmeticException}.
 *
 * @param <T> the type of the values
 * @param reader reads a text
 * @param words says what to send
 */
record SettingForm<T>(Function<String, T> reader, String words) {

	private static final String UNLIMITED = "unlimited";

	private static final ConversionService conversion = ApplicationConversionService.getSharedInstance();

	static final SettingForm<Integer> TIER = new SettingForm<>(SettingForm::size,
			"the size of one of the tiers, for example 64KB");

	static final SettingForm<int[]> TIERS = new SettingForm<>(SettingForm::sizes,
			"sizes that differ and are below 2GB, for example '4KB, 64KB'");

	static final SettingForm<Integer> NUMBER = new SettingForm<>((text) -> convert(text, Integer.class),
			"a number from 0 to " + Caps.MAXIMUM_IDLE);

	static final SettingForm<Integer> CAP = new SettingForm<>(
			(text) -> isUnlimited(text) ? Caps.UNLIMITED : convert(text, Integer.class),
			"a number that is at least 1, or " + UNLIMITED);

	static final SettingForm<Long> LIMIT = new SettingForm<>(
			(text) -> isUnlimited(text) ? Long.MAX_VALUE : convert(text, DataSize.class).toBytes(),
			"a size that is positive, for example 64MB, or " + UNLIMITED);

	static final SettingForm<Duration> TIME = new SettingForm<>((text) -> convert(text, Duration.class),
			"a time that is positive, for example 500ms");

	static final SettingForm<Optional<Duration>> TIMEOUT = new SettingForm<>(
			(text) -> isUnlimited(text) ? Optional.empty() : Optional.of(convert(text, Duration.class)),
			"a time that is positive, for example 30s, or " + UNLIMITED);

	static <E extends Enum<E>> SettingForm<E> oneOf(Class<E> type) {
		return new SettingForm<>((text) -> convert(text, type),
				Arrays.stream(type.getEnumConstants())
					.map(KebabCase::of)
					.collect(Collectors.joining(", ", "one of ", "")));
	}

	private static int size(String text) {
		return Math.toIntExact(convert(text, DataSize.class).toBytes());
	}

	private static int[] sizes(String text) {
		return Stream.of(text.split(",", -1)).mapToInt(SettingForm::size).toArray();
	}

	private static boolean isUnlimited(String text) {
		return UNLIMITED.equalsIgnoreCase(text);
	}

	private static <T> T convert(String text, Class<T> type) {
		T value = conversion.convert(text.strip(), type);
		if (value == null) {
			throw new IllegalArgumentException("'" + text + "' is no value");
		}
		return value;
	}

}
