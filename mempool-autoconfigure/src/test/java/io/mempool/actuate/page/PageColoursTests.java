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

package io.mempool.actuate.page;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the colours of the page: they can be read, and told from each other, in the
 * dark and by people that are colour-blind.
 */
class PageColoursTests {

	private static final Pattern COLOUR = Pattern.compile("--([\\w-]+): (#[0-9a-f]{3}|#[0-9a-f]{6});");

	private static final String DARK = "@media (prefers-color-scheme: dark)";

	/**
	 * What WCAG asks for of text, and of what is drawn.
	 */
	private static final double TEXT = 4.5;

	private static final double DRAWN = 3;

	/**
	 * How far apart lines of a chart are, as CIE76 counts: about 2 can just be told
	 * apart.
	 */
	private static final double APART = 25;

	/**
	 * How linear red, green and blue are seen without red cones and without green cones:
	 * Machado, Oliveira and Fernandes, 2009.
	 */
	private static final Map<String, double[][]> SIGHTS = Map.of("protanopia",
			new double[][] { { 0.152286, 1.052583, -0.204868 }, { 0.114503, 0.786281, 0.099216 },
					{ -0.003882, -0.048116, 1.051998 } },
			"deuteranopia", new double[][] { { 0.367322, 0.860646, -0.227968 }, { 0.280085, 0.672501, 0.047413 },
					{ -0.011820, 0.042940, 0.968881 } });

	private static final Map<String, Map<String, double[]>> SCHEMES = new HashMap<>();

	@BeforeAll
	static void read() {
		String css = new String(Objects.requireNonNull(PageFile.named("page.css")).content(), StandardCharsets.UTF_8);
		int from = css.indexOf(DARK);
		assertThat(from).isPositive();
		Map<String, double[]> light = colours(css.substring(0, from));
		Map<String, double[]> dark = new HashMap<>(light);
		dark.putAll(colours(css.substring(from, css.indexOf("\n}\n", from))));
		SCHEMES.put("light", light);
		SCHEMES.put("dark", dark);
	}

	private static Map<String, double[]> colours(String css) {
		Map<String, double[]> colours = new HashMap<>();
		COLOUR.matcher(css).results().forEach((found) -> colours.put(found.group(1), linear(found)));
		return colours;
	}

	private static double[] linear(MatchResult found) {
		String hex = found.group(2).substring(1);
		String six = (hex.length() == 3) ? hex.replaceAll(".", "$0$0") : hex;
		return List.of(0, 2, 4)
			.stream()
			.mapToDouble((at) -> Integer.parseInt(six.substring(at, at + 2), 16) / 255.0)
			.map((value) -> (value <= 0.04045) ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4))
			.toArray();
	}

	@ParameterizedTest
	@CsvSource({ "ink, surface", "ink, page", "ink, bad-soft", "ink, warning-soft", "ink, accent-soft",
			"muted, surface", "muted, page", "accent, surface", "accent, page", "accent, accent-soft",
			"accent, bad-soft", "accent, warning-soft", "bad, surface", "bad, page", "bad, bad-soft",
			"warning, surface", "warning, page", "warning, warning-soft", "good, surface", "good, page",
			"oversized, surface", "advised, surface" })
	void textCanBeRead(String text, String behind) {
		assertThat(contrast("light", text, behind)).isGreaterThanOrEqualTo(TEXT);
		assertThat(contrast("dark", text, behind)).isGreaterThanOrEqualTo(TEXT);
	}

	@ParameterizedTest
	@ValueSource(strings = { "hits", "misses", "oversized", "exhausted", "leased", "idle", "memory", "limit", "peak",
			"change", "requests", "tier", "advised" })
	void whatIsDrawnCanBeSeen(String name) {
		assertThat(contrast("light", name, "surface")).isGreaterThanOrEqualTo(DRAWN);
		assertThat(contrast("dark", name, "surface")).isGreaterThanOrEqualTo(DRAWN);
	}

	@ParameterizedTest
	@CsvSource({ "misses, oversized", "misses, exhausted", "oversized, exhausted", "leased, idle", "leased, limit",
			"requests, advised", "requests, tier" })
	void linesOfAChartDifferForTheColourBlind(String one, String other) {
		SIGHTS.forEach((name, sight) -> SCHEMES.keySet()
			.forEach((scheme) -> assertThat(distance(seen(scheme, one, sight), seen(scheme, other, sight)))
				.as("%s, %s", name, scheme)
				.isGreaterThanOrEqualTo(APART)));
	}

	private static double contrast(String scheme, String one, String other) {
		double first = luminance(colour(scheme, one)) + 0.05;
		double second = luminance(colour(scheme, other)) + 0.05;
		return Math.max(first, second) / Math.min(first, second);
	}

	private static double[] colour(String scheme, String name) {
		return Objects.requireNonNull(Objects.requireNonNull(SCHEMES.get(scheme)).get(name), name);
	}

	private static double luminance(double[] colour) {
		return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2];
	}

	private static double[] seen(String scheme, String name, double[][] sight) {
		double[] colour = colour(scheme, name);
		double[] seen = new double[3];
		for (int i = 0; i < 3; i++) {
			double sum = sight[i][0] * colour[0] + sight[i][1] * colour[1] + sight[i][2] * colour[2];
			seen[i] = Math.min(1, Math.max(0, sum));
		}
		return seen;
	}

	private static double distance(double[] one, double[] other) {
		double[] first = lab(one);
		double[] second = lab(other);
		return Math.sqrt(Math.pow(first[0] - second[0], 2) + Math.pow(first[1] - second[1], 2)
				+ Math.pow(first[2] - second[2], 2));
	}

	private static double[] lab(double[] colour) {
		double x = root((0.4124 * colour[0] + 0.3576 * colour[1] + 0.1805 * colour[2]) / 0.95047);
		double y = root(luminance(colour));
		double z = root((0.0193 * colour[0] + 0.1192 * colour[1] + 0.9505 * colour[2]) / 1.08883);
		return new double[] { 116 * y - 16, 500 * (x - y), 200 * (y - z) };
	}

	private static double root(double value) {
		return (value > 0.008856) ? Math.cbrt(value) : 7.787 * value + 16.0 / 116;
	}

}
