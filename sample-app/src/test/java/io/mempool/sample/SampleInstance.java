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

package io.mempool.sample;

import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The application, started as its users start it, on a port of its own.
 */
final class SampleInstance implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private final int port;

	private final SampleClient client;

	SampleInstance(String... properties) {
		List<String> arguments = new ArrayList<>(List.of("server.port=0", "logging.level.root=warn"));
		arguments.addAll(List.of(properties));
		this.context = new SpringApplicationBuilder(SampleApplication.class)
			.run(arguments.stream().map((argument) -> "--" + argument).toArray(String[]::new));
		this.port = ((WebServerApplicationContext) this.context).getWebServer().getPort();
		this.client = new SampleClient(this.port);
	}

	int port() {
		return this.port;
	}

	/**
	 * Return what Prometheus calls it.
	 */
	String name() {
		return "127.0.0.1:" + this.port;
	}

	SampleClient client() {
		return this.client;
	}

	@Override
	public String toString() {
		return name();
	}

	@Override
	public void close() {
		this.context.close();
	}

}
