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

import java.lang.management.ManagementFactory;

import com.sun.management.OperatingSystemMXBean;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * Starts, and says after how many milliseconds it was ready, how many milliseconds of
 * processor time the JVM had taken by then, and how many classes it had loaded.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
public class EmptyApplication {

	public static void main(String[] args) {
		SpringApplication application = new SpringApplication(EmptyApplication.class);
		application.addListeners((ApplicationListener<ApplicationReadyEvent>) EmptyApplication::report);
		application.run(args).close();
	}

	private static void report(ApplicationReadyEvent event) {
		OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
		System.out.println("Ready: " + event.getTimeTaken().toMillis() + " " + process.getProcessCpuTime() / 1_000_000
				+ " " + ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount());
	}

}
