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

import java.util.Collection;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Finds the word that was probably meant.
 *
 * @since 0.1.0
 */
public final class Nearest {

	private Nearest() {
	}

	/**
	 * Return the word that differs least from the input.
	 * @param written the input
	 * @param words the words that exist
	 * @return the nearest word, {@code null} if all of them differ in more than a third
	 */
	public static @Nullable String of(String written, Collection<String> words) {
		String uniform = uniform(written);
		String nearest = null;
		int least = (uniform.length() + 1) / 3 + 1;
		for (String word : words) {
			int distance = distance(uniform, uniform(word));
			if (distance < least) {
				nearest = word;
				least = distance;
			}
		}
		return nearest;
	}

	// As 'max-idle' in YAML is 'maxIdle' in JSON, and 'MAXIDLE' in the environment
	private static String uniform(String name) {
		return name.replaceAll("[^\\p{L}\\p{Nd}]", "").toLowerCase(Locale.ROOT);
	}

	/**
	 * Return the edit distance: how many letters must be added, removed, replaced or
	 * swapped with their neighbour.
	 */
	private static int distance(String a, String b) {
		int[][] distances = new int[a.length() + 1][b.length() + 1];
		for (int i = 0; i <= a.length(); i++) {
			for (int j = 0; j <= b.length(); j++) {
				distances[i][j] = (i == 0 || j == 0) ? i + j : step(distances, a, b, i, j);
			}
		}
		return distances[a.length()][b.length()];
	}

	private static int step(int[][] distances, String a, String b, int i, int j) {
		int replaced = distances[i - 1][j - 1] + ((a.charAt(i - 1) != b.charAt(j - 1)) ? 1 : 0);
		int changed = Math.min(distances[i - 1][j], distances[i][j - 1]) + 1;
		int least = Math.min(replaced, changed);
		if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
			least = Math.min(least, distances[i - 2][j - 2] + 1);
		}
		return least;
	}

}
