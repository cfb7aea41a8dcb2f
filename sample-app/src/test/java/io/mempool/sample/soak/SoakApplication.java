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

import io.mempool.sample.SampleApplication;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;

/**
 * The sample application, with controllers for what it leaves out. It is no component, or
 * other tests would find it when they start the application.
 */
@Import({ SampleApplication.class, Leaks.class })
public class SoakApplication {

	public static void main(String[] args) {
		SpringApplication.run(SoakApplication.class, args);
	}

	@EventListener
	void started(WebServerInitializedEvent event) {
		SoakProcess.tellPort(event.getWebServer().getPort());
	}

}
