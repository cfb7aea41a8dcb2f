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

package io.mempool.sample.soak;

import java.util.ArrayList;
import java.util.List;

import io.mempool.sample.soak.Tuning.Change;

/**
 * An application to soak.
 *
 * @param name what it is called
 * @param main its class
 * @param properties what it is started with
 * @param frames whether it serves frames too
 * @param clients how many clients it has at once
 * @param surfaces the ways in which content goes through it
 * @param hangUps how its clients hang up
 * @param changes what is changed meanwhile, again and again: each changes something
 * @param counts what its pools have counted in the end
 */
record SoakTarget(String name, Class<?> main, List<String> properties, boolean frames, int clients,
		List<Surface> surfaces, List<HangUp> hangUps, List<Change> changes, List<Count> counts) {

	private static final List<String> COMMON = List.of("server.port=0", "spring.main.banner-mode=off",
			"logging.level.root=warn", "management.endpoint.mempool.access=unrestricted",
			"management.endpoints.web.exposure.include=health,mempool", "mempool.request.max-body-size=8MB",
			"mempool.pools.uploads.tiers=4KB, 64KB, 256KB, 1MB");

	/**
	 * Return the sample on Tomcat, with virtual threads where Java has them.
	 */
	static SoakTarget servlet(String... properties) {
		List<Change> changes = List.of(Change.set("uploads", "maxIdle", 4), Change.set("channel", "maxTotal", 3),
				Change.set("uploads", "tiers", "4KB, 16KB, 64KB, 1MB"), Change.set("deflaters", "maxIdle", 1),
				Change.set("uploads", "limit", "56MB"), Change.set("uploads", "clear", "never"),
				Change.set("uploads", "idleTimeout", "500ms"), Change.trim("digests"),
				Change.set("uploads", "leakDetection", "advanced"), Change.set("uploads", "maxIdle", 64),
				Change.set("channel", "maxTotal", 1), Change.set("uploads", "maxTotal", 5), Change.trim("uploads"),
				Change.set("uploads", "tiers", "4KB, 64KB, 256KB, 1MB"), Change.set("deflaters", "maxIdle", 16),
				Change.set("uploads", "clear", "on-release"), Change.set("uploads", "limit", "unlimited"),
				Change.trim("channel"), Change.set("uploads", "idleTimeout", "unlimited"), Change.trim("deflaters"),
				Change.set("uploads", "leakDetection", "simple"), Change.set("uploads", "maxTotal", "unlimited"));
		List<Count> counts = List.of(new Count("channel", List.of(ServletSurface.OFF_HEAP)),
				new Count("deflaters", List.of(ServletSurface.GZIP)),
				new Count("digests", List.of(ServletSurface.DIGEST, ServletSurface.FILE)));
		return new SoakTarget("servlet", SoakApplication.class,
				properties("soak.controller=true", "server.tomcat.connection-timeout=5m",
						"spring.threads.virtual.enabled=true", "spring.servlet.multipart.enabled=true",
						"spring.servlet.multipart.max-file-size=8MB", "logging.level.io.mempool.sample.frames=error",
						"mempool.pools.channel.memory=off-heap", "mempool.pools.channel.tiers=4KB, 64KB, 1MB",
						"mempool.pools.channel.policy=wait", "mempool.pools.channel.max-wait=5m",
						"mempool.pools.channel.max-total=1"),
				true, 5, List.of(ServletSurface.values()), List.of(HangUp.values()), changes, counts)
			.with(properties);
	}

	/**
	 * Return an application on WebFlux and Reactor Netty, with memory off the heap.
	 */
	static SoakTarget reactive() {
		List<Change> changes = List.of(Change.set("uploads", "maxIdle", 4),
				Change.set("uploads", "tiers", "4KB, 16KB, 64KB, 1MB"), Change.set("uploads", "idleTimeout", "500ms"),
				Change.set("uploads", "clear", "never"), Change.trim("uploads"), Change.set("uploads", "maxIdle", 64),
				Change.set("uploads", "maxTotal", 5), Change.set("uploads", "tiers", "4KB, 64KB, 256KB, 1MB"),
				Change.set("uploads", "clear", "on-release"), Change.set("uploads", "idleTimeout", "unlimited"),
				Change.trim("uploads"), Change.set("uploads", "maxTotal", "unlimited"));
		return new SoakTarget("reactive", SoakReactiveApplication.class,
				properties("mempool.pools.uploads.memory=off-heap", "mempool.request.pool=uploads",
						// Not that of the sample
						"spring.config.name=soak",
						// Tells of each client that hangs up, before it knows that it did
						"logging.level.org.springframework.web.server.adapter=off"),
				false, 2, List.of(ReactiveSurface.values()), List.of(HangUp.UPLOAD, HangUp.CHUNK, HangUp.DOWNLOAD),
				changes, List.of());
	}

	private static List<String> properties(String... own) {
		List<String> properties = new ArrayList<>(COMMON);
		properties.addAll(List.of(own));
		return properties;
	}

	private SoakTarget with(String... more) {
		List<String> properties = new ArrayList<>(this.properties);
		properties.addAll(List.of(more));
		return new SoakTarget(this.name, this.main, properties, this.frames, this.clients, this.surfaces, this.hangUps,
				this.changes, this.counts);
	}

	/**
	 * What a pool has to have counted: one acquire for each operation that it serves, and
	 * that no client hangs up.
	 *
	 * @param pool the pool
	 * @param surfaces the operations
	 */
	record Count(String pool, List<Surface> surfaces) {

	}

}
