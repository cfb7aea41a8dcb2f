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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How a figure developed, and how much it may change. The beginning does not count:
 * caches fill and code is compiled. The rest is judged by the medians of its first and
 * its last third, which outliers do not move.
 *
 * @param name what it is
 * @param unit its unit
 * @param direction which change is bad
 * @param bound how much it may change in this direction
 * @param points the figures
 */
record Curve(String name, String unit, Direction direction, Bound bound, List<Point> points) {

	private static final int LEAST_POINTS = 6;

	private static final int SECONDS_PER_HOUR = 3600;

	/**
	 * Judge what came after the warm-up.
	 * @param warmUp how long that is, in seconds
	 */
	Judgement judge(double warmUp) {
		List<Point> judged = this.points.stream()
			.filter((point) -> point.seconds() >= warmUp && !Double.isNaN(point.value()))
			.toList();
		if (judged.size() < LEAST_POINTS) {
			return new Judgement(this, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0, false);
		}
		int third = judged.size() / 3;
		List<Point> early = judged.subList(0, third);
		List<Point> late = judged.subList(judged.size() - third, judged.size());
		double first = median(early.stream().mapToDouble(Point::value).toArray());
		double last = median(late.stream().mapToDouble(Point::value).toArray());
		double change = (this.direction == Direction.RISE) ? last - first : first - last;
		double allowed = this.bound.of(first);
		double operations = median(late.stream().mapToDouble(Point::operations).toArray())
				- median(early.stream().mapToDouble(Point::operations).toArray());
		return new Judgement(this, first, last, allowed, slope(judged) * SECONDS_PER_HOUR, operations,
				change <= allowed);
	}

	/**
	 * Return the median of the slopes between all pairs of points (Theil and Sen), per
	 * second.
	 */
	private static double slope(List<Point> points) {
		List<Double> slopes = new ArrayList<>();
		for (int i = 0; i < points.size(); i++) {
			for (int j = i + 1; j < points.size(); j++) {
				double seconds = points.get(j).seconds() - points.get(i).seconds();
				if (seconds > 0) {
					slopes.add((points.get(j).value() - points.get(i).value()) / seconds);
				}
			}
		}
		return median(slopes.stream().mapToDouble(Double::doubleValue).toArray());
	}

	static double median(double[] values) {
		if (values.length == 0) {
			return Double.NaN;
		}
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		int half = sorted.length / 2;
		return (sorted.length % 2 == 1) ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
	}

	/**
	 * A figure at a time.
	 *
	 * @param seconds the time, in seconds since the load began
	 * @param operations how many operations there had been
	 * @param value the figure, {@code NaN} if there was none
	 */
	record Point(double seconds, double operations, double value) {

	}

	/**
	 * Which change of a figure is bad.
	 */
	enum Direction {

		RISE, FALL

	}

	/**
	 * How much a figure may change.
	 *
	 * @param absolute in its unit
	 * @param share and as a share of what it was first
	 */
	record Bound(double absolute, double share) {

		double of(double first) {
			return this.absolute + this.share * Math.abs(first);
		}

	}

	/**
	 * What is said of a curve.
	 *
	 * @param curve the curve
	 * @param first the median of the first third
	 * @param last the median of the last third
	 * @param allowed the change that is allowed
	 * @param slopePerHour the trend
	 * @param operations how many operations were between the two thirds
	 * @param flat whether the change is within what is allowed
	 */
	record Judgement(Curve curve, double first, double last, double allowed, double slopePerHour, double operations,
			boolean flat) {

		/**
		 * Return how much of the figure one operation may leave behind unnoticed.
		 */
		double unnoticed() {
			return this.allowed / this.operations;
		}

		@Override
		public String toString() {
			return "%s: %.2f %s in the first third, %.2f in the last; may %s by %.2f".formatted(this.curve.name(),
					this.first, this.curve.unit(), this.last,
					(this.curve.direction() == Direction.RISE) ? "rise" : "fall", this.allowed);
		}

	}

}
