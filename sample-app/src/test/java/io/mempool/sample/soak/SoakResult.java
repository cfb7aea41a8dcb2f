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

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.mempool.sample.soak.Curve.Judgement;

/**
 * What came of soaking an application.
 *
 * @param name its name
 * @param samples what was seen of it
 * @param judgements what is said of its curves
 * @param complaints what else was wrong: content, statistics, errors in its log
 * @param operations how many there were of each surface
 * @param hangUps how often a client hung up
 * @param changes how often its pools were changed
 */
record SoakResult(String name, List<Sample> samples, List<Judgement> judgements, List<String> complaints,
		Map<String, Long> operations, long hangUps, long changes) {

	/**
	 * Return why it is rejected: nothing if it is not.
	 */
	List<String> rejections() {
		return Stream
			.concat(this.complaints.stream(),
					this.judgements.stream().filter((judgement) -> !judgement.flat()).map(Judgement::toString))
			.toList();
	}

}
