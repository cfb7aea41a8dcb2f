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

package io.mempool.actuate.endpoint;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.mempool.buffer.Clearing;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeakDetection;

/**
 * What of a pool can be changed while it runs.
 */
enum PoolSetting {

	TIER("tier", "the size of one of the tiers, for example 64KB"),

	MAX_IDLE("maxIdle", "a number from 0 to " + Caps.MAXIMUM_IDLE),

	MAX_TOTAL("maxTotal", "a number that is at least 1, or " + PoolSetting.UNLIMITED),

	LIMIT("limit", "a size that is positive, for example 64MB, or " + PoolSetting.UNLIMITED),

	POLICY("policy", oneOf(ExhaustionPolicy.values())),

	MAX_WAIT("maxWait", "a time that is positive, for example 500ms"),

	CLEAR("clear", oneOf(Clearing.values())),

	IDLE_TIMEOUT("idleTimeout", "a time that is positive, for example 30s, or " + PoolSetting.UNLIMITED),

	LEAK_DETECTION("leakDetection", oneOf(LeakDetection.values())),

	TIERS("tiers", "sizes that differ and are below 2GB, for example '4KB, 64KB'");

	/**
	 * The value that removes a cap, a limit or a time-out.
	 */
	static final String UNLIMITED = "unlimited";

	private final String key;

	private final String form;

	PoolSetting(String key, String form) {
		this.key = key;
		this.form = form;
	}

	/**
	 * Return the name that requests have for it.
	 */
	String key() {
		return this.key;
	}

	/**
	 * Tell in words what it can be.
	 */
	String form() {
		return this.form;
	}

	static String keys(Stream<PoolSetting> settings) {
		return settings.map(PoolSetting::key).collect(Collectors.joining(", "));
	}

	private static String oneOf(Enum<?>... constants) {
		return Arrays.stream(constants).map(Values::of).collect(Collectors.joining(", ", "one of ", ""));
	}

}
