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

package io.mempool.buffer;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * Native memory that is freed from two sides.
 */
public final class RemainsStress {

	private RemainsStress() {
	}

	/**
	 * A lease ends while its pool is closed.
	 */
	@JCStressTest
	@Outcome(id = "1 freed, 2 told", expect = Expect.ACCEPTABLE, desc = "freed by one, and both know")
	@Outcome(id = "2 freed, .*", expect = Expect.FORBIDDEN, desc = "freed twice: the second time it has another owner")
	@Outcome(id = "1 freed, .*", expect = Expect.FORBIDDEN, desc = "its bytes count for ever, or are given back twice")
	@Outcome(expect = Expect.FORBIDDEN, desc = "never freed")
	@State
	public static class FreeAndFree {

		private final Memory memory = new Memory();

		private final AtomicInteger told = new AtomicInteger();

		@Actor
		public void release() {
			this.memory.free(false, this.told::incrementAndGet);
		}

		@Actor
		public void close() {
			this.memory.free(false, this.told::incrementAndGet);
		}

		@Arbiter
		public void judge(LL_Result result) {
			result.r1 = this.memory.freed + " freed";
			result.r2 = this.told.get() + " told";
		}

	}

	/**
	 * Memory that no call of the operating system uses.
	 */
	private static final class Memory extends NativeRemains {

		private volatile int freed;

		Memory() {
			super(ByteBuffer.allocate(0));
		}

		// The monitor is held
		@Override
		boolean tryFree() {
			this.freed++;
			return true;
		}

	}

}
