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

package io.mempool.web.servlet;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.junit.jupiter.api.Test;

import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WatchedRequests}.
 */
class WatchedRequestsTests {

	private final WatchedRequests watched = new WatchedRequests();

	private final MockHttpServletRequest request = new MockHttpServletRequest();

	@Test
	void requestIsWatchedUntilItIsRemoved() {
		int place = this.watched.add(this.request);
		assertThat(this.watched.contains(this.request)).isTrue();
		this.watched.remove(this.request, place);
		assertThat(this.watched.contains(this.request)).isFalse();
	}

	@Test
	void wrapperIsWatchedWithItsRequest() {
		this.watched.add(new HttpServletRequestWrapper(this.request));
		assertThat(this.watched.contains(new HttpServletRequestWrapper(this.request))).isTrue();
		assertThat(this.watched.add(this.request)).isEqualTo(WatchedRequests.NESTED);
	}

	@Test
	void otherRequestIsNotWatched() {
		this.watched.add(this.request);
		assertThat(this.watched.contains(new MockHttpServletRequest())).isFalse();
	}

	@Test
	void moreRequestsThanTheTableHasPlacesForAreWatchedToo() {
		WatchedRequests small = new WatchedRequests(1);
		List<ServletRequest> requests = Stream.<ServletRequest>generate(MockHttpServletRequest::new).limit(20).toList();
		List<Integer> places = requests.stream().map(small::add).toList();
		assertThat(requests).allMatch(small::contains);
		assertThat(requests).extracting(small::add).containsOnly(WatchedRequests.NESTED);
		IntStream.range(0, 20).forEach((i) -> small.remove(requests.get(i), places.get(i)));
		assertThat(requests).noneMatch(small::contains)
			.allSatisfy((request) -> assertThat(Collections.list(request.getAttributeNames())).isEmpty());
	}

}
