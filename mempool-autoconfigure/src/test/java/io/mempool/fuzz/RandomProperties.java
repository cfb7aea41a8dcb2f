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

package io.mempool.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import io.mempool.autoconfigure.MempoolAutoConfiguration;
import io.mempool.autoconfigure.PropertiesStart;
import io.mempool.engine.KebabCase;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Properties of mempool that a fuzzer chooses: keys that there are, read from the
 * metadata, and some that there are not; values that fit, and others.
 */
final class RandomProperties {

	private static final String METADATA = "META-INF/spring-configuration-metadata.json";

	private static final String DEFAULTS = "mempool.defaults.";

	private static final List<Key> KEYS = keys();

	private static final List<String> POOLS = List.of("a", "uploads", "my-pool", "default", "jetty-heap", "b1",
			"environment", "a-b-c", "-", "--a", "9", "max-idle");

	private static final List<Object> AWKWARD = List.of("", " ", "null", "~", true, false, 0, -1, 1.5, 1e300,
			Double.NaN, Long.MAX_VALUE, Integer.MIN_VALUE, "${missing}", "${missing:4KB}", "${mempool.pooling}", "${",
			"#{1}", "4,,8", ",", List.of(), List.of(1, 2), List.of(List.of()), Map.of(), Map.of("a", "b"),
			new java.util.Date(0), new byte[] { 1 }, "0x10", "1e3", "+1", "-0", "1_000", "\uff14KB", "4\u00a0KB",
			"!!int 4", "PT1S", "P1D", "infinite", "unlimited", "2147483647", "2147483648", "9223372036854775807",
			"9223372036854775808");

	private RandomProperties() {
	}

	// Other jars have metadata too
	private static URL metadata() throws IOException {
		String own = MempoolAutoConfiguration.class.getProtectionDomain().getCodeSource().getLocation().getPath();
		return Collections.list(RandomProperties.class.getClassLoader().getResources(METADATA))
			.stream()
			.filter((url) -> url.getPath().contains(own))
			.findFirst()
			.orElseThrow();
	}

	private static List<Key> keys() {
		Map<String, String> types = new LinkedHashMap<>();
		try (InputStream in = metadata().openStream()) {
			for (JsonNode property : JsonMapper.shared().readTree(in).get("properties")) {
				types.put(property.get("name").asString(), property.get("type").asString());
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		List<Key> keys = new ArrayList<>();
		types.forEach((name, type) -> keys.add(new Key(name, type)));
		// Below a map, metadata has no keys: those of a pool are those of the defaults
		PropertiesStart.poolKeys().forEach((key) -> keys.add(new Key("pools.*." + key, types.get(DEFAULTS + key))));
		PropertiesStart.objectKeys()
			.forEach((key) -> keys.add(new Key("objects.*." + key, types.getOrDefault(DEFAULTS + key, "Integer"))));
		PropertiesStart.tierKeys()
			.forEach((key) -> keys
				.add(new Key("pools.*.tiers[#]." + key, types.getOrDefault(DEFAULTS + key, "DataSize"))));
		return keys;
	}

	/**
	 * Return the keys that are known.
	 */
	static List<String> names() {
		return KEYS.stream().map(Key::name).toList();
	}

	/**
	 * Choose properties.
	 * @param input decides
	 * @return the values by names with dots
	 */
	static Map<String, Object> choose(FuzzInput input) {
		Map<String, Object> chosen = new LinkedHashMap<>();
		for (int count = input.between(1, 6); count > 0; count--) {
			// Pools of buffers have most keys, and rules between them
			Key key = input.flag() ? input.pick(KEYS)
					: input.pick(KEYS.stream().filter((candidate) -> candidate.name().startsWith("pools.")).toList());
			chosen.put(key.name(input), key.value(input));
		}
		return chosen;
	}

	private record Key(String name, @Nullable String type) {

		String name(FuzzInput input) {
			String pool = input.oneIn(8) ? input.text() : input.pick(POOLS);
			String full = (this.name.startsWith("pools.") || this.name.startsWith("objects.")) ? "mempool." + this.name
					: this.name;
			full = full.replace("*", pool)
				.replace("#", Long.toString(input.oneIn(8) ? input.number() : input.below(3)));
			return switch (input.below(16)) {
				case 13 -> input.mutate(full);
				case 14 -> full.replace("-", "");
				case 15 -> full + input.pick(".x", "[0]", "[1].size", "[a]", ".", "..");
				default -> full;
			};
		}

		// What Spring Boot reads itself it reads as text
		Object value(FuzzInput input) {
			Object value = anyValue(input);
			return this.name.startsWith("management.") ? String.valueOf(value) : value;
		}

		private Object anyValue(FuzzInput input) {
			return switch (input.below(8)) {
				case 5 -> input.pick(AWKWARD);
				case 6 -> input.text();
				case 7 -> input.mutate(String.valueOf(fitting(input)));
				default -> fitting(input);
			};
		}

		private Object fitting(FuzzInput input) {
			String simple = (this.type != null) ? this.type.substring(this.type.lastIndexOf('.') + 1) : "";
			return switch (simple) {
				case "DataSize" -> size(input);
				case "Duration" -> input.number() + input.pick("", "ns", "us", "ms", "s", "m", "h", "d");
				case "Integer" -> input.flag() ? input.octet() : (Object) input.number();
				case "Boolean" -> input.pick(true, false, "on", "off", "yes", "no", 1, 0);
				case "String" -> input.pick(POOLS);
				case "MempoolProperties$Tier>" -> tiers(input);
				default -> constant(input);
			};
		}

		private static String size(FuzzInput input) {
			return input.flag() ? input.between(1, 64) + input.pick("KB", "B", "MB")
					: input.number() + input.pick("", "B", "KB", "MB", "GB", "TB", "KiB", " KB", "PB");
		}

		private static Object tiers(FuzzInput input) {
			List<Object> tiers = new ArrayList<>();
			for (int count = input.below(5); count >= 0; count--) {
				tiers.add(input.flag() ? size(input) : tier(input));
			}
			return input.flag() ? tiers
					: String.join(input.pick(",", ", ", ",,"), tiers.stream().map(String::valueOf).toList());
		}

		private static Map<String, Object> tier(FuzzInput input) {
			Map<String, Object> tier = new LinkedHashMap<>();
			tier.put("size", size(input));
			tier.put(input.pick(PropertiesStart.tierKeys()), input.flag() ? input.octet() : input.integer());
			return tier;
		}

		private Object constant(FuzzInput input) {
			try {
				Class<?> type = Class.forName(String.valueOf(this.type));
				if (type.isEnum()) {
					Object constant = input.pick(Stream.of(type.getEnumConstants()).toList());
					return input.flag() ? KebabCase.of((Enum<?>) constant)
							: constant.toString().toLowerCase(Locale.ROOT);
				}
			}
			catch (ClassNotFoundException ex) {
				// A map or a set
			}
			return input.text();
		}

	}

}
