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

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import io.mempool.buffer.BufferTier;
import io.mempool.sizes.SizeHistogram;
import org.jspecify.annotations.Nullable;

/**
 * Advises tiers for sizes that were recorded somewhere else. Needs nothing but the jar:
 * <pre>
 * java -cp mempool-autoconfigure-*.jar io.mempool.advice.AdviseTiers --help
 * </pre>
 *
 * @since 0.1.0
 */
public final class AdviseTiers {

	private final InputStream in;

	private final PrintStream out;

	private final PrintStream errors;

	AdviseTiers(InputStream in, PrintStream out, PrintStream errors) {
		this.in = in;
		this.out = out;
		this.errors = errors;
	}

	/**
	 * Read sizes, write advice.
	 * @param arguments see {@code --help}
	 */
	public static void main(String... arguments) {
		int status = new AdviseTiers(System.in, System.out, System.err).run(arguments);
		if (status != 0) {
			System.exit(status);
		}
	}

	/**
	 * Do the work.
	 * @return the exit status: {@code 0}, or {@code 2} if the arguments or the sizes are
	 * wrong
	 */
	int run(String... arguments) {
		try {
			AdviceOptions options = AdviceOptions.parse(arguments);
			if (options.help) {
				this.out.print(AdviceOptions.HELP);
				return 0;
			}
			write(advise(options));
			return 0;
		}
		catch (IllegalArgumentException | IOException ex) {
			this.errors.println("AdviseTiers: " + ex.getMessage());
			return 2;
		}
	}

	private TierAdvice advise(AdviceOptions options) throws IOException {
		List<BufferTier> present = options.present.stream().map(BufferTier::of).toList();
		TierAdvisor advisor = TierAdvisor.of(options.pool, present, read(options.file));
		if (options.tiers != null) {
			advisor.tiers(options.tiers);
		}
		if (options.maximum != null) {
			advisor.maximumSize(options.maximum);
		}
		TierAdvice advice = advisor.advise();
		if (advice == null) {
			throw new IllegalArgumentException(
					"There is no size that a tier could serve: record some, or raise '--maximum'");
		}
		return advice;
	}

	private SizeHistogram read(@Nullable Path file) throws IOException {
		if (file == null) {
			return RecordedSizes.read(new InputStreamReader(this.in, StandardCharsets.UTF_8));
		}
		if (!Files.isReadable(file) || Files.isDirectory(file)) {
			throw new IllegalArgumentException("Cannot read the file '" + file + "'");
		}
		try (Reader reader = new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8)) {
			return RecordedSizes.read(reader);
		}
	}

	private void write(TierAdvice advice) {
		this.out.printf(Locale.ROOT, "%,d requests of %,d bytes", advice.requests(),
				advice.now().lentBytes() - advice.now().wastedBytes());
		if (advice.oversized() > 0) {
			this.out.printf(Locale.ROOT, "; oversized: %,d", advice.oversized());
		}
		String now = TierYaml.sizes(advice.now().tiers());
		this.out.printf("%nnow: %s%n%n", now);
		this.out.printf("%-8s%6s%20s%20s%10s%n", "", "tiers", "lent bytes", "wasted bytes", "wasted");
		write("now", advice.now());
		write("advised", advice.advised());
		this.out.printf("%n%s", advice.yaml());
	}

	private void write(String name, TierPlan plan) {
		this.out.printf(Locale.ROOT, "%-8s%6d%,20d%,20d%8.1f %%%n", name, plan.tiers().size(), plan.lentBytes(),
				plan.wastedBytes(), plan.wastedPercent());
	}

}
