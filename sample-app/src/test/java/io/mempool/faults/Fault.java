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

package io.mempool.faults;

import java.util.EnumSet;
import java.util.Set;

/**
 * One kind of fault.
 *
 * @param name what happens
 * @param stacks where it can happen
 * @param times how often the short run drives it; the long run does ten times as often
 * @param holds what must hold, beside what must hold after each fault
 * @param script what drives it
 */
record Fault(String name, Set<Stack> stacks, int times, String holds, Script script) {

	private static final int LONG = 10;

	static Fault of(String name, int times, String holds, Script script) {
		return new Fault(name, EnumSet.allOf(Stack.class), times, holds, script);
	}

	Fault onServlets() {
		return new Fault(this.name, EnumSet.of(Stack.TOMCAT, Stack.JETTY), this.times, this.holds, this.script);
	}

	Fault onReactive() {
		return new Fault(this.name, EnumSet.of(Stack.REACTIVE), this.times, this.holds, this.script);
	}

	int times(boolean longRun) {
		return longRun ? LONG * this.times : this.times;
	}

	@Override
	public String toString() {
		return this.name;
	}

	/**
	 * Drives a fault, and says by how much figures must have changed.
	 */
	@FunctionalInterface
	interface Script {

		Expected drive(Driver driver, int times) throws Exception;

	}

}
