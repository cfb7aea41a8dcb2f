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

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.mempool.buffer.RemainsStress;
import io.mempool.engine.AcquireStress;
import io.mempool.engine.BudgetStress;
import io.mempool.engine.HandOverStress;
import io.mempool.engine.HandleStress;
import io.mempool.engine.PendingStress;
import io.mempool.engine.PlaceStress;
import io.mempool.engine.ReleaseStress;
import io.mempool.engine.RetuneStress;
import io.mempool.engine.WakeUpStress;
import io.mempool.ring.RingStress;
import io.mempool.scope.ScopeStress;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.TestExecutor;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.TestInfo;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.runners.TestConfig;
import org.openjdk.jcstress.infra.runners.TestList;
import org.openjdk.jcstress.os.OSSupport;
import org.openjdk.jcstress.os.Scheduler;
import org.openjdk.jcstress.os.SchedulingClass;
import org.openjdk.jcstress.os.topology.Topology;
import org.openjdk.jcstress.vm.CompileMode;
import org.openjdk.jcstress.vm.VMSupport;

import org.springframework.util.FileSystemUtils;

/**
 * Runs all concurrency tests, which the engine must pass, and then for every way to break
 * the engine the test that must reject it.
 * <p>
 * A short run takes a compiler that shuffles what it may, after a start in the
 * interpreter, and starts one JVM for each test. Other runs are what jcstress makes of
 * its own modes, with a report; the engine is broken in short runs only.
 */
public final class StressSuite {

	private static final String SHORT = "short";

	private static final int TIME = 200;

	private static final int LONGEST_TIME = 64 * TIME;

	private static final String CLASS_PATH = "java.class.path";

	private final List<String> failures = new ArrayList<>();

	private StressSuite() {
	}

	/**
	 * Run the suite. jcstress leaves a file in the working directory.
	 * @param args {@code short} or a mode of jcstress, and the directory to write to
	 */
	public static void main(String[] args) throws Exception {
		StressSuite suite = new StressSuite();
		suite.run(args[0], Path.of(args[1]));
		suite.failures.forEach((failure) -> System.err.println("[ERROR] " + failure));
		System.exit(suite.failures.isEmpty() ? 0 : 1);
	}

	private void run(String mode, Path directory) throws Exception {
		judge(mode.equals(SHORT) ? runShort() : runMode(mode, directory.resolve("report")));
		for (Flaw flaw : Flaw.values()) {
			runFlawed(flaw, directory.resolve(flaw.name()));
		}
	}

	private static Collection<TestResult> runMode(String mode, Path report) throws Exception {
		Options options = options("-m", mode, "-r", report.toString());
		try {
			new JCStress(options).run();
		}
		catch (AssertionError error) {
			System.err.println(error.getMessage());
		}
		InProcessCollector results = new InProcessCollector();
		DiskReadCollector reader = new DiskReadCollector(options.getResultFile(), results);
		reader.dump();
		reader.close();
		return results.getTestResults();
	}

	private static Collection<TestResult> runShort() throws Exception {
		OSSupport.init();
		VMSupport.initFlags(shortOptions(TIME));
		return run(TestList.tests(), TIME);
	}

	private void judge(Collection<TestResult> results) {
		// What jcstress cannot run it leaves out, and is content
		Set<String> missing = new TreeSet<>(TestList.tests());
		long samples = 0;
		for (TestResult result : results) {
			samples += result.getTotalCount();
			missing.remove(result.getName());
			forbidden(result).forEach((message) -> this.failures.add(result.getName() + ": " + message));
		}
		missing.forEach((test) -> this.failures.add(test + " did not run"));
		System.out.printf("%,d samples of %d tests%n%n", samples, TestList.tests().size());
	}

	private static List<String> forbidden(TestResult result) {
		if (result.status() != Status.NORMAL) {
			return List.of(result.status() + " " + result.getMessages() + result.getVmErr());
		}
		return result.grading().failureMessages;
	}

	private void runFlawed(Flaw flaw, Path directory) throws Exception {
		Class<?> rejecting = testThatRejects(flaw);
		if (rejecting == null) {
			return;
		}
		FileSystemUtils.deleteRecursively(directory);
		flaw.compileTo(directory);
		String test = rejecting.getCanonicalName();
		String sound = System.getProperty(CLASS_PATH);
		// From here jcstress takes the class path of the JVMs that it starts
		System.setProperty(CLASS_PATH, directory + File.pathSeparator + sound);
		try {
			for (int time = TIME; time <= LONGEST_TIME; time *= 4) {
				for (TestResult result : run(List.of(test), time)) {
					if (result.status() == Status.NORMAL && !forbidden(result).isEmpty()) {
						System.out.println(flaw + " is rejected by " + test + ": " + forbidden(result).get(0));
						return;
					}
				}
			}
		}
		finally {
			System.setProperty(CLASS_PATH, sound);
		}
		this.failures.add(flaw + " is not rejected by " + test);
	}

	private static Collection<TestResult> run(Collection<String> tests, int time) throws Exception {
		Options options = shortOptions(time);
		Scheduler scheduler = new Scheduler(Topology.get(), options.getCPUCount());
		List<TestConfig> configs = new ArrayList<>();
		for (String test : tests) {
			TestInfo info = TestList.getInfo(test);
			for (SchedulingClass scheduling : scheduler.scheduleClasses(info.threads(), options.getCPUCount(),
					options.affinityMode())) {
				configs.add(new TestConfig(options, info, 0, options.getJvmArgs(), CompileMode.UNIFIED, scheduling));
			}
		}
		InProcessCollector results = new InProcessCollector();
		new TestExecutor(options.verbosity(), results, scheduler).runAll(configs);
		return results.getTestResults();
	}

	private static Options shortOptions(int time) throws IOException {
		return options("-iters", "3", "-time", Integer.toString(time), "-strideCount", "4", "-pth", "false", "-jvmArgs",
				"-XX:-TieredCompilation -XX:+StressLCM -XX:+StressGCM -XX:+StressIGVN -XX:+StressCCP");
	}

	private static Options options(String... args) throws IOException {
		Options options = new Options(args);
		if (!options.parse()) {
			throw new IllegalArgumentException("jcstress does not understand " + List.of(args));
		}
		if (options.getCPUCount() < 2) {
			throw new IllegalStateException("Two threads must run at once, but there is only one processor");
		}
		return options;
	}

	/**
	 * Return the test that rejects a flaw, {@code null} if it shows without a race, or to
	 * a model checker.
	 */
	private static @Nullable Class<?> testThatRejects(Flaw flaw) {
		return switch (flaw) {
			case LOST_RELEASE_STORE -> AcquireStress.ReleaseAndAcquire.class;
			case DOUBLE_PUT -> AcquireStress.AcquireAndAcquire.class;
			case OFF_BY_ONE_CAP -> AcquireStress.CreateAndCreate.class;
			case RECYCLED_HANDLE -> HandleStress.StaleRelease.class;
			case DOUBLE_RELEASE -> ReleaseStress.ReleaseAndRelease.class;
			case LOST_WAKE_UP -> WakeUpStress.PassOnAndWait.class;
			case CLEARED_LATE -> HandOverStress.Cleared.class;
			case IDLE_BEFORE_BLOCK -> AcquireStress.ReleaseGuardedAndAcquire.class;
			case CREATED_WITHOUT_FENCE -> PlaceStress.CreateAndTakePlace.class;
			case UNMARKED_RELEASE -> ReleaseStress.ReleaseAndReleasePinned.class;
			case NO_SECOND_LOOK -> WakeUpStress.ReleaseOtherAndWait.class;
			case LOST_RETURN, DRY_AT_FIRST_LOOK, RETURNED_WITHOUT_FENCE -> AcquireStress.ReleaseAndCreate.class;
			case UNPROVEN_REFUSAL -> AcquireStress.ProveWhileOneIsAlwaysIdle.class;
			case UNPROVEN_SHORTAGE -> BudgetStress.ReclaimWhileOneIsAlwaysIdle.class;
			case ROOM_NOT_CHECKED -> BudgetStress.ReclaimAndAcquire.class;
			case OFF_BY_ONE_RESIZE, DETACHED_WHILE_RETURNED -> RetuneStress.LowerMaxIdleAndRelease.class;
			case KEPT_OVER_LOWERED_CAP -> RetuneStress.LowerMaxTotalAndRelease.class;
			case NEVER_RETIRED -> RetuneStress.RetireAndRelease.class;
			case TRIMMED_WHILE_CLAIMED -> AcquireStress.TrimAndAcquire.class;
			case EXPIRED_IN_USE -> RetuneStress.ExpireUsedAndAcquire.class;
			case SLOT_TAKEN_TWICE -> ScopeStress.AcquireAndAcquire.class;
			case ROOM_MADE_TWICE -> ScopeStress.AcquireAndAcquireOfFull.class;
			case END_WITHOUT_MARK -> ScopeStress.AcquireAndClose.class;
			case DETACHED_WHILE_ENDED -> ScopeStress.DetachAndClose.class;
			case PUSHED_OVER -> RingStress.PushAndPush.class;
			case POPPED_TWICE -> RingStress.PopAndPop.class;
			case HOLD_ENDED_LATER -> ScopeStress.EndTaskAndClose.class;
			case HELD_AFTER_END -> ScopeStress.WrapAndClose.class;
			case FREED_TWICE -> RemainsStress.FreeAndFree.class;
			case CREATED_UNREVOKED -> PendingStress.CreateAndClose.class;
			case LIMIT_CHECKED_BEFORE -> ScopeStress.AcquireAndAcquireAtLimit.class;
			case LISTENER_FORGOTTEN -> ScopeStress.ListenAndClose.class;
			case RUN_AND_DROPPED -> ScopeStress.RunAndCancel.class;
			case WATCHED_LATE -> ScopeStress.WatchAndLook.class;
			case NO_STACK_RESERVE, RETURN_NEVER_FOUND, ADMISSION_NOT_UNDONE, UNDO_ALLOCATES, COUNTED_BEFORE_PLACED,
					DISPOSAL_ALLOCATES, PASSED_IN_THE_QUEUE, GIVEN_BACK_EARLY, GROWS_UNASKED, EMPTIED_AT_THE_END,
					BUDGET_NOT_CHARGED, PENDING_ENDED_TWICE, PENDING_NEVER_ENDED, PENDING_IS_NO_REASON,
					COUNTERS_FORGOTTEN, COUNTERS_STARTED_ANEW, KEPT_OVER_LOWERED_LIMIT, HOLES_NOT_MERGED,
					DROPPED_WITH_A_BLOCK, HOLE_OF_A_RETIRED_SLAB, FIRST_HOLE_TAKEN, SLAB_NEVER_GIVEN_BACK,
					SLAB_COUNTED_TWICE, DOUBTFUL_SPACE_REUSED, LOST_SPACE_REUSED, SPACE_LEFT_BEHIND,
					NOT_CARVED_FROM_IDLE, PREALLOCATION_GIVEN_BACK_TWICE, LOST_STAYS_COUNTED, WAITERS_NOT_MOVED,
					WAITERS_COUNTED_AT_FORMER, TURN_LOST, HAND_OVER_LOST, MOVED_IN_SILENCE, ENDED_IN_SILENCE,
					PASSED_ACROSS_QUEUES, SERVED_BUT_INTERRUPTED, RELIEVED_SLAB_UNCOUNTED, CHANGE_WITHOUT_ANSWER,
					FREED_IN_DOUBT, FREED_AGAIN, OTHERS_NOT_TOLD, RECLAIMER_ENDS_EARLY, MISSED_IS_FORGOTTEN,
					RELIEVED_IN_USE, RELIEVED_TOO_MUCH, COUNT_WITHOUT_REPORT, ONE_BYTE_BEYOND_A_SLICE,
					READ_BEYOND_THE_WRITTEN, RANGE_ONE_TOO_LONG, FOOTPRINT_OVERFLOWS ->
				null;
		};
	}

}
