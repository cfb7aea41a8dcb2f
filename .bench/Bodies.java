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

import java.io.IOException;
import java.util.Arrays;

import io.mempool.buffer.PooledBuffer;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.boot.web.server.servlet.ServletWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/**
 * Sends bodies and parts of bodies back, as arrays and as pooled buffers, in the container
 * that the first argument names.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@RestController
class Bodies {

	public static void main(String[] args) {
		new SpringApplicationBuilder(Bodies.class).properties("container=" + args[0], "spring.main.banner-mode=off")
			.run(Arrays.copyOfRange(args, 1, args.length));
	}

	@Bean
	static ServletWebServerFactory webServerFactory(Environment environment) {
		return environment.getRequiredProperty("container").equals("jetty") ? new JettyServletWebServerFactory()
				: new TomcatServletWebServerFactory();
	}

	@EventListener
	void started(WebServerInitializedEvent event) {
		System.out.println("Port " + event.getWebServer().getPort());
	}

	@PostMapping("/plain")
	byte[] plain(@RequestBody byte[] body) {
		return body;
	}

	@PostMapping("/pooled")
	PooledBuffer pooled(@RequestBody PooledBuffer body) {
		return body;
	}

	@PostMapping("/plain-part")
	byte[] plainPart(@RequestParam MultipartFile file) throws IOException {
		return file.getBytes();
	}

	@PostMapping("/pooled-part")
	PooledBuffer pooledPart(@RequestPart PooledBuffer file) {
		return file;
	}

}
