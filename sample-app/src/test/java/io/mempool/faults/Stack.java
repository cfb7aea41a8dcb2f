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

import io.mempool.sample.SampleApplication;

import org.springframework.boot.WebApplicationType;

/**
 * A server that faults are driven at.
 */
enum Stack {

	TOMCAT("/api/echo", "jetty.autoconfigure.servlet.JettyServletWebServer", ServletFaults.class,
			SampleApplication.class),

	JETTY("/api/echo", "tomcat.autoconfigure.servlet.TomcatServletWebServer", ServletFaults.class,
			SampleApplication.class),

	/**
	 * Reactor Netty. The sample has servlets only.
	 */
	REACTIVE("/faults/echo", "tomcat.autoconfigure.reactive.TomcatReactiveWebServer", ReactiveFaults.class,
			FaultServer.Netty.class);

	private final String echo;

	private final String other;

	private final Class<?>[] sources;

	Stack(String echo, String other, Class<?>... sources) {
		this.echo = echo;
		this.other = other;
		this.sources = sources;
	}

	/**
	 * Return where bodies are sent back.
	 */
	String echo() {
		return this.echo;
	}

	/**
	 * Return the property that leaves out a server which is on the class path too.
	 */
	String property() {
		return "spring.autoconfigure.exclude=org.springframework.boot." + this.other + "AutoConfiguration";
	}

	Class<?>[] sources() {
		return this.sources;
	}

	WebApplicationType type() {
		return isReactive() ? WebApplicationType.REACTIVE : WebApplicationType.SERVLET;
	}

	boolean isReactive() {
		return this == REACTIVE;
	}

	static Stack of(String name) {
		return List.of(values())
			.stream()
			.filter((stack) -> stack.name().equalsIgnoreCase(name))
			.findFirst()
			.orElseThrow(
					() -> new IllegalArgumentException("'" + name + "' is none of the stacks " + List.of(values())));
	}

}
