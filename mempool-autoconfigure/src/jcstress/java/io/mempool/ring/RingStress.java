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

package io.mempool.ring;

import java.util.stream.Collectors;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * Threads that push into a ring, pop and list what is in it.
 */
public final class RingStress {

	private RingStress() {
	}

	private static Ring<Integer> ringOf(int capacity, int elements) {
		Ring<Integer> ring = new RingQueue<>(capacity);
		for (int i = 1; i <= elements; i++) {
			ring.push(i);
		}
		return ring;
	}

	// Without brackets, since an outcome may be a regular expression
	private static String content(Ring<?> ring) {
		String content = ring.snapshot().stream().map(String::valueOf).collect(Collectors.joining(" then "));
		return content.isEmpty() ? "empty" : content;
	}

	/**
	 * Two pushes into a full ring, of which each overwrites one element.
	 */
	@JCStressTest
	@Outcome(id = { "1, 2, 3 then 4", "2, 1, 4 then 3" }, expect = Expect.ACCEPTABLE, desc = "one after the other")
	@Outcome(expect = Expect.FORBIDDEN, desc = "an element was lost, or overwritten twice")
	@State
	public static class PushAndPush {

		private final Ring<Integer> ring = ringOf(2, 2);

		@Actor
		public void first(LLL_Result result) {
			result.r1 = this.ring.push(3);
		}

		@Actor
		public void second(LLL_Result result) {
			result.r2 = this.ring.push(4);
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r3 = content(this.ring);
		}

	}

	/**
	 * Two pops of two elements.
	 */
	@JCStressTest
	@Outcome(id = { "1, 2, empty", "2, 1, empty" }, expect = Expect.ACCEPTABLE, desc = "one element each")
	@Outcome(expect = Expect.FORBIDDEN, desc = "popped twice, or not at all")
	@State
	public static class PopAndPop {

		private final Ring<Integer> ring = ringOf(2, 2);

		@Actor
		public void first(LLL_Result result) {
			result.r1 = this.ring.pop();
		}

		@Actor
		public void second(LLL_Result result) {
			result.r2 = this.ring.pop();
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r3 = content(this.ring);
		}

	}

	/**
	 * A push overwrites what a pop takes.
	 */
	@JCStressTest
	@Outcome(id = "1, 2, 3", expect = Expect.ACCEPTABLE, desc = "overwritten first")
	@Outcome(id = "null, 1, 2 then 3", expect = Expect.ACCEPTABLE, desc = "popped first")
	@Outcome(expect = Expect.FORBIDDEN, desc = "popped and overwritten, or lost")
	@State
	public static class PushAndPop {

		private final Ring<Integer> ring = ringOf(2, 2);

		@Actor
		public void push(LLL_Result result) {
			result.r1 = this.ring.push(3);
		}

		@Actor
		public void pop(LLL_Result result) {
			result.r2 = this.ring.pop();
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r3 = content(this.ring);
		}

	}

	/**
	 * Two pushes of one thread into an empty ring, and two looks of another.
	 */
	@JCStressTest
	@Outcome(id = { "null, null", "null, 1", "null, 2", "1, 1", "1, 2", "2, 2" }, expect = Expect.ACCEPTABLE,
			desc = "as it was at some instant")
	@Outcome(expect = Expect.FORBIDDEN, desc = "an older element after a newer one")
	@State
	public static class PushesAndPeeks {

		private final Ring<Integer> ring = ringOf(1, 0);

		@Actor
		public void push() {
			this.ring.push(1);
			this.ring.push(2);
		}

		@Actor
		public void peek(LL_Result result) {
			result.r1 = this.ring.peek();
			result.r2 = this.ring.peek();
		}

	}

	/**
	 * What was written before a push is read after a pop.
	 */
	@JCStressTest
	@Outcome(id = { "null, null", "null, 1", "1, 1" }, expect = Expect.ACCEPTABLE, desc = "published")
	@Outcome(expect = Expect.FORBIDDEN, desc = "popped before it was written")
	@State
	public static class PublishAndPop {

		private final Ring<int[]> ring = new RingQueue<>(1);

		@Actor
		public void push() {
			int[] element = new int[1];
			element[0] = 1;
			this.ring.push(element);
		}

		@Actor
		public void pop(LL_Result result) {
			result.r1 = content(this.ring.peek());
			result.r2 = content(this.ring.pop());
		}

		private static Object content(int[] element) {
			return (element != null) ? element[0] : null;
		}

	}

}
