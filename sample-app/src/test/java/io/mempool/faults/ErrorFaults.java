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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Exceptions and errors in code of the application, at every stage of a request.
 */
final class ErrorFaults {

	private static final int TIMES = 2;

	private static final int PATIENCE_MILLIS = 300;

	private ErrorFaults() {
	}

	static List<Fault> all() {
		Map<String, Stage> stages = new LinkedHashMap<>();
		stages.put("filter-before", new Stage("in a filter before the handler", 1));
		stages.put("filter-after", new Stage("in a filter after the handler", 2));
		stages.put("controller", new Stage("in the handler", 1));
		stages.put("operator", new Stage("in an operator of a pipeline", 1));
		stages.put("advice", new Stage("in the handler of another exception", 2));
		stages.put("reader", new Stage("while the body is read", 1));
		stages.put("writer", new Stage("in what writes the answer", 1));
		stages.put("writer-late", new Stage("in what writes the answer, after its beginning was sent", 1));
		stages.put("callable", new Stage("in another thread of the request", 2));
		stages.put("task", new Stage("in a task of the request", 2));
		stages.put("thread", new Stage("in a task that ends its thread", 2));
		stages.put("deferred", new Stage("as the result of another thread", 2));
		stages.put("stream", new Stage("in a streamed answer", 1));
		stages.put("events", new Stage("in a stream of events", 2));
		stages.put("close", new Stage("in what is called at the end of the request's memory", 1));
		List<Fault> faults = new ArrayList<>();
		stages.forEach((name, stage) -> {
			for (Failure failure : Failure.values()) {
				faults.add(fault(name, stage, failure));
			}
		});
		return faults;
	}

	private static Fault fault(String name, Stage stage, Failure failure) {
		String request = name.equals("reader")
				? Wire.post("/faults/throw/reader?failure=" + failure.name(), 5, "Failure: " + failure.name()) + "hello"
				: Wire.get("/faults/throw/" + name + "?failure=" + failure.name());
		Fault fault = Fault.of(failure + " " + stage.where(), TIMES,
				stage.acquired() + " buffers a request, all given back", (driver, times) -> {
					driver.repeat(times, (client) -> {
						try (Wire wire = driver.connect()) {
							answered(wire.send(request), driver.stack(), failure);
						}
					});
					long acquired = (long) stage.acquired() * times;
					Expected expected = Expected.acquired("uploads", acquired).andInDoubtAtMost("uploads", acquired);
					// No code hears of the end of a request that Reactor has dropped
					boolean dropped = driver.stack().isReactive() && failure.isFatal();
					return dropped ? expected.andLeakedAtMost("uploads", acquired) : expected;
				});
		return switch (name) {
			case "writer-late", "deferred", "events" -> fault.onServlets();
			case "operator" -> fault.onReactive();
			default -> fault;
		};
	}

	private static void answered(Wire wire, Stack stack, Failure failure) throws java.io.IOException {
		if (!stack.isReactive() || !failure.isFatal()) {
			wire.statusOrClosed();
			return;
		}
		// Reactor passes errors of the JVM on to the thread, and the request has no
		// answer: its client has to hang up
		try {
			wire.patience(PATIENCE_MILLIS).statusOrClosed();
		}
		catch (java.net.SocketTimeoutException ex) {
			// As said
		}
	}

	/**
	 * Where something is thrown.
	 *
	 * @param where in words
	 * @param acquired how many buffers the request has then
	 */
	private record Stage(String where, int acquired) {

	}

}
