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

package io.mempool.sample.soak;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import io.mempool.sample.soak.Curve.Judgement;
import io.mempool.sample.soak.Curve.Point;
import org.jspecify.annotations.Nullable;

/**
 * What a soak says, in Markdown.
 */
final class SoakReport {

	private static final int ROWS = 24;

	private static final int WIDTH = 60;

	private static final String BARS = "▁▂▃▄▅▆▇█";

	private static final double MEBIBYTES = 1024 * 1024;

	private final Duration length;

	private final List<SoakResult> results;

	private final StringBuilder text = new StringBuilder();

	SoakReport(Duration length, List<SoakResult> results) {
		this.length = length;
		this.results = results;
	}

	String text() {
		line("Each application had %s of heap, all of it resident from the beginning. The warm-up is not judged. Of the"
				+ " rest, the", SoakProcess.HEAP);
		line("median of the first third is compared with that of the last. Memory is that at rest, after a collection,"
				+ " without what");
		line("pools hold; native memory is what the JVM counts, without that of its JIT compiler. At each rest the"
				+ " statistics of");
		line("all pools have to be exact, nothing leased and nothing pending. Operations per second depend on what else the"
				+ " machine");
		line("does; so processor time per operation is judged, and speed beside a server without pools that gets the"
				+ " same");
		line("requests in turn at each rest. Operations per second are judged too if others took less than a tenth of"
				+ " the machine.");
		line("");
		this.results.forEach(this::application);
		return this.text.toString().stripTrailing() + "\n";
	}

	private void application(SoakResult result) {
		List<Sample> samples = result.samples();
		line("## %s: %s", result.name(), result.rejections().isEmpty() ? "accepted" : "**rejected**");
		line("");
		line("%d operations in %d seconds (%s), %d hang-ups, %d changes and trims. Others took %.0f %% of the machine in"
				+ " most samples.", samples.isEmpty() ? 0 : samples.get(samples.size() - 1).operations(),
				this.length.toSeconds(), operations(result), result.hangUps(), result.changes(),
				100 * Machine.usual(samples));
		result.complaints().forEach((complaint) -> line("- %s", complaint));
		line("");
		line("| curve | first third | last third | may change by | noticed, per operation | trend per hour | |");
		line("| --- | ---: | ---: | ---: | ---: | ---: | --- |");
		result.judgements().forEach(this::judgement);
		line("");
		line("```text");
		result.judgements()
			.forEach((judgement) -> line("%-39s %s", judgement.curve().name(), chart(judgement.curve().points())));
		line("```");
		line("");
		samples(samples);
	}

	private static String operations(SoakResult result) {
		return result.operations()
			.entrySet()
			.stream()
			.map((entry) -> entry.getKey() + " " + entry.getValue())
			.collect(Collectors.joining(", "));
	}

	private void judgement(Judgement judgement) {
		String unit = judgement.curve().unit().isEmpty() ? "" : " " + judgement.curve().unit();
		line("| %s | %.2f%s | %.2f%s | %.2f%s | %s | %+.2f%s | %s |", judgement.curve().name(), judgement.first(), unit,
				judgement.last(), unit, judgement.allowed(), unit, noticed(judgement), judgement.slopePerHour(), unit,
				judgement.flat() ? "flat" : "**not flat**");
	}

	private static String noticed(Judgement judgement) {
		return switch (judgement.curve().name()) {
			case "threads", "descriptors" -> "1 in %.0f".formatted(1 / judgement.unnoticed());
			default ->
				judgement.curve().unit().equals("MiB") ? "%.0f bytes".formatted(judgement.unnoticed() * MEBIBYTES) : "";
		};
	}

	private void samples(List<Sample> samples) {
		line("| s | operations | per s | CPU ms each | others' CPU | resident | heap | native | beside plain | threads |"
				+ " descriptors | leased | idle | misses |");
		line("| ---: ".repeat(14) + "|");
		int step = Math.max(1, samples.size() / ROWS);
		for (int i = step - 1; i < samples.size(); i += step) {
			Sample sample = samples.get(i);
			line("| %.0f | %d | %.0f | %.2f | %.0f %% | %.1f | %s | %d | %d | %d | %.1f | %d |", sample.seconds(),
					sample.operations(), sample.throughput(), sample.processorMillis(), 100 * sample.others(),
					sample.resident() / MEBIBYTES, rest(sample.rest()), sample.threads(), sample.descriptors(),
					sample.leased(), sample.idleBytes() / MEBIBYTES, sample.misses());
		}
		line("");
	}

	private static String rest(Sample.@Nullable Rest rest) {
		return (rest != null) ? "%.2f | %.1f | %.2f".formatted(rest.liveHeap() / MEBIBYTES,
				rest.nativeMemory() / MEBIBYTES, rest.relative()) : " | | ";
	}

	// From nothing to the highest, or a figure that is steady would look like noise
	private static String chart(List<Point> all) {
		List<Point> points = all.stream().filter((point) -> !Double.isNaN(point.value())).toList();
		int width = Math.min(WIDTH, points.size());
		double[] values = new double[width];
		for (int i = 0; i < width; i++) {
			List<Point> part = points.subList(i * points.size() / width, (i + 1) * points.size() / width);
			values[i] = Curve.median(part.stream().mapToDouble(Point::value).toArray());
		}
		double highest = Arrays.stream(values).max().orElse(0);
		StringBuilder chart = new StringBuilder();
		for (double value : values) {
			int bar = (highest > 0) ? (int) Math.round(value / highest * (BARS.length() - 1)) : 0;
			chart.append(BARS.charAt(Math.max(0, bar)));
		}
		return chart.toString();
	}

	private void line(String format, Object... arguments) {
		this.text.append((arguments.length > 0) ? format.formatted(arguments) : format).append('\n');
	}

}
