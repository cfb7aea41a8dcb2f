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

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.mempool.autoconfigure.MempoolProperties.Tier;
import io.mempool.engine.KebabCase;
import io.mempool.engine.Nearest;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.NumberUtils;
import org.springframework.util.ObjectUtils;
import org.springframework.util.unit.DataSize;

/**
 * Reads values of properties. A value that cannot be read ends in an
 * {@link InvalidValueException} that says what to write instead.
 */
final class Values {

	private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([+-]?[0-9._]+)\\s*([A-Za-z]*)");

	// Below, a size without a unit is rather a mistake than a size in bytes
	private static final int LEAST_WITHOUT_UNIT = 1024;

	// All times are counted in nanoseconds
	private static final Duration LONGEST_TIME = Duration.ofNanos(Long.MAX_VALUE);

	private Values() {
	}

	static Boolean flag(Object value) {
		return switch (text(value).toLowerCase(Locale.ROOT)) {
			case "true", "on", "yes", "1" -> true;
			case "false", "off", "no", "0" -> false;
			default -> throw new InvalidValueException("'" + text(value) + "' is neither true nor false",
					"Write 'true' or 'false'.");
		};
	}

	static Integer count(Object value) {
		try {
			return NumberUtils.parseNumber(text(value), Integer.class);
		}
		catch (IllegalArgumentException ex) {
			if (text(value).matches("[+-]?\\d+")) {
				throw new InvalidValueException(
						"the number is not from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE,
						"Write a smaller number, for example 16.");
			}
			throw new InvalidValueException("'" + text(value) + "' is no whole number",
					"Write digits only, for example 16.");
		}
	}

	/**
	 * Read a share as a whole number, with or without the sign for percent.
	 */
	static Integer percent(Object value) {
		String text = text(value);
		String number = text.endsWith("%") ? text.substring(0, text.length() - 1).strip() : text;
		try {
			return NumberUtils.parseNumber(number, Integer.class);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidValueException("'" + text + "' is no whole number of percent",
					"Write a number from 1 to 99, for example 90.");
		}
	}

	static String name(Object value) {
		return text(value);
	}

	static DataSize size(Object value) {
		if (value instanceof DataSize size) {
			return size;
		}
		String text = text(value);
		DataSize size = parseSize(text);
		boolean withoutUnit = Character.isDigit(text.charAt(text.length() - 1));
		if (withoutUnit && size.toBytes() > 0 && size.toBytes() < LEAST_WITHOUT_UNIT) {
			throw new InvalidValueException("'" + text + "' has no unit and would be " + size.toBytes() + " bytes",
					"Write '" + size.toBytes() + "KB' or '" + size.toBytes() + "MB', or '" + size.toBytes()
							+ "B' if you mean bytes.");
		}
		return size;
	}

	private static DataSize parseSize(String text) {
		try {
			return DataSize.parse(text);
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			Matcher matcher = NUMBER_AND_UNIT.matcher(text);
			if (matcher.matches() && isWhole(matcher.group(1))) {
				String unit = sizeUnit(matcher.group(2));
				if (unit != null && !matcher.group(2).equals(unit)) {
					throw new InvalidValueException(
							"'" + matcher.group(2) + "' is no unit of a size; the units are B, KB, MB, GB and TB",
							"Write '" + matcher.group(1) + unit + "'.");
				}
				if (unit != null || matcher.group(2).isEmpty()) {
					throw new InvalidValueException("the size exceeds " + Long.MAX_VALUE + " bytes",
							"Write a smaller size, for example '64KB'.");
				}
			}
			throw new InvalidValueException("'" + text + "' is no size",
					"Write a whole number and B, KB, MB, GB or TB, for example '64KB'.");
		}
	}

	private static boolean isWhole(String number) {
		return number.matches("[+-]?\\d+");
	}

	private static @Nullable String sizeUnit(String written) {
		return switch (written.toLowerCase(Locale.ROOT)) {
			case "b", "byte", "bytes" -> "B";
			case "k", "kb", "kib" -> "KB";
			case "m", "mb", "mib" -> "MB";
			case "g", "gb", "gib" -> "GB";
			case "t", "tb", "tib" -> "TB";
			default -> null;
		};
	}

	/**
	 * Read a time that may well be a few milliseconds.
	 */
	static Duration shortTime(Object value) {
		if (value instanceof Duration time) {
			return time;
		}
		try {
			Duration time = DurationStyle.detectAndParse(text(value));
			if (time.compareTo(LONGEST_TIME) > 0) {
				throw new ArithmeticException();
			}
			return time;
		}
		catch (ArithmeticException ex) {
			throw new InvalidValueException("the time exceeds 292 years", "Write a shorter time, for example '30s'.");
		}
		catch (IllegalArgumentException ex) {
			Matcher matcher = NUMBER_AND_UNIT.matcher(text(value));
			String unit = (matcher.matches() && isWhole(matcher.group(1))) ? timeUnit(matcher.group(2)) : null;
			throw new InvalidValueException("'" + text(value) + "' is no time",
					(unit != null) ? "Write '" + matcher.group(1) + unit + "'; units are ns, us, ms, s, m, h and d."
							: "Write a whole number and ns, us, ms, s, m, h or d, for example '500ms'.");
		}
	}

	/**
	 * Read a time that is hardly less than a second.
	 */
	static Duration longTime(Object value) {
		Duration time = shortTime(value);
		String text = text(value);
		boolean withoutUnit = !(value instanceof Duration) && text.matches("[+]?\\d+");
		if (withoutUnit && time.toMillis() > 0 && time.toSeconds() == 0) {
			throw new InvalidValueException("'" + text + "' has no unit and would be " + time.toMillis() + " ms",
					"Write '" + time.toMillis() + "s' or '" + time.toMillis() + "m', or '" + time.toMillis()
							+ "ms' if you mean milliseconds.");
		}
		return time;
	}

	private static @Nullable String timeUnit(String written) {
		return switch (written.toLowerCase(Locale.ROOT)) {
			case "ms", "msec", "millis", "millisecond", "milliseconds" -> "ms";
			case "s", "sec", "secs", "second", "seconds" -> "s";
			case "m", "min", "mins", "minute", "minutes" -> "m";
			case "h", "hr", "hour", "hours" -> "h";
			case "d", "day", "days" -> "d";
			default -> null;
		};
	}

	static <E extends Enum<E>> Function<Object, E> choice(Class<E> type) {
		return (value) -> {
			String uniform = PropertyPath.uniform(text(value));
			for (E constant : EnumSet.allOf(type)) {
				if (PropertyPath.uniform(constant.name()).equals(uniform)) {
					return constant;
				}
			}
			List<String> choices = EnumSet.allOf(type).stream().map(KebabCase::of).toList();
			String nearest = Nearest.of(text(value), choices);
			throw new InvalidValueException("'" + text(value) + "' is none of " + String.join(", ", choices),
					"Write " + ((nearest != null) ? "'" + nearest + "'."
							: choices.stream()
								.map((choice) -> "'" + choice + "'")
								.collect(Collectors.joining(" or ", "", "."))));
		};
	}

	/**
	 * Read sizes between commas.
	 */
	static List<Tier> tiers(Object value) {
		List<Tier> tiers = new ArrayList<>();
		for (Object element : elements(value)) {
			if (text(element).isEmpty()) {
				throw new InvalidValueException("there is no size between two commas",
						"Remove a comma, or write sizes such as '4KB, 64KB'.");
			}
			Tier tier = new Tier();
			tier.setSize(size(element));
			tiers.add(tier);
		}
		return tiers;
	}

	private static Collection<?> elements(Object value) {
		if (value instanceof Collection<?> elements) {
			return elements;
		}
		return value.getClass().isArray() ? Arrays.asList(ObjectUtils.toObjectArray(value))
				: Arrays.asList(text(value).split(",", -1));
	}

	private static String text(Object value) {
		return String.valueOf(value).strip();
	}

}
