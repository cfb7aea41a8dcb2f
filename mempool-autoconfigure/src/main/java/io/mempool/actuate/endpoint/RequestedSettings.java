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

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.Clearing;
import io.mempool.buffer.PoolUpdate;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeakDetection;
import io.mempool.core.PoolChange;
import io.mempool.object.ObjectPool;
import io.mempool.object.ObjectPoolUpdate;
import org.jspecify.annotations.Nullable;

import org.springframework.core.convert.ConversionException;

/**
 * Settings that a client wants a pool to have, as it has sent them. They are read as
 * those of {@code application.yml} are; which values a pool can have is for its update to
 * say. Every mistake names the setting, its value and what to send.
 */
final class RequestedSettings {

	private static final Set<PoolSetting> OF_OBJECTS = EnumSet.of(PoolSetting.MAX_IDLE, PoolSetting.MAX_TOTAL,
			PoolSetting.POLICY, PoolSetting.MAX_WAIT, PoolSetting.IDLE_TIMEOUT, PoolSetting.LEAK_DETECTION);

	private final Map<PoolSetting, String> texts = new EnumMap<>(PoolSetting.class);

	RequestedSettings with(PoolSetting setting, @Nullable String text) {
		// Over JMX all settings are always sent
		if (text != null && !text.isBlank()) {
			this.texts.put(setting, text.strip());
		}
		return this;
	}

	/**
	 * Change a pool of buffers.
	 * @return what changed, never empty
	 * @throws PoolRequestException if nothing changed
	 */
	List<PoolChange> applyTo(BufferPool pool) {
		checkAny(EnumSet.allOf(PoolSetting.class));
		if (has(PoolSetting.TIER) && !has(PoolSetting.MAX_IDLE) && !has(PoolSetting.MAX_TOTAL)) {
			throw PoolRequestException
				.invalid("'tier' is " + this.texts.get(PoolSetting.TIER) + ", but nothing is to be set for that tier. "
						+ "Send maxIdle or maxTotal with it, or leave it out");
		}
		PoolUpdate update = pool.update();
		read(PoolSetting.TIERS, SettingReader::sizes, update::tiers);
		if (has(PoolSetting.TIER)) {
			read(PoolSetting.TIER, SettingReader::size, (tier) -> {
				read(PoolSetting.MAX_IDLE, SettingReader::number, (number) -> update.maxIdle(tier, number));
				read(PoolSetting.MAX_TOTAL, SettingReader::cap, (number) -> update.maxTotal(tier, number));
			});
		}
		else {
			read(PoolSetting.MAX_IDLE, SettingReader::number, update::maxIdle);
			read(PoolSetting.MAX_TOTAL, SettingReader::cap, update::maxTotal);
		}
		read(PoolSetting.LIMIT, SettingReader::limit, update::limit);
		read(PoolSetting.POLICY, SettingReader.constant(ExhaustionPolicy.class), update::policy);
		read(PoolSetting.MAX_WAIT, SettingReader::time, update::maxWait);
		read(PoolSetting.CLEAR, SettingReader.constant(Clearing.class), update::clearing);
		read(PoolSetting.LEAK_DETECTION, SettingReader.constant(LeakDetection.class), update::leakDetection);
		read(PoolSetting.IDLE_TIMEOUT, SettingReader::timeout, (timeout) -> update.idleTimeout(timeout.orElse(null)));
		return apply(pool.name(), update::apply);
	}

	/**
	 * Change a pool of objects.
	 * @return what changed, never empty
	 * @throws PoolRequestException if nothing changed
	 */
	List<PoolChange> applyTo(ObjectPool<?> pool) {
		checkAny(OF_OBJECTS);
		for (PoolSetting setting : this.texts.keySet()) {
			if (!OF_OBJECTS.contains(setting)) {
				throw PoolRequestException.invalid("'" + setting.key() + "' is " + this.texts.get(setting)
						+ ", but the pool '" + pool.name() + "' lends objects, which have no such setting. Send any of "
						+ PoolSetting.keys(OF_OBJECTS.stream()));
			}
		}
		ObjectPoolUpdate update = pool.update();
		read(PoolSetting.MAX_IDLE, SettingReader::number, update::maxIdle);
		read(PoolSetting.MAX_TOTAL, SettingReader::cap, update::maxTotal);
		read(PoolSetting.POLICY, SettingReader.constant(ExhaustionPolicy.class), update::policy);
		read(PoolSetting.MAX_WAIT, SettingReader::time, update::maxWait);
		read(PoolSetting.IDLE_TIMEOUT, SettingReader::timeout, (timeout) -> update.idleTimeout(timeout.orElse(null)));
		read(PoolSetting.LEAK_DETECTION, SettingReader.constant(LeakDetection.class), update::leakDetection);
		return apply(pool.name(), update::apply);
	}

	private boolean has(PoolSetting setting) {
		return this.texts.containsKey(setting);
	}

	private void checkAny(Set<PoolSetting> possible) {
		if (this.texts.isEmpty()) {
			throw PoolRequestException
				.invalid("Nothing to change was sent. Send any of " + PoolSetting.keys(possible.stream()));
		}
	}

	private <T> void read(PoolSetting setting, Function<String, T> reader, Consumer<T> update) {
		String text = this.texts.get(setting);
		if (text == null) {
			return;
		}
		try {
			update.accept(reader.apply(text));
		}
		catch (ConversionException | IllegalArgumentException | ArithmeticException ex) {
			throw PoolRequestException
				.invalid("'%s' cannot be '%s'. Send %s".formatted(setting.key(), text, setting.form()));
		}
	}

	private List<PoolChange> apply(String pool, Supplier<List<PoolChange>> update) {
		List<PoolChange> changes;
		try {
			changes = update.get();
		}
		catch (IllegalArgumentException ex) {
			throw PoolRequestException.invalid(ex.getMessage() + ". Nothing was changed");
		}
		if (changes.isEmpty()) {
			throw PoolRequestException.invalid("Nothing was changed: the pool '" + pool + "' is as requested already ("
					+ described() + "). Look at it to see its settings");
		}
		return changes;
	}

	private String described() {
		return String.join(", ",
				this.texts.entrySet().stream().map((entry) -> entry.getKey().key() + " " + entry.getValue()).toList());
	}

}
