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

package io.mempool.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches if a property is on, and {@code mempool.enabled} as well. Reads them as all
 * properties of mempool are read: an empty value counts as not set, and a mistake is
 * reported.
 */
abstract class FlagCondition extends SpringBootCondition {

	/**
	 * The property that switches all of mempool.
	 */
	static final String ALL = MempoolProperties.PREFIX + ".enabled";

	private final String feature;

	private final String property;

	private final boolean byDefault;

	/**
	 * Create the condition.
	 * @param feature what the property switches, for the report of conditions
	 * @param property the name of the property
	 * @param byDefault whether it is on if not set
	 */
	FlagCondition(String feature, String property, boolean byDefault) {
		this.feature = feature;
		this.property = property;
		this.byDefault = byDefault;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		WrittenProperties written = WrittenProperties.of(context.getEnvironment());
		boolean all = isOn(written, ALL, true);
		String property = all ? this.property : ALL;
		boolean on = all && isOn(written, property, this.byDefault);
		return new ConditionOutcome(on,
				ConditionMessage.forCondition(this.feature).because("'" + property + "' is " + (on ? "on" : "off")));
	}

	static boolean isOn(WrittenProperties properties, String name, boolean byDefault) {
		WrittenProperty written = properties.get(name);
		return (written == null || written.isEmpty()) ? byDefault : Keys.read(name, written, Values::flag);
	}

}
