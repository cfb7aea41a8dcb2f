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

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.mempool.scope.ScopeOperations;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/**
 * Lets Lincheck run a few operations under one schedule after the other: first those with
 * one switch between threads, at any access to what they share, then those with two, and
 * so on. Whatever comes of it must be what comes of the same operations one after the
 * other.
 * <p>
 * Needs a JVM of its own: Lincheck changes classes of the JDK, and finds those of the
 * engine by name, in the class loader of the application.
 */
public enum ModelCheck {

	/**
	 * Two threads search one free list.
	 */
	FREE_LIST(FreeListOperations.class, FreeListOperations.Specification.class) {

		@Override
		List<Scenario> scenarios() {
			return List.of(new Scenario("", List.of("releaseFirst, claimSecond", "claimOrProve"), ""));
		}

	},

	/**
	 * Blocks have a place each, and return with one compare-and-set.
	 */
	PLACED_BLOCKS(LeaseOperations.OfPlacedBlocks.class, CountedLeases.class) {

		@Override
		List<Scenario> scenarios() {
			return leases();
		}

	},

	/**
	 * Blocks compete for one place, and are reset between their owners.
	 */
	DISPLACED_BLOCKS(LeaseOperations.OfDisplacedBlocks.class, CountedLeases.class) {

		@Override
		List<Scenario> scenarios() {
			return leases();
		}

	},

	/**
	 * Threads push into a ring and pop what is in it.
	 */
	RING(RingOperations.class, RingOperations.Specification.class) {

		@Override
		List<Scenario> scenarios() {
			String end = "pop, pop, pop";
			return List.of(new Scenario("", List.of("push 1, push 2", "push 3, push 4"), end),
					new Scenario("", List.of("push 1, push 2, push 3", "pop, pop"), end),
					new Scenario("pop, pop", List.of("push 1, pop", "push 2, pop"), end),
					new Scenario("", List.of("pop, push 1", "pop, push 2", "peek, pop"), end),
					new Scenario("pop", List.of("pop, peek", "push 1, pop", "push 2"), end));
		}

	},

	/**
	 * Threads of one unit of work acquire and detach, hold it, and end it.
	 */
	SCOPE(ScopeOperations.class, ScopeOperations.Specification.class) {

		@Override
		List<Scenario> scenarios() {
			String full = "own 0, own 1, own 2, own 3";
			return List.of(new Scenario("", List.of("own 0", "own 1, close"), "ends"),
					new Scenario("own 0", List.of("own 1", "own 2, close"), "ends"),
					new Scenario(full, List.of("own 4", "own 5, close"), "ends"),
					new Scenario(full, List.of("own 4", "detach 0, detach 1"), "close, ends"),
					new Scenario("own 0", List.of("detach 0", "close"), "ends"),
					new Scenario("own 0, hold, hold", List.of("task 0, endHold", "own 1, close, endHold"), "ends"),
					new Scenario("own 0", List.of("task 0", "close"), "ends"));
		}

	},

	/**
	 * Threads wait for blocks or for memory.
	 */
	WAITING(WaitingOperations.class, WaitingOperations.Specification.class) {

		@Override
		List<Scenario> scenarios() {
			return List.of(new Scenario("", List.of("letGo", "use 1", "useLarge 2"), ""),
					new Scenario("", List.of("letGo", "use 1", "use 2"), ""),
					new Scenario("", List.of("letGo, letGo", "take 1", "take 2"), ""),
					new Scenario("letGo", List.of("take 0, letGo, use 0", "use 1"), ""),
					new Scenario("", List.of("letGo, trim", "use 1", "tryTake, letGo"), ""),
					new Scenario("", List.of("close", "use 1", "use 2"), ""));
		}

	};

	/**
	 * The exit code of a JVM in which a check found something.
	 */
	static final int REJECTED = 3;

	private static final int SCHEDULES = Integer.getInteger("schedules", 100);

	private static final Duration PATIENCE = Duration.ofMinutes(5);

	private final Class<?> operations;

	private final Class<?> specification;

	ModelCheck(Class<?> operations, Class<?> specification) {
		this.operations = operations;
		this.specification = specification;
	}

	abstract List<Scenario> scenarios();

	private static List<Scenario> leases() {
		String end = "balance";
		return List.of(new Scenario("", List.of("acquire 0, release 0, releaseAgain 0", "acquire 1, release 1"), end),
				new Scenario("acquire 0", List.of("release 0, acquire 0", "acquire 1, release 1"), end),
				new Scenario("", List.of("releaseShared, acquire 0", "releaseShared, acquire 1"), end),
				new Scenario("keepShared", List.of("releaseShared", "releaseShared, acquire 1"), end),
				new Scenario("acquire 0, release 0", List.of("acquire 0, release 0", "trim, acquire 1"), end),
				new Scenario("acquire 0", List.of("release 0, acquire 0", "releaseShared, statistics"), end),
				new Scenario("acquire 0", List.of("retain 0, release 0", "acquire 1, release 1"), end));
	}

	private void check() {
		ModelCheckingOptions options = new ModelCheckingOptions().sequentialSpecification(this.specification)
			.iterations(0)
			.invocationsPerIteration(SCHEDULES)
			// A schedule that ends in a deadlock is recognised as such
			.invocationTimeout$lincheck(PATIENCE.toMillis());
		scenarios().forEach((scenario) -> options.addCustomScenario(scenario.of(this.operations)));
		// A park ends when its thread is unparked, not at any moment as it might
		options.addGuarantee(ManagedStrategyGuaranteeKt.forClasses("java.util.concurrent.locks.LockSupport")
			.methods("parkNanos")
			.mute$lincheck());
		// What happens with the lock held, and what is not under test, needs no switch
		ignore(options, "io.mempool.engine.Account", "addPending", "giveBack", "isExceeded", "shortage");
		ignore(options, "io.mempool.engine.SharedBudget", "add", "addPending", "dispose", "shortage", "takeBackLost",
				"unwatch", "watch");
		ignore(options, "io.mempool.engine.StackReserve", "require", "requireWhenCold");
		ignore(options, "io.mempool.engine.WaitQueue", "add", "isAheadOf", "remove");
		ignore(options, "io.mempool.engine.Stripes", "current");
		ignore(options, "io.mempool.engine.TestBlock.Source", "create");
		ignore(options, "io.mempool.engine.Exhaustion", "end", "refused");
		ignore(options, "io.mempool.engine.Inventory", "prepare", "recordPeak", "release", "replace");
		ignore(options, "io.mempool.engine.TierCounters", "discarded");
		options.addGuarantee(ManagedStrategyGuaranteeKt.forClasses(ModelCheck::isCollection).allMethods().ignore());
		options.check(this.operations);
	}

	private static void ignore(ModelCheckingOptions options, String type, String... methods) {
		options.addGuarantee(ManagedStrategyGuaranteeKt.forClasses(type).methods(methods).ignore());
	}

	private static boolean isCollection(String type) {
		return type.startsWith("java.util.") && !type.startsWith("java.util.concurrent.locks.");
	}

	/**
	 * Run one of the checks.
	 * @param args its name
	 */
	public static void main(String[] args) {
		try {
			valueOf(args[0]).check();
		}
		catch (AssertionError ex) {
			System.out.println(ex.getMessage());
			System.exit(REJECTED);
		}
	}

	/**
	 * Operations to run: some first, some in several threads at once, some at the end.
	 */
	record Scenario(String before, List<String> threads, String after) {

		ExecutionScenario of(Class<?> type) {
			List<List<Actor>> parallel = this.threads.stream().map((operations) -> actors(type, operations)).toList();
			return new ExecutionScenario(actors(type, this.before), parallel, actors(type, this.after), null);
		}

		private static List<Actor> actors(Class<?> type, String operations) {
			return Stream.of(operations.split(", "))
				.filter((operation) -> !operation.isEmpty())
				.map((operation) -> actor(type, operation.split(" ")))
				.toList();
		}

		private static Actor actor(Class<?> type, String[] operation) {
			Method method = Arrays.stream(type.getMethods())
				.filter((candidate) -> candidate.getName().equals(operation[0]))
				.findFirst()
				.orElseThrow();
			List<Object> arguments = new ArrayList<>();
			for (int i = 1; i < operation.length; i++) {
				arguments.add(Integer.valueOf(operation[i]));
			}
			return new Actor(method, arguments);
		}

	}

}
