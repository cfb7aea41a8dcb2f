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

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The calls of a builder, in every order.
 *
 * @param <B> the type of the builder
 */
public final class BuilderCalls<B> {

	private static final int SHUFFLES = 200;

	private final Supplier<B> builder;

	private final Function<B, ?> settings;

	private final Map<String, Consumer<B>> calls = new LinkedHashMap<>();

	private final Map<String, String> things = new LinkedHashMap<>();

	/**
	 * Begin with no call.
	 * @param builder begins to build
	 * @param settings what the builder has come to
	 */
	public BuilderCalls(Supplier<B> builder, Function<B, ?> settings) {
		this.builder = builder;
		this.settings = settings;
	}

	/**
	 * Add a call.
	 * @param signature its method, for example {@code limit(long)}
	 * @param call the call
	 */
	public BuilderCalls<B> add(String signature, Consumer<B> call) {
		return add(signature, signature, call);
	}

	/**
	 * Add a call that sets the same thing as others. Of these, the last counts.
	 * @param thing what is set
	 */
	public BuilderCalls<B> add(String thing, String signature, Consumer<B> call) {
		this.calls.put(signature, call);
		this.things.put(signature, thing);
		return this;
	}

	/**
	 * Assert that each method of a type that sets something is one of the calls.
	 */
	public void assertAreAllSettersOf(Class<?> type) {
		Set<String> setters = new TreeSet<>();
		for (Method method : type.getDeclaredMethods()) {
			if (Modifier.isPublic(method.getModifiers()) && !method.isBridge() && method.getReturnType() == type) {
				setters.add(method.getName() + Arrays.stream(method.getParameterTypes())
					.map(Class::getSimpleName)
					.collect(Collectors.joining(", ", "(", ")")));
			}
		}
		assertThat(setters).isNotEmpty().isEqualTo(new TreeSet<>(this.calls.keySet()));
	}

	/**
	 * Assert for each call that it changes the settings.
	 */
	public void assertEachCounts() {
		Object unset = after(List.of());
		assertThat(this.calls.keySet()).allSatisfy((call) -> assertThat(after(List.of(call))).isNotEqualTo(unset));
	}

	/**
	 * Assert for each two calls that their order does not matter.
	 */
	public void assertEachTwoCommute() {
		for (String first : this.calls.keySet()) {
			for (String second : this.calls.keySet()) {
				if (!this.things.get(first).equals(this.things.get(second))) {
					assertThat(after(List.of(first, second))).as("%s and %s", first, second)
						.isEqualTo(after(List.of(second, first)));
				}
			}
		}
	}

	/**
	 * Assert that the order of one call for each thing does not matter.
	 */
	public void assertAllCommute() {
		Random random = new Random(7);
		for (int i = 0; i < SHUFFLES; i++) {
			List<String> shuffled = new ArrayList<>(this.calls.keySet());
			Collections.shuffle(shuffled, random);
			Set<String> things = new TreeSet<>();
			List<String> chosen = new ArrayList<>(
					shuffled.stream().filter((call) -> things.add(this.things.get(call))).toList());
			Object settings = after(chosen);
			Collections.shuffle(chosen, random);
			assertThat(after(chosen)).as("%s", chosen).isEqualTo(settings);
		}
	}

	private Object after(List<String> calls) {
		B begun = this.builder.get();
		calls.forEach((call) -> this.calls.get(call).accept(begun));
		return this.settings.apply(begun);
	}

}
