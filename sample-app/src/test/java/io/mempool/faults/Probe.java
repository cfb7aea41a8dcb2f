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

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.LongSupplier;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * What the driver asks the server, beside the endpoint of the pools. None of it takes
 * memory of a pool.
 */
@RestController
@RequestMapping("/probe")
class Probe {

	private final Watch watch;

	private final OpenScopes scopes;

	private final Experiments experiments;

	private final ExecutorService producers;

	private volatile Runnable shutdown = () -> {
	};

	Probe(Watch watch, OpenScopes scopes, Experiments experiments, ExecutorService producers) {
		this.watch = watch;
		this.scopes = scopes;
		this.experiments = experiments;
		this.producers = producers;
	}

	void onShutdown(Runnable shutdown) {
		this.shutdown = shutdown;
	}

	@GetMapping
	Seen seen() {
		return new Seen(this.watch.complaints(), this.watch.samples(), this.scopes.getAsLong(),
				this.watch.gates().arrivals());
	}

	@PostMapping("/begin")
	void begin() {
		this.watch.begin();
	}

	@PostMapping("/end")
	void end() {
		this.watch.gates().openAll();
	}

	@PostMapping("/open")
	void open(@RequestParam String gate) {
		this.watch.gates().get(gate).open();
	}

	@PostMapping("/collect")
	CompletableFuture<String> collect() {
		return CompletableFuture.supplyAsync(() -> {
			System.gc();
			return "collected";
		}, this.producers);
	}

	/**
	 * Do something in the server, as often as asked.
	 */
	@PostMapping("/do/{experiment}")
	CompletableFuture<String> run(@PathVariable String experiment, @RequestParam int times,
			@RequestParam(defaultValue = "EXCEPTION") Failure failure) {
		return CompletableFuture.supplyAsync(() -> {
			try {
				for (int i = 0; i < times; i++) {
					this.experiments.run(experiment, failure);
				}
				return "done";
			}
			catch (Throwable ex) {
				this.watch.complain(experiment + ": " + ex);
				return "failed";
			}
		}, this.producers);
	}

	@PostMapping("/shutdown")
	void shutdown() {
		Thread thread = new Thread(this.shutdown, "shutdown");
		thread.start();
	}

	/**
	 * What the server saw since the fault began.
	 *
	 * @param complaints what must not be
	 * @param samples how often it looked at caps and limits
	 * @param openScopes how many requests own memory now
	 * @param arrivals how many requests have arrived at each gate
	 */
	record Seen(List<String> complaints, long samples, long openScopes, Map<String, Integer> arrivals) {

	}

	/**
	 * How many requests own memory.
	 */
	@FunctionalInterface
	interface OpenScopes extends LongSupplier {

	}

}
