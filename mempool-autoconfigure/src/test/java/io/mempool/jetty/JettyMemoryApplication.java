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

package io.mempool.jetty;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Sends back what it receives, piece by piece, and streams as much as it is asked for.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@RestController
class JettyMemoryApplication {

	static final AtomicReference<CountDownLatch> entered = new AtomicReference<>(new CountDownLatch(1));

	static final AtomicReference<CountDownLatch> proceed = new AtomicReference<>(new CountDownLatch(1));

	@Bean
	JettyServletWebServerFactory webServerFactory() {
		return new JettyServletWebServerFactory();
	}

	@PostMapping("/echo")
	void echo(InputStream in, OutputStream out) throws IOException {
		in.transferTo(out);
	}

	@GetMapping("/download/{size}")
	void download(@PathVariable int size, OutputStream out) throws IOException {
		byte[] piece = new byte[5000];
		for (int left = size; left > 0; left -= piece.length) {
			out.write(piece, 0, Math.min(left, piece.length));
		}
	}

	@GetMapping("/slow")
	String slow() throws InterruptedException {
		entered.get().countDown();
		proceed.get().await(20, TimeUnit.SECONDS);
		return "done";
	}

}
