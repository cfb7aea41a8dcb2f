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
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

import io.mempool.core.Caps;

import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionService;
import org.springframework.util.unit.DataSize;

/**
 * Reads values as those of {@code application.yml} are read, and
 * {@value PoolSetting#UNLIMITED}. What a text cannot be fails with a
 * {@link ConversionException}, an {@link IllegalArgumentException} or an
 * {@link ArithmeticException}.
 */
final class SettingReader {

	private static final ConversionService conversion = ApplicationConversionService.getSharedInstance();

	private SettingReader() {
	}

	static int number(String text) {
		return convert(text, Integer.class);
	}

	static int cap(String text) {
		return isUnlimited(text) ? Caps.UNLIMITED : number(text);
	}

	static long limit(String text) {
		return isUnlimited(text) ? Long.MAX_VALUE : convert(text, DataSize.class).toBytes();
	}

	static int size(String text) {
		return Math.toIntExact(convert(text, DataSize.class).toBytes());
	}

	static List<Integer> sizes(String text) {
		return Stream.of(text.split(",", -1)).map(SettingReader::size).toList();
	}

	static Duration time(String text) {
		return convert(text, Duration.class);
	}

	static Optional<Duration> timeout(String text) {
		return isUnlimited(text) ? Optional.empty() : Optional.of(time(text));
	}

	static <E extends Enum<E>> Function<String, E> constant(Class<E> type) {
		return (text) -> convert(text, type);
	}

	private static boolean isUnlimited(String text) {
		return PoolSetting.UNLIMITED.equalsIgnoreCase(text);
	}

	private static <T> T convert(String text, Class<T> type) {
		T value = conversion.convert(text.strip(), type);
		if (value == null) {
			throw new IllegalArgumentException("'" + text + "' is no value");
		}
		return value;
	}

}
