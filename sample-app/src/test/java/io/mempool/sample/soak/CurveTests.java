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
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

import io.mempool.sample.soak.Curve.Bound;
import io.mempool.sample.soak.Curve.Direction;
import io.mempool.sample.soak.Curve.Judgement;
import io.mempool.sample.soak.Curve.Point;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link Curve}.
 */
class CurveTests {

	private static final int WARM_UP = 20;

	private final SplittableRandom random = new SplittableRandom(1);

	@Test
	void noiseIsFlat() {
		assertThat(rising((second) -> 100 + this.random.nextDouble(-3, 3)).flat()).isTrue();
	}

	@Test
	void leakBelowTheNoiseIsFound() {
		assertThat(rising((second) -> 100 + 0.1 * second + this.random.nextDouble(-3, 3)).flat()).isFalse();
	}

	@Test
	void stepThatStaysIsFound() {
		assertThat(rising((second) -> (second < 60) ? 100 : 105).flat()).isFalse();
	}

	@Test
	void leakThatSlowsDownIsFound() {
		assertThat(rising((second) -> 100 + Math.sqrt(second)).flat()).isFalse();
	}

	@Test
	void outliersAreNoLeak() {
		assertThat(rising((second) -> (second > 80 && second % 3 == 0) ? 500 : 100).flat()).isTrue();
	}

	@Test
	void whatRisesInTheWarmUpOnlyIsFlat() {
		assertThat(rising((second) -> Math.min(second, WARM_UP)).flat()).isTrue();
	}

	@Test
	void fallIsNoLeak() {
		assertThat(rising((second) -> 100 - second).flat()).isTrue();
	}

	@Test
	void throughputThatFallsIsFound() {
		assertThat(judge(Direction.FALL, (second) -> 1000 - 3 * second).flat()).isFalse();
		assertThat(judge(Direction.FALL, (second) -> 1000 + 3 * second).flat()).isTrue();
	}

	@Test
	void trendIsThatOfMostPoints() {
		assertThat(rising((second) -> 0.1 * second + ((second % 10 == 0) ? 200 : 0)).slopePerHour()).isCloseTo(360,
				within(20.0));
	}

	@Test
	void whatAnOperationMayLeaveUnnoticedIsKnown() {
		// Between the middles of the thirds are 54 seconds, with 10 operations each
		assertThat(rising((second) -> 100).unnoticed()).isCloseTo(2.0 / 540, within(0.0001));
	}

	@Test
	void tooFewPointsAreNoProof() {
		Judgement judgement = new Curve("figure", "MiB", Direction.RISE, new Bound(2, 0), List.of(new Point(30, 0, 1)))
			.judge(WARM_UP);
		assertThat(judgement.flat()).isFalse();
	}

	private static Judgement rising(IntToDoubleFunction figure) {
		return judge(Direction.RISE, figure);
	}

	private static Judgement judge(Direction direction, IntToDoubleFunction figure) {
		List<Point> points = IntStream.range(0, 100)
			.mapToObj((second) -> new Point(second, 10 * second, figure.applyAsDouble(second)))
			.toList();
		return new Curve("figure", "MiB", direction, new Bound(2, 0), points).judge(WARM_UP);
	}

}
