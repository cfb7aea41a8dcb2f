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

package io.mempool.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Ways to break the engine on purpose: each replaces one piece of its source. A suite
 * that proves the engine sound must reject every one of them.
 */
public enum Flaw {

	/**
	 * A release ends the lease but is never stored as a return: the block never becomes
	 * idle.
	 */
	LOST_RELEASE_STORE("engine/BlockLease.java", "slot.compareAndSet(version | 1, version | Slot.IDLE)",
			"slot.compareAndSet(version | 1, version)"),

	/**
	 * A claim looks and then writes: two threads may both find the block idle, which is
	 * what a block put back twice would let them do.
	 */
	DOUBLE_PUT("engine/Slot.java", "next < 0 || !STATE.compareAndSet(this, state, next)",
			"next < 0 || !setLater(this, next)",
			"private static boolean setLater(Slot<?> slot, long next) { Thread.yield(); slot.state = next; return true; }"),

	/**
	 * One block more than allowed exists.
	 */
	OFF_BY_ONE_CAP("engine/Admission.java", "this.counters.existing >= this.sizeClass.caps().maxTotal()",
			"this.counters.existing > this.sizeClass.caps().maxTotal()"),

	/**
	 * A claim does not begin a new version: handles of the last lease are alive again.
	 */
	RECYCLED_HANDLE("engine/Slot.java", "long next = (state - IDLE) + VERSION_ONE + 1;",
			"long next = (state - IDLE) + 1;"),

	/**
	 * A release looks and then writes: two of them may both succeed.
	 */
	DOUBLE_RELEASE("engine/BlockLease.java", "slot.compareAndSet(version | 1, version | Slot.IDLE)",
			"releaseLater(slot, version)",
			"private static boolean releaseLater(Slot<?> slot, long version) { if (slot.state != (version | 1)) "
					+ "return false; Thread.yield(); slot.state = version | Slot.IDLE; return true; }"),

	/**
	 * A return wakes no thread.
	 */
	LOST_WAKE_UP("engine/Returns.java", "signal(TierSignals.DRY, false);\n\t\t\tthis.budget.wake();",
			"signal(TierSignals.DRY, false);"),

	/**
	 * A lower cap on idle blocks leaves one place too many.
	 */
	OFF_BY_ONE_RESIZE("engine/Inventory.java", "while (this.freeList.size() > places) {",
			"while (this.freeList.size() > places + 1) {"),

	/**
	 * A returning block stays although more exist than a lowered cap or limit allows.
	 */
	KEPT_OVER_LOWERED_CAP("engine/Inventory.java", "(reason == null && isOverfull(slot))",
			"(false && isOverfull(slot))"),

	/**
	 * Leased blocks of a replaced tier return to it as if it were in use.
	 */
	NEVER_RETIRED("engine/Tier.java",
			"this.sizeClass.end(DiscardReason.TRIMMED);\n\t\t\tthis.inventory.clear(DiscardReason.TRIMMED);",
			"this.inventory.discardIdle(DiscardReason.TRIMMED, Long.MAX_VALUE);"),

	/**
	 * A block expires although it was used since the last look.
	 */
	EXPIRED_IN_USE("engine/Slot.java", "!wanted || this.aged != state || !isIdle(state)", "!wanted || !isIdle(state)"),

	/**
	 * Under pressure a block counts as long idle although it was used since the last
	 * collection.
	 */
	RELIEVED_IN_USE("engine/Slot.java", "return isIdle(state) && this.looked == state;", "return isIdle(state);"),

	/**
	 * Under pressure a tier gives all it has, and not what is needed.
	 */
	RELIEVED_TOO_MUCH("engine/Relief.java", "open -= step.take(open, untouched, given);",
			"open -= step.take(Long.MAX_VALUE, untouched, given);"),

	/**
	 * Under pressure what a slab gives does not count, so that more goes than is needed.
	 */
	RELIEVED_SLAB_UNCOUNTED("engine/Account.java", "given += other.discardIdleBeside(", "other.discardIdleBeside("),

	/**
	 * The cap on idle blocks grows although it was set.
	 */
	GROWS_UNASKED("engine/IdleGrowth.java", "if (maxIdle >= this.limit) {\n\t\t\treturn false;",
			"if (maxIdle >= this.limit) {\n\t\t\treturn true;"),

	// For tests in which errors happen

	/**
	 * The lock is taken with any rest of the stack.
	 */
	NO_STACK_RESERVE("engine/StackReserve.java", "return (frames == 0) ? 0 : descend(frames - 1) + 1;", "return 0;"),

	/**
	 * A return that was not finished is not looked for.
	 */
	RETURN_NEVER_FOUND("engine/Slot.java", "if (isIdle(state)) {\n\t\t\treturn;",
			"if (!isLeased(state)) {\n\t\t\treturn;"),

	/**
	 * The slot of a failed request stays counted.
	 */
	ADMISSION_NOT_UNDONE("engine/Request.java", "this.admission.creation().forget(slot, reason);", ""),

	/**
	 * To undo an admission allocates memory, and the JVM may have none.
	 */
	UNDO_ALLOCATES("engine/Creation.java", "this.inventory.forget(slot, reason);",
			"Runnable undo = () -> this.inventory.forget(slot, reason); undo.run();"),

	/**
	 * A place is counted before it is there.
	 */
	COUNTED_BEFORE_PLACED("engine/FreeList.java", "put(slot, this.size);\n\t\tthis.size++;",
			"this.size++; put(slot, new Integer[] { this.size - 1 }[0]);"),

	/**
	 * To list a block for destruction allocates memory.
	 */
	DISPOSAL_ALLOCATES("engine/WatchedBlocks.java", "reference.next = this.disposed;",
			"reference.next = new java.util.ArrayList<>(java.util.Collections.singletonList(this.disposed)).get(0);"),

	/**
	 * A request is admitted although an earlier one waits for the same.
	 */
	PASSED_IN_THE_QUEUE("engine/WaitQueue.java",
			"return first != null && first != request && first.cameBefore(request);", "return false;"),

	/**
	 * A discarded block stops counting before it is destroyed.
	 */
	GIVEN_BACK_EARLY("engine/Inventory.java", "boolean counts = this.source.destroys();", "boolean counts = false;"),

	// For models of what is done with the lock held

	/**
	 * What a pool takes does not count against the budget that it shares.
	 */
	BUDGET_NOT_CHARGED("engine/Account.java", "this.used += bytes;\n\t\t\tthis.budget.add(bytes);",
			"this.used += bytes;"),

	/**
	 * Memory that is reported as free twice is given back twice.
	 */
	PENDING_ENDED_TWICE("engine/BlockReference.java", "boolean pending = this.pending;\n\t\tthis.pending = false;",
			"boolean pending = this.pending;"),

	/**
	 * Memory that took time to free counts for ever.
	 */
	PENDING_NEVER_ENDED("engine/Inventory.java", "addPending(slot, -1);\n\t\t\t\trelease(slot);",
			"addPending(slot, -1);"),

	/**
	 * A request is refused while memory is being freed for it.
	 */
	PENDING_IS_NO_REASON("engine/Request.java", "boolean pending = this.shortage == Shortage.PENDING;",
			"boolean pending = false;"),

	/**
	 * The successor of a tier does not continue its totals.
	 */
	COUNTERS_FORGOTTEN("engine/Tier.java", "this.counters.close(census());", ""),

	/**
	 * The successor of a tier does not know of the blocks that are out.
	 */
	COUNTERS_STARTED_ANEW("engine/Account.java", "return this.counters.computeIfAbsent(capacity, TierCounters::new);",
			"TierCounters counters = new TierCounters(capacity); this.counters.put(capacity, counters); return counters;"),

	/**
	 * Blocks that are leased when a limit is lowered return as if it were not.
	 */
	KEPT_OVER_LOWERED_LIMIT("engine/Account.java", "this.tiers.get(i).shrinkToLimit();", ""),

	/**
	 * A slab without blocks counts for ever.
	 */
	SLAB_NEVER_GIVEN_BACK("engine/Inventory.java", "slot.weight += slabs.release(space, inDoubt);",
			"slabs.release(space, inDoubt);"),

	/**
	 * The block that a slab was created for counts as much as the slab, which counts too.
	 */
	SLAB_COUNTED_TWICE("engine/Creation.java", "slot.weight = 0;", ""),

	/**
	 * Space of a slab is used again although its block was discarded in doubt.
	 */
	DOUBTFUL_SPACE_REUSED("engine/Inventory.java", "giveSpaceBack(slot, BlockReference.isInDoubt(reason));",
			"giveSpaceBack(slot, false);"),

	/**
	 * Space of a slab is used again although the lease of its block was lost.
	 */
	LOST_SPACE_REUSED("engine/Inventory.java", "giveSpaceBack(slot, true);", "giveSpaceBack(slot, false);"),

	/**
	 * Space that was carved for a block which could not be created is never released.
	 */
	SPACE_LEFT_BEHIND("engine/Preallocation.java",
			"this.account.giveBack(this.sizeClass.slabs().release(space, false));", ""),

	/**
	 * A request is refused although idle blocks of a slab leave a hole for it.
	 */
	NOT_CARVED_FROM_IDLE("engine/Admission.java", "!this.inventory.carveFromIdle(slot, request)", "true"),

	/**
	 * A pool that is closed gives back what its preallocated blocks have taken, and they
	 * give it back too.
	 */
	PREALLOCATION_GIVEN_BACK_TWICE("engine/Preallocation.java", "this.reserved -= weight;", ""),

	/**
	 * What a lost lease held counts for ever.
	 */
	LOST_STAYS_COUNTED("engine/Inventory.java", "giveSpaceBack(slot, true);\n\t\trelease(slot, counts);",
			"giveSpaceBack(slot, true);"),

	/**
	 * A hole is not merged with the hole that follows it.
	 */
	HOLES_NOT_MERGED("buffer/Slabs.java", "if (next != null && next.state() == State.FREE) {", "if (false) {"),

	/**
	 * A slab is dropped although a block has a range of it.
	 */
	DROPPED_WITH_A_BLOCK("buffer/Slabs.java", "(slab.taken() == 0) ? drop(slab) : 0",
			"(slab.taken() <= 1) ? drop(slab) : 0"),

	/**
	 * A slab that is retired gives ranges, of which one may be in doubt.
	 */
	HOLE_OF_A_RETIRED_SLAB("buffer/Slabs.java", "if (!slab.isRetired()) {\n\t\t\t\tcoalesce(range);",
			"if (true) {\n\t\t\t\tcoalesce(range);"),

	/**
	 * A request takes the first hole of a bin, however long.
	 */
	FIRST_HOLE_TAKEN("buffer/Slabs.java", "while (hole != null && hole.length() < size) {",
			"while (hole != null && hole.length() < 0) {"),

	/**
	 * Requests that wait for a tier stay there when it is replaced.
	 */
	WAITERS_NOT_MOVED("engine/Tier.java", "this.admission.queue().moveFrom(this.admission);", ""),

	/**
	 * Requests that wait for the budget still count at a tier that was replaced.
	 */
	WAITERS_COUNTED_AT_FORMER("engine/Tier.java", "this.budget.queue().moveFrom(this.admission);", ""),

	/**
	 * A request that moves to another queue goes to its end.
	 */
	TURN_LOST("engine/WaitQueue.java", "while (before != null && request.cameBefore(before)) {",
			"while (before != null && before.queue != this) {"),

	/**
	 * A request that gives up keeps the wake-up that the next one needs.
	 */
	HAND_OVER_LOST("engine/Request.java",
			"budget.waiting().dequeue(this);\n\t\t\t\t// Pass on a wake-up that this "
					+ "request may have consumed, or memory that\n\t\t\t\t// it did not need\n\t\t\t\tbudget.wake();",
			"budget.waiting().dequeue(this);"),

	/**
	 * A request that moves to another queue does not wake those that it no longer blocks.
	 */
	MOVED_IN_SILENCE("engine/Request.java", "if (moves) {", "if (false) {"),

	/**
	 * Of requests in several queues that one return wakes, the thread decides that runs
	 * first.
	 */
	PASSED_ACROSS_QUEUES("engine/Request.java", "budget.waiting().serveBefore(this);", ""),

	/**
	 * A request that another thread has served ends with its interrupt.
	 */
	SERVED_BUT_INTERRUPTED("engine/Request.java", "if (!this.admitted) {", "if (true) {"),

	/**
	 * A request waits on at a budget when its pool is closed.
	 */
	ENDED_IN_SILENCE("engine/Account.java", "this.budget.queue().wakeAll();", ""),

	/**
	 * Memory in doubt is freed although a view of it is reachable.
	 */
	FREED_IN_DOUBT("buffer/NativeRemains.java", "|| (this.inDoubt && !refersTo(null))", ""),

	/**
	 * Memory that is gone is freed again.
	 */
	FREED_AGAIN("buffer/NativeRemains.java", "synchronized (this) {\n\t\t\tif (this.done) {",
			"synchronized (this) {\n\t\t\tif (false) {"),

	/**
	 * Only the first call that frees memory is told that it is gone.
	 */
	OTHERS_NOT_TOLD("buffer/NativeRemains.java", "if (othersGone != null) {", "if (false) {"),

	/**
	 * The task that frees pending memory ends although memory became pending meanwhile.
	 */
	RECLAIMER_ENDS_EARLY("buffer/NativeReclaimer.java", "pending.get() == null && !missed && this.task != null",
			"this.task != null"),

	/**
	 * The task ends although memory was freed meanwhile that could not become pending.
	 */
	MISSED_IS_FORGOTTEN("buffer/NativeReclaimer.java", "pending.get() == null && !missed && this.task != null",
			"pending.get() == null && this.task != null"),

	// Windows of some nanoseconds, for tests that can hit them

	/**
	 * An idle block is removed without a check whether it was claimed meanwhile.
	 */
	TRIMMED_WHILE_CLAIMED("engine/Slot.java", "return compareAndSet(idle, idle - IDLE) ? block : null;",
			"this.state = idle - IDLE; return block;"),

	/**
	 * A leased block loses its place without a check whether it returned meanwhile.
	 */
	DETACHED_WHILE_RETURNED("engine/Slot.java", "if (compareAndSet(state, state | DETACHED)) {",
			"if (setLater(this, state | DETACHED)) {",
			"private static boolean setLater(Slot<?> slot, long next) { slot.state = next; return true; }"),

	/**
	 * A block can be acquired before it is cleared.
	 */
	CLEARED_LATE("engine/Tier.java", "unused = this.source.reset(block, extent);",
			"unused = true; if (slot.compareAndSet(state, (state & Slot.VERSION) | Slot.IDLE)) { Thread.yield(); "
					+ "this.source.reset(block, extent); returned(); return; }"),

	/**
	 * A slot that cleared its block is idle before it has the block again.
	 */
	IDLE_BEFORE_BLOCK("engine/Inventory.java",
			"slot.block = block;\n\t\t\tthis.freeList.hint(slot);\n\t\t\tidle(slot, (slot.state & Slot.VERSION) | Slot.IDLE);",
			"idle(slot, (slot.state & Slot.VERSION) | Slot.IDLE); Thread.yield(); slot.block = block;"),

	/**
	 * A slot gets its new block, and may not see the thread that took its place
	 * meanwhile.
	 */
	CREATED_WITHOUT_FENCE("engine/Creation.java", "VarHandle.fullFence();", ""),

	/**
	 * A release that leaves references of other handles does not mark that: a second
	 * release of the same handle may take one of them.
	 */
	UNMARKED_RELEASE("engine/BlockLease.java", "&& dropReference(version, flag, Slot.SHARED);",
			"&& dropReference(version, flag, 0);"),

	/**
	 * A waiting thread sleeps at once, without a look for blocks that returned before.
	 */
	NO_SECOND_LOOK("engine/Request.java", "continue;", ""),

	/**
	 * A block that returned after a failed search stays unknown to threads that search
	 * only after a return.
	 */
	LOST_RETURN("engine/TierSignals.java", "(this.signals & (DRY | AWAITED | EXHAUSTED)) != 0",
			"(this.signals & AWAITED) != 0"),

	/**
	 * A tier is marked as dry without a look for blocks that returned before the mark.
	 */
	DRY_AT_FIRST_LOOK("engine/Admission.java",
			"this.freeList.signal(TierSignals.DRY, true);\n\t\t\tblock = this.freeList.claimAgain(false);",
			"Thread.yield(); this.freeList.signal(TierSignals.DRY, true);"),

	/**
	 * The return is a plain store: the thread may read the signals before other threads
	 * see the return.
	 */
	RETURNED_WITHOUT_FENCE("engine/BlockLease.java", "slot.compareAndSet(version | 1, version | Slot.IDLE)",
			"slot.state == (version | 1) && storeReturn(slot, version | Slot.IDLE)",
			"private static final VarHandle STATE; static { try { STATE = MethodHandles.lookup()"
					+ ".findVarHandle(SlotLayout.Word.class, \"state\", long.class); } "
					+ "catch (ReflectiveOperationException ex) { throw new ExceptionInInitializerError(ex); } } "
					+ "private static boolean storeReturn(Slot<?> slot, long state) { "
					+ "STATE.setRelease(slot, state); return true; }"),

	/**
	 * One look at each block is taken to prove that none is idle.
	 */
	UNPROVEN_REFUSAL("engine/FreeList.java", "if (same || !proof) {", "if (true) {"),

	/**
	 * One count is taken to prove that other pools have nothing to give up.
	 */
	UNPROVEN_SHORTAGE("engine/Account.java", "if (shortage != null && this.budget.claims() == claims) {",
			"if (shortage != null) {"),

	/**
	 * Memory is taken to be given up because it was idle when it was counted.
	 */
	ROOM_NOT_CHECKED("engine/Account.java", "for (int round = 1; isShort(bytes); round++) {",
			"for (int round = 1; round == 1 && isShort(bytes); round++) {"),

	/**
	 * A thread that finds an empty slot of a scope takes it without a check whether it
	 * still is empty.
	 */
	SLOT_TAKEN_TWICE("scope/ScopeItems.java", "(Object) SLOT.compareAndExchange(slots, index, (Object) null, item)",
			"takeLater(slots, index, item)",
			"private static Object takeLater(Object[] slots, int index, Object item) { Object present = slots[index]; "
					+ "if (present == null) { Thread.yield(); slots[index] = item; } return present; }"),

	/**
	 * A scope ends where its items end, and others can still be added there.
	 */
	END_WITHOUT_MARK("scope/ScopeItems.java", "take(slots, i, END) != null", "isTakenLater()",
			"private static boolean isTakenLater() { Thread.yield(); return false; }"),

	/**
	 * Two threads that find a scope full both make room.
	 */
	ROOM_MADE_TWICE("scope/ScopeItems.java", "private synchronized boolean addMakingRoom(",
			"private boolean addMakingRoom("),

	/**
	 * An item is given away while the scope ends, or while it is moved.
	 */
	DETACHED_WHILE_ENDED("scope/ScopeItems.java",
			"final synchronized @Nullable Lease remove(Predicate<Lease> matcher) {\n\t\t@Nullable Object[] slots = this.slots;",
			"final @Nullable Lease remove(Predicate<Lease> matcher) { Object[] slots = this.slots; Thread.yield();"),

	/**
	 * The end of a scope empties the slots of what it gave up: a thread that comes late
	 * adds its item there.
	 */
	EMPTIED_AT_THE_END("scope/ScopeEnd.java", "ScopeItems.leave(items, i);", "items[i] = null;"),

	/**
	 * Memory that two threads free is freed by both.
	 */
	FREED_TWICE("buffer/NativeRemains.java",
			"synchronized (this) {\n\t\t\tif (this.done) {\n\t\t\t\treturn true;\n\t\t\t}",
			"{ if (this.done) { return true; } Thread.yield();"),

	/**
	 * The memory of a lease that begins while its pool is closed is kept until its end.
	 */
	CREATED_UNREVOKED("engine/Creation.java", "if (this.account.isClosed()) {", "if (false) {"),

	/**
	 * Two threads look whether a scope has room, and then both add to it.
	 */
	LIMIT_CHECKED_BEFORE("scope/LimitedItems.java",
			"private synchronized boolean addWithinLimit(Lease item, int size) {\n\t\tif (isEnded()) {\n\t\t\treturn false;"
					+ "\n\t\t}\n\t\tcheckLimit(size);",
			"private boolean addWithinLimit(Lease item, int size) { if (isEnded()) { return false; } "
					+ "checkLimit(size); Thread.yield();"),

	/**
	 * A listener is added to a scope without a check whether it ended meanwhile.
	 */
	LISTENER_FORGOTTEN("scope/HeldItems.java", "synchronized (this) {\n\t\t\tif (!isEnded()) {",
			"{ if (isOpenLater()) {",
			"private boolean isOpenLater() { boolean open = !isEnded(); Thread.yield(); return open; }"),

	/**
	 * A task begins to run without a check whether it was dropped meanwhile.
	 */
	RUN_AND_DROPPED("scope/TaskHold.java", "return STATE.compareAndSet(this, WAITING, RUNNING);",
			"if (this.state != WAITING) { return false; } Thread.yield(); this.state = RUNNING; return true;"),

	/**
	 * Lost tasks are looked for before there is one: the look may end before that.
	 */
	WATCHED_LATE("scope/LostTasks.java",
			"this.waiting.add(hold);\n\t\t\t// After the hold is added: a look that ends the looking sees it"
					+ "\n\t\t\tlookNowAndThen();",
			"lookNowAndThen(); Thread.yield(); this.waiting.add(hold);"),

	/**
	 * A push looks and then writes: two of them may both take one place of a ring.
	 */
	PUSHED_OVER("ring/RingQueue.java", "this.slots.compareAndSet(slot, present, entry)",
			"setLater(slot, present, entry)",
			"private boolean setLater(int slot, Entry<T> present, Entry<T> entry) { if (this.slots.get(slot) != present) "
					+ "return false; Thread.yield(); this.slots.set(slot, entry); return true; }"),

	/**
	 * A pop looks and then writes: two of them may both return an element of a ring.
	 */
	POPPED_TWICE("ring/RingQueue.java",
			"this.slots.compareAndSet(slot(oldest.number), oldest, new Entry<>(oldest.number))",
			"setLater(slot(oldest.number), oldest, new Entry<>(oldest.number))",
			"private boolean setLater(int slot, Entry<T> present, Entry<T> entry) { if (this.slots.get(slot) != present) "
					+ "return false; Thread.yield(); this.slots.set(slot, entry); return true; }"),

	/**
	 * A task that ends looks and then writes: it may not see the close, or another task
	 * that ends.
	 */
	HOLD_ENDED_LATER("scope/HeldItems.java", "(int) HOLDS.getAndAdd(this, -HOLD) == CLOSED + HOLD", "endLater()",
			"private boolean endLater() { int holds = this.holds; Thread.yield(); this.holds = holds - HOLD; "
					+ "return holds == CLOSED + HOLD; }"),

	/**
	 * A task takes hold of a scope without a check whether it ended meanwhile.
	 */
	HELD_AFTER_END("scope/HeldItems.java", "if (HOLDS.compareAndSet(this, holds, holds + HOLD)) {",
			"if (holdLater(holds)) {",
			"private boolean holdLater(int holds) { Thread.yield(); this.holds = holds + HOLD; return true; }"),

	// For fuzz targets

	/**
	 * A number that is none fails without a report.
	 */
	COUNT_WITHOUT_REPORT("autoconfigure/Values.java",
			"catch (IllegalArgumentException ex) {\n\t\t\tif (text(value).matches(",
			"catch (IllegalStateException ex) {\n\t\t\tif (text(value).matches("),

	/**
	 * A slice has one byte more than it should.
	 */
	ONE_BYTE_BEYOND_A_SLICE("slice/Slice.java", "length < 0 || length > size - index",
			"length < 0 || length > size + 1 - index"),

	/**
	 * A data buffer is read beyond what was written.
	 */
	READ_BEYOND_THE_WRITTEN("spring/LeaseDataBuffer.java",
			"Objects.checkFromIndexSize(this.readPosition, length, this.writePosition);",
			"Objects.checkFromIndexSize(this.readPosition, length, this.capacity);"),

	/**
	 * Settings that a pool cannot have are a failure of the server.
	 */
	CHANGE_WITHOUT_ANSWER("actuate/endpoint/ChangeRequest.java", "catch (IllegalArgumentException ex)",
			"catch (ArrayStoreException ex)"),

	/**
	 * The answer to a range has one byte more than was asked for.
	 */
	RANGE_ONE_TOO_LONG("web/servlet/PooledResponseBodyAdvice.java", "(int) (end - start + 1)",
			"(int) Math.min(end - start + 2, size - start)"),

	/**
	 * The size of an array with its header leaves the type.
	 */
	FOOTPRINT_OVERFLOWS("buffer/HeapLayout.java", "align((long) this.header + length, this.alignment)",
			"align(this.header + length, this.alignment)");

	// Maven's tests know where the module is, also when they run elsewhere
	private static final Path SOURCES = Path.of(System.getProperty("basedir", ""), "src/main/java/io/mempool");

	private final String file;

	private final String original;

	private final String replacement;

	private final String addition;

	Flaw(String file, String original, String replacement) {
		this(file, original, replacement, "");
	}

	Flaw(String file, String original, String replacement, String addition) {
		this.file = file;
		this.original = original;
		this.replacement = replacement;
		this.addition = addition;
	}

	/**
	 * Compile the broken class.
	 * @param directory where to; a class path that begins with it has the flaw
	 */
	public void compileTo(Path directory) {
		try {
			Path source = directory.resolve("source/io/mempool").resolve(this.file);
			Files.createDirectories(source.getParent());
			Files.writeString(source, brokenSource());
			JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
			int result = compiler.run(null, null, null, "-proc:none", "-nowarn", "-d", directory.toString(),
					source.toString());
			if (result != 0) {
				throw new IllegalStateException(this + " does not compile");
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private String brokenSource() throws IOException {
		String source = Files.readString(SOURCES.resolve(this.file));
		int position = source.indexOf(this.original);
		if (position < 0 || source.indexOf(this.original, position + 1) >= 0) {
			throw new IllegalStateException(
					this + " breaks what " + this.file + " no longer has, or has twice: " + this.original);
		}
		String broken = source.replace(this.original, this.replacement);
		int end = broken.lastIndexOf('}');
		return broken.substring(0, end) + this.addition + broken.substring(end);
	}

	/**
	 * Load this project's classes anew, with the flaw in them.
	 * @param directory where to compile to
	 * @return a class loader that shares nothing of this project with the current one
	 */
	public ClassLoader load(Path directory) {
		compileTo(directory);
		List<URL> urls = new ArrayList<>();
		urls.add(url(directory));
		Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
			.map((entry) -> url(Path.of(entry)))
			.forEach(urls::add);
		return new FlawedClassLoader(urls.toArray(new URL[0]), Flaw.class.getClassLoader());
	}

	/**
	 * Create a suite anew, of classes with the flaw in them.
	 * @param suite a class with a constructor without parameters
	 * @param directory where to compile to
	 * @return the suite, which throws what it finds
	 */
	public Callable<?> suite(Class<? extends Callable<?>> suite, Path directory) throws ReflectiveOperationException {
		Constructor<?> constructor = load(directory).loadClass(suite.getName()).getDeclaredConstructor();
		constructor.setAccessible(true);
		return (Callable<?>) constructor.newInstance();
	}

	private static URL url(Path path) {
		try {
			return path.toUri().toURL();
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static final class FlawedClassLoader extends URLClassLoader {

		FlawedClassLoader(URL[] urls, ClassLoader parent) {
			super(urls, parent);
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (!name.startsWith("io.mempool.")) {
				return super.loadClass(name, resolve);
			}
			synchronized (getClassLoadingLock(name)) {
				Class<?> loaded = findLoadedClass(name);
				return (loaded != null) ? loaded : findClass(name);
			}
		}

	}

}
