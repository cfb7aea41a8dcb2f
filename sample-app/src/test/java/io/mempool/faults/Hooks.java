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
import java.util.Locale;
import java.util.Set;

/**
 * Hooks of a pool of objects that fail when they are asked to.
 */
final class Hooks {

	private final Set<Hook> failing = EnumSet.noneOf(Hook.class);

	private Failure failure = Failure.EXCEPTION;

	/**
	 * Let one of them fail from now on.
	 */
	synchronized void fail(Hook hook, Failure failure) {
		this.failing.add(hook);
		this.failure = failure;
	}

	/**
	 * Let none fail any more.
	 */
	synchronized void mend() {
		this.failing.clear();
	}

	Hooked create() {
		call(Hook.CREATE);
		return new Hooked();
	}

	boolean validate(Hooked object) {
		call(Hook.VALIDATE);
		return true;
	}

	void reset(Hooked object) {
		call(Hook.RESET);
	}

	void destroy(Hooked object) {
		call(Hook.DESTROY);
	}

	private void call(Hook hook) {
		Failure raised;
		synchronized (this) {
			raised = this.failing.contains(hook) ? this.failure : null;
		}
		if (raised != null) {
			raised.raise();
		}
	}

	/**
	 * A moment in the life of a pooled object.
	 */
	enum Hook {

		CREATE, VALIDATE, RESET, DESTROY;

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	/**
	 * An object with such hooks.
	 */
	static final class Hooked {

	}

}
