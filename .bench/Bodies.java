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
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
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
		boolean reactive = args[0].equals("netty");
		Class<?> container = reactive ? Netty.class : args[0].equals("jetty") ? Jetty.class : Tomcat.class;
		new SpringApplicationBuilder(Bodies.class, container)
			.web(reactive ? WebApplicationType.REACTIVE : WebApplicationType.SERVLET)
			.properties("spring.main.banner-mode=off")
			.run(Arrays.copyOfRange(args, 1, args.length));
	}

	@EventListener
	void started(WebServerInitializedEvent event) {
		System.out.println("Port " + event.getWebServer().getPort() + " ");
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

@Configuration(proxyBeanMethods = false)
class Tomcat {

	@Bean
	TomcatServletWebServerFactory webServerFactory() {
		return new TomcatServletWebServerFactory();
	}

}

@Configuration(proxyBeanMethods = false)
class Jetty {

	@Bean
	JettyServletWebServerFactory webServerFactory() {
		return new JettyServletWebServerFactory();
	}

}

@Configuration(proxyBeanMethods = false)
class Netty {

	@Bean
	NettyReactiveWebServerFactory webServerFactory() {
		return new NettyReactiveWebServerFactory();
	}

}
