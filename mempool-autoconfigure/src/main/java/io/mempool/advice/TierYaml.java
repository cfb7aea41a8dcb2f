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

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.mempool.buffer.BufferTier;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;

/**
 * Writes tiers as a part of {@code application.yml}.
 */
final class TierYaml {

	// What YAML takes for something else than a text, of the names a pool may have
	private static final Pattern NO_TEXT = Pattern.compile("[0-9-].*|y|yes|n|no|on|off|true|false|null");

	private static final int KB = 1024;

	private static final int MB = 1024 * KB;

	private TierYaml() {
	}

	static String write(Present present, List<BufferTier> tiers) {
		StringBuilder yaml = new StringBuilder("mempool:\n  pools:\n    ").append(key(present.name())).append(":");
		yaml.append(" # replaces 'tiers', 'preset', 'min-size' and 'max-size'\n");
		if (present.policy() != ExhaustionPolicy.ALLOCATE) {
			// The preset 'blocks' implied it
			yaml.append("      policy: ").append(present.policy().name().toLowerCase(Locale.ROOT)).append("\n");
		}
		if (present.peaks().isEmpty()) {
			return yaml.append("      tiers: ").append(sizes(tiers)).append("\n").toString();
		}
		yaml.append("      tiers:\n");
		for (BufferTier tier : tiers) {
			yaml.append("        - size: ").append(size(tier.size())).append("\n");
			append(yaml, "max-idle", tier.caps().maxIdle());
			if (tier.caps().maxTotal() != Caps.UNLIMITED) {
				append(yaml, "max-total", tier.caps().maxTotal());
			}
			if (tier.caps().preallocate() > 0) {
				append(yaml, "preallocate", tier.caps().preallocate());
			}
		}
		return yaml.toString();
	}

	private static void append(StringBuilder yaml, String cap, int value) {
		yaml.append("          ").append(cap).append(": ").append(value).append("\n");
	}

	private static String key(String name) {
		return NO_TEXT.matcher(name).matches() ? "\"" + name + "\"" : name;
	}

	static String sizes(List<BufferTier> tiers) {
		return tiers.stream().map((tier) -> size(tier.size())).collect(Collectors.joining(", "));
	}

	/**
	 * Write a size in the largest unit that expresses it.
	 */
	private static String size(int bytes) {
		if (bytes % MB == 0) {
			return bytes / MB + "MB";
		}
		return (bytes % KB == 0) ? bytes / KB + "KB" : bytes + "B";
	}

}
