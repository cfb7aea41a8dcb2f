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

package io.mempool.advice;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.mempool.buffer.BufferTier;
import io.mempool.buffer.TierPresets;
import io.mempool.engine.PoolName;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks of {@link AdviseTiers}.
 */
final class AdviceOptions {

	static final String HELP = """
			Advises the tiers of a pool that waste least for the sizes that were requested.

			usage: java -cp mempool-autoconfigure-*.jar io.mempool.advice.AdviseTiers [option...] [file]

			Reads the file, or standard input: a size in bytes per line, or a size and how often
			it was requested. What follows a '#' is a comment.

			  --present=4KB,64KB,1MB  the tiers as they are; powers of two from 4KB to 16MB if not set
			  --tiers=5               how many tiers there may be; as many as there are if not set
			  --maximum=2MB           up to which size requests should have a tier; the largest present
			                          tier if not set
			  --pool=uploads          the name of the pool in the YAML
			  --help                  this text
			""";

	private static final Pattern OPTION = Pattern.compile("--([a-z]+)=(.*)");

	private static final Pattern SIZE = Pattern.compile("([0-9]{1,10})(B|KB|MB|GB)?");

	private static final List<String> UNITS = List.of("B", "KB", "MB", "GB");

	private static final List<Integer> DEFAULT_TIERS = TierPresets.powersOfTwo(4 * 1024, 16 * 1024 * 1024);

	boolean help;

	String pool = "my-pool";

	List<Integer> present = DEFAULT_TIERS;

	@Nullable Integer tiers;

	@Nullable Integer maximum;

	@Nullable Path file;

	private AdviceOptions() {
	}

	static AdviceOptions parse(String... arguments) {
		AdviceOptions options = new AdviceOptions();
		for (String argument : arguments) {
			if (argument.startsWith("-")) {
				options.set(argument);
			}
			else if (options.file == null) {
				options.file = Path.of(argument);
			}
			else {
				throw new IllegalArgumentException(
						"There are two files, '" + options.file + "' and '" + argument + "': name one");
			}
		}
		return options;
	}

	private void set(String option) {
		Matcher matcher = OPTION.matcher(option);
		String name = matcher.matches() ? matcher.group(1) : option;
		String value = matcher.matches() ? matcher.group(2) : "";
		switch (name) {
			case "--help", "-h" -> this.help = true;
			case "pool" -> this.pool = PoolName.check(value);
			case "present" -> this.present = sizes(value);
			case "tiers" -> this.tiers = tiers(value);
			case "maximum" -> this.maximum = size(name, value);
			default -> throw new IllegalArgumentException("There is no option '" + option + "': see --help");
		}
	}

	private static Integer tiers(String text) {
		if (!text.matches("[1-9][0-9]{0,2}")) {
			throw new IllegalArgumentException("'--tiers' must be a number from 1 to 999 but is '" + text + "'");
		}
		return Integer.valueOf(text);
	}

	private static List<Integer> sizes(String text) {
		return Stream.of(text.split(",", -1)).map((size) -> size("present", size.strip())).distinct().toList();
	}

	private static Integer size(String option, String text) {
		Matcher size = SIZE.matcher(text.toUpperCase(Locale.ROOT));
		if (size.matches()) {
			int unit = (size.group(2) != null) ? UNITS.indexOf(size.group(2)) : 0;
			long bytes = Long.parseLong(size.group(1)) << (10 * unit);
			if (bytes > 0 && bytes <= BufferTier.MAXIMUM_SIZE) {
				return (int) bytes;
			}
		}
		throw new IllegalArgumentException(
				"'--" + option + "' must have sizes such as 4096, 64KB or 1MB, below 2GB, but has '" + text + "'");
	}

}
