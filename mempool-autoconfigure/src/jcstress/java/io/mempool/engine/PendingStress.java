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

package io.mempool.engine;

import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolClosedException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * Memory beyond the heap, and the close of its pool.
 */
public final class PendingStress {

	private static final AdmissionPolicy ADMISSION = new AdmissionPolicy(ExhaustionPolicy.FAIL,
			AdmissionPolicy.DEFAULT_MAX_WAIT);

	private PendingStress() {
	}

	/**
	 * A pool is closed, which frees the memory of open leases, while one begins.
	 */
	@JCStressTest
	@Outcome(id = "taken, freed", expect = Expect.ACCEPTABLE, desc = "the close found it, or it saw the close")
	@Outcome(id = "refused, none", expect = Expect.ACCEPTABLE, desc = "closed before")
	@Outcome(id = "taken, kept", expect = Expect.FORBIDDEN, desc = "memory of a closed pool, until its release")
	@Outcome(expect = Expect.FORBIDDEN, desc = "memory that no lease has")
	@State
	public static class CreateAndClose {

		private final Account account = new Account("stress", SharedBudget.unlimited(), Long.MAX_VALUE);

		private final Source source = new Source();

		private final Tier<Piece> tier = new Tier<>(this.account, 1, new Caps(1, 1, 0), this.source, null);

		@Actor
		public void create(LL_Result result) {
			try {
				result.r1 = (ADMISSION.tryAcquire(this.tier, 1) != null) ? "taken" : "not taken";
			}
			catch (PoolClosedException ex) {
				result.r1 = "refused";
			}
		}

		@Actor
		public void close() {
			this.account.exclusively(() -> {
				this.tier.close();
				this.account.close();
				return null;
			});
			this.account.revoke();
		}

		@Arbiter
		public void judge(LL_Result result) {
			Piece piece = this.source.piece;
			if (piece == null) {
				result.r2 = "none";
			}
			else {
				result.r2 = piece.memory.freed ? "freed" : "kept";
			}
		}

	}

	/**
	 * A block that has memory beyond the heap.
	 */
	private static final class Piece extends Block {

		private final Memory memory = new Memory();

		@Override
		protected Remains remains() {
			return this.memory;
		}

	}

	/**
	 * Memory that is freed at once.
	 */
	private static final class Memory implements Block.Remains {

		private volatile boolean freed;

		@Override
		public void free(boolean inDoubt, Runnable gone) {
			this.freed = true;
			gone.run();
		}

	}

	/**
	 * Creates one block.
	 */
	private static final class Source implements BlockSource<Piece> {

		private volatile Piece piece;

		@Override
		public Piece create(int size) {
			Piece piece = new Piece();
			this.piece = piece;
			return piece;
		}

		@Override
		public boolean resets() {
			return false;
		}

		@Override
		public boolean reset(Piece block, int extent) {
			return true;
		}

	}

}
