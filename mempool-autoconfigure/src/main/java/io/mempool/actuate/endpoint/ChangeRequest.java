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

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferPoolSettings;
import io.mempool.core.PoolChange;
import io.mempool.object.ObjectPool;
import io.mempool.object.ObjectPoolSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.core.convert.ConversionException;

/**
 * A request to change a pool, as a client has sent it. Which values a pool can have is
 * for its settings to say. Every mistake names the setting, its value and what to send.
 */
final class ChangeRequest {

	private final Part<Integer> tier;

	private final List<Part<?>> caps = new ArrayList<>();

	private final List<Part<?>> parts = new ArrayList<>();

	/**
	 * Create a request.
	 * @param tier the tier that caps are for, {@code null} or blank for all tiers
	 */
	ChangeRequest(@Nullable String tier) {
		// What it changes is up to the caps
		this.tier = new Part<>("tier", tier, SettingForm.TIER, (settings, size) -> settings, null);
		this.parts.add(this.tier);
	}

	/**
	 * Add a setting.
	 * @param key its name in requests
	 * @param text its value, {@code null} or blank if it was not sent: over JMX, all
	 * settings are always sent
	 * @param form how values are written
	 * @param buffers sets it for buffers
	 * @param objects sets it for objects, {@code null} if they have no such setting
	 * @return this request
	 */
	<T> ChangeRequest add(String key, @Nullable String text, SettingForm<T> form,
			BiFunction<BufferPoolSettings, T, BufferPoolSettings> buffers,
			@Nullable BiFunction<ObjectPoolSettings, T, ObjectPoolSettings> objects) {
		this.parts.add(new Part<>(key, text, form, buffers, objects));
		return this;
	}

	/**
	 * Add a cap, which may be for one tier.
	 * @param key its name in requests
	 * @param text its value
	 * @param form how values are written
	 * @param ofTier sets it for one tier
	 * @param buffers sets it for all tiers
	 * @param objects sets it for objects
	 * @return this request
	 */
	ChangeRequest addCap(String key, @Nullable String text, SettingForm<Integer> form, TierCap ofTier,
			BiFunction<BufferPoolSettings, Integer, BufferPoolSettings> buffers,
			BiFunction<ObjectPoolSettings, Integer, ObjectPoolSettings> objects) {
		add(key, text, form,
				this.tier.isSent() ? (settings, cap) -> ofTier.set(settings, this.tier.read(), cap) : buffers, objects);
		this.caps.add(this.parts.get(this.parts.size() - 1));
		return this;
	}

	/**
	 * Change a pool of buffers.
	 * @return what changed, never empty
	 * @throws PoolRequestException if nothing changed
	 */
	List<PoolChange> applyTo(BufferPool pool) {
		checkAny((part) -> true);
		if (this.tier.isSent() && this.caps.stream().noneMatch(Part::isSent)) {
			throw PoolRequestException
				.invalid("'tier' is " + this.tier.text() + ", but nothing is to be set for that tier. Send "
						+ this.caps.stream().map(Part::key).collect(Collectors.joining(" or "))
						+ " with it, or leave it out");
		}
		return apply(pool.name(), () -> pool.update((settings) -> {
			BufferPoolSettings next = settings;
			for (Part<?> part : sent()) {
				next = part.toBuffers(next);
			}
			return next;
		}));
	}

	/**
	 * Change a pool of objects.
	 * @return what changed, never empty
	 * @throws PoolRequestException if nothing changed
	 */
	List<PoolChange> applyTo(ObjectPool<?> pool) {
		checkAny(Part::isOfObjects);
		for (Part<?> part : sent()) {
			if (!part.isOfObjects()) {
				throw PoolRequestException
					.invalid("'" + part.key() + "' is " + part.text() + ", but the pool '" + pool.name()
							+ "' lends objects, which have no such setting. Send any of " + keys(Part::isOfObjects));
			}
		}
		return apply(pool.name(), () -> pool.update((settings) -> {
			ObjectPoolSettings next = settings;
			for (Part<?> part : sent()) {
				next = part.toObjects(next);
			}
			return next;
		}));
	}

	private void checkAny(Predicate<Part<?>> possible) {
		if (sent().isEmpty()) {
			throw PoolRequestException.invalid("Nothing to change was sent. Send any of " + keys(possible));
		}
	}

	private List<Part<?>> sent() {
		return this.parts.stream().filter(Part::isSent).toList();
	}

	private String keys(Predicate<Part<?>> possible) {
		return this.parts.stream().filter(possible).map(Part::key).collect(Collectors.joining(", "));
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
					+ sent().stream().map((part) -> part.key() + " " + part.text()).collect(Collectors.joining(", "))
					+ "). Look at it to see its settings");
		}
		return changes;
	}

	/**
	 * Sets a cap of one tier.
	 */
	@FunctionalInterface
	interface TierCap {

		/**
		 * Return settings with the cap.
		 */
		BufferPoolSettings set(BufferPoolSettings settings, int tierSize, int cap);

	}

	/**
	 * One setting of a request.
	 */
	private record Part<T>(String key, @Nullable String sent, SettingForm<T> form,
			BiFunction<BufferPoolSettings, T, BufferPoolSettings> buffers,
			@Nullable BiFunction<ObjectPoolSettings, T, ObjectPoolSettings> objects) {

		boolean isSent() {
			return !text().isEmpty();
		}

		String text() {
			return (this.sent != null) ? this.sent.strip() : "";
		}

		boolean isOfObjects() {
			return this.objects != null;
		}

		T read() {
			return read((value) -> value);
		}

		BufferPoolSettings toBuffers(BufferPoolSettings settings) {
			return read((value) -> this.buffers.apply(settings, value));
		}

		ObjectPoolSettings toObjects(ObjectPoolSettings settings) {
			BiFunction<ObjectPoolSettings, T, ObjectPoolSettings> setter = this.objects;
			return (setter != null) ? read((value) -> setter.apply(settings, value)) : settings;
		}

		private <R> R read(Function<T, R> consumer) {
			try {
				return consumer.apply(this.form.reader().apply(text()));
			}
			catch (ConversionException | IllegalArgumentException | ArithmeticException ex) {
				throw PoolRequestException
					.invalid("'%s' cannot be '%s'. Send %s".formatted(this.key, text(), this.form.words()));
			}
		}

	}

}
