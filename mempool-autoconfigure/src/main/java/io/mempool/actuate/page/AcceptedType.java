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

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.web.EndpointMediaTypes;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * What a request gets that refuses types: those with a quality of 0, which the mappings
 * of web frameworks take for a low one.
 *
 * @param type the type to send, {@code null} if all that there is was refused
 */
record AcceptedType(@Nullable MediaType type) {

	// JSON first: it is what a request gets that prefers nothing
	private static final List<MediaType> TYPES = types();

	private static final Set<String> WITHOUT_MEANING = Set.of("q", "charset");

	private static final Comparator<Range> BY_SPECIFICITY = Comparator
		.comparing((Range range) -> range.type().isWildcardType())
		.thenComparing((range) -> range.type().isWildcardSubtype());

	/**
	 * Choose among the page and the types of JSON (RFC 9110, 12.5.1). Of types with the
	 * same quality the one that is mentioned first is chosen.
	 * @param accept the headers
	 * @return what was chosen; {@code null} if nothing is refused, or the headers are
	 * malformed
	 */
	static @Nullable AcceptedType of(List<String> accept) {
		List<Range> ranges = ranges(accept);
		if (ranges.stream().allMatch((range) -> range.quality() > 0)) {
			return null;
		}
		MediaType best = null;
		Range rangeOfBest = null;
		for (MediaType type : TYPES) {
			Range range = rangeOf(type, ranges);
			if (range != null && range.isBetterThan(rangeOfBest)) {
				best = type;
				rangeOfBest = range;
			}
		}
		return new AcceptedType(best);
	}

	/**
	 * Return whether the page was chosen.
	 */
	boolean isHtml() {
		return MediaType.TEXT_HTML.equals(this.type);
	}

	private static List<MediaType> types() {
		List<MediaType> types = new ArrayList<>(MediaType.parseMediaTypes(EndpointMediaTypes.DEFAULT.getProduced()));
		types.add(MediaType.TEXT_HTML);
		return List.copyOf(types);
	}

	private static List<Range> ranges(List<String> accept) {
		List<Range> ranges = new ArrayList<>();
		try {
			for (MediaType type : MediaType.parseMediaTypes(accept)) {
				ranges.add(new Range(type, type.getQualityValue(), ranges.size()));
			}
			return ranges;
		}
		catch (InvalidMediaTypeException ex) {
			return List.of();
		}
	}

	/**
	 * The range that decides on a type: the most specific one that includes it.
	 */
	private static @Nullable Range rangeOf(MediaType type, List<Range> ranges) {
		return ranges.stream().filter((range) -> range.includes(type)).min(BY_SPECIFICITY).orElse(null);
	}

	/**
	 * A part of the header.
	 *
	 * @param type the types it is for
	 * @param quality how much they are wanted, {@code 0} if not at all
	 * @param index its place
	 */
	private record Range(MediaType type, double quality, int index) {

		boolean includes(MediaType other) {
			return this.type.includes(other) && WITHOUT_MEANING.containsAll(this.type.getParameters().keySet());
		}

		boolean isBetterThan(@Nullable Range other) {
			if (this.quality == 0 || other == null) {
				return this.quality > 0;
			}
			return this.quality > other.quality || (this.quality == other.quality && this.index < other.index);
		}

	}

}
