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
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Soaks applications for a minute, and one that leaks on purpose. {@code .bench/soak}
 * does the same for longer.
 */
@Tag("slow")
@EnabledOnOs(OS.LINUX)
class SoakTests {

	@Test
	void applicationsTakeNoMoreAfterAMinute() throws Exception {
		List<SoakResult> results = soak(Duration.ofMinutes(1), SoakTarget.servlet(), SoakTarget.reactive());
		assertThat(results).hasSize(2)
			.allSatisfy((result) -> assertThat(result.operations().values()).allMatch((count) -> count > 0))
			.allSatisfy((result) -> assertThat(result.rejections()).isEmpty());
	}

	@Test
	void applicationThatLeaksIsRejected() throws Exception {
		SoakResult result = soak(Duration.ofSeconds(20), SoakTarget.servlet("soak.leaking=true")).get(0);
		assertThat(result.complaints()).isEmpty();
		assertThat(result.rejections()).anySatisfy((rejection) -> assertThat(rejection).startsWith("heap after"))
			.anySatisfy((rejection) -> assertThat(rejection).startsWith("threads"))
			.anySatisfy((rejection) -> assertThat(rejection).startsWith("descriptors"));
	}

	private static List<SoakResult> soak(Duration length, SoakTarget... targets) throws Exception {
		List<SoakResult> results = new Soak(length).run(List.of(targets));
		System.out.println(new SoakReport(length, results).text());
		return results;
	}

}
