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

package io.mempool.fuzz;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.mempool.autoconfigure.ObjectPoolBuilderFactory;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferPoolSettings;
import io.mempool.buffer.PooledBuffer;
import io.mempool.object.ObjectPool;
import io.mempool.object.ObjectPoolSettings;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.web.context.servlet.AnnotationConfigServletWebApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.support.ConfigurableConversionService;
import org.springframework.http.HttpMethod;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockServletContext;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.MvcResult;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.util.UriUtils;

/**
 * Any requests to the endpoint: each has an answer that is no failure of the server, and
 * one that is refused has changed nothing.
 */
final class EndpointTarget implements FuzzTarget {

	private static final String PATH = "/actuator/mempool";

	private static final List<String> KEYS = List.of("tier", "maxIdle", "maxTotal", "limit", "policy", "maxWait",
			"clear", "protection", "idleTimeout", "leakDetection", "tiers");

	private static final List<String> WORDS = List.of("unlimited", "allocate", "wait", "fail", "on-release", "never",
			"standard", "quarantine", "revoke", "disabled", "simple", "advanced", "paranoid", "4KB", "64KB", "8MB",
			"4KB, 64KB", "1s", "500ms", "PT1M", "", "null", "true");

	private static final List<String> TYPES = List.of("application/json", "application/json",
			"application/vnd.spring-boot.actuator.v3+json", "application/json;charset=UTF-16", "text/html",
			"text/plain", "*/*", "application/octet-stream", "multipart/form-data; boundary=x",
			"application/x-www-form-urlencoded");

	private static final Set<Integer> ANSWERS = Set.of(200, 204, 400, 404, 405, 406, 415);

	private static final long USABLE = 8 * 1024 * 1024;

	private static final JsonMapper JSON = JsonMapper.shared();

	private final AnnotationConfigServletWebApplicationContext context = start();

	private final MockMvc client = MockMvcBuilders.webAppContextSetup(this.context).build();

	private final BufferPool buffers = this.context.getBean("uploads", BufferPool.class);

	private final ObjectPool<?> objects = this.context.getBean("builders", ObjectPool.class);

	private final BufferPoolSettings initialBuffers = this.buffers.settings();

	private final ObjectPoolSettings initialObjects = this.objects.settings();

	private static AnnotationConfigServletWebApplicationContext start() {
		AnnotationConfigServletWebApplicationContext context = new AnnotationConfigServletWebApplicationContext();
		context.setServletContext(new MockServletContext());
		context.setClassLoader(EndpointTarget.class.getClassLoader());
		// As an application has it
		context.getEnvironment()
			.setConversionService((ConfigurableConversionService) ApplicationConversionService.getSharedInstance());
		TestPropertyValues
			.of("management.endpoints.web.exposure.include=mempool", "management.endpoint.mempool.access=unrestricted",
					"management.endpoint.mempool.show-details=always", "mempool.pools.uploads.tiers=4KB,64KB",
					"mempool.pools.uploads.limit=8MB", "mempool.pools.uploads.policy=fail")
			.applyTo(context);
		context.register(Application.class);
		log(LogLevel.OFF);
		context.refresh();
		return context;
	}

	@Override
	public String run(FuzzInput input) throws Exception {
		HttpMethod method = HttpMethod
			.valueOf(input.pick("GET", "GET", "POST", "POST", "POST", "POST", "DELETE", "HEAD", "PUT", "OPTIONS"));
		String path = path(input);
		MockHttpServletRequestBuilder request = MockMvcRequestBuilders.request(method, URI.create(path));
		String body = null;
		if (input.oneIn(2)) {
			request.header("Accept", header(input));
		}
		if (method.equals(HttpMethod.POST) || input.oneIn(16)) {
			body = body(input);
			request.content(body.getBytes(StandardCharsets.UTF_8));
			request.header("Content-Type", input.oneIn(4) ? header(input) : "application/json");
		}
		BufferPoolSettings buffers = this.buffers.settings();
		ObjectPoolSettings objects = this.objects.settings();
		try {
			MvcResult result = this.client.perform(request).andReturn();
			MockHttpServletResponse response = result.getResponse();
			check(response, method + " " + path + " " + body + " " + headers(result), result.getResolvedException());
			boolean changed = !buffers.equals(this.buffers.settings()) || !objects.equals(this.objects.settings());
			boolean update = method.equals(HttpMethod.POST)
					&& (response.getStatus() == 200 || changed && isUnwritable(result.getResolvedException()));
			Checks.same(changed, update, "Whether something has changed with " + response.getStatus() + " of " + method
					+ " " + path + " " + body);
			use();
			return method + " is " + response.getStatus();
		}
		finally {
			restore();
		}
	}

	private static String path(FuzzInput input) {
		StringBuilder path = new StringBuilder(PATH);
		if (!input.oneIn(8)) {
			String pool = input.pick("uploads", "uploads", "uploads", "builders", "default", "none", "page");
			path.append('/').append(input.oneIn(8) ? segment(input.flag() ? input.text() : input.mutate(pool)) : pool);
		}
		while (input.oneIn(16)) {
			path.append('/').append(segment(input.flag() ? input.text() : input.pick("page.js", "..", ".", "app.js")));
		}
		if (input.oneIn(8)) {
			path.append('?')
				.append(segment(input.flag() ? "tiers" : input.text()))
				.append('=')
				.append(segment(input.flag() ? input.pick("active", "all", "") : input.text()));
		}
		return path.toString();
	}

	private static String segment(String text) {
		return UriUtils.encode(text, StandardCharsets.UTF_8);
	}

	private static String header(FuzzInput input) {
		String type = input.pick(TYPES);
		return input.oneIn(4) ? input.mutate(type) : input.oneIn(8) ? input.text() : type;
	}

	private static String body(FuzzInput input) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		for (int count = input.below(5); count > 0; count--) {
			String key = input.pick(KEYS);
			map.put(input.oneIn(16) ? input.mutate(key) : key, value(input, 0));
		}
		String text;
		try {
			text = JSON.writeValueAsString(input.oneIn(16) ? value(input, 0) : map);
		}
		catch (JacksonException ex) {
			// Half of a surrogate is no text
			text = map.toString();
		}
		return input.oneIn(8) ? input.mutate(text) : input.oneIn(32) ? input.text() : text;
	}

	private static @Nullable Object value(FuzzInput input, int depth) {
		return switch (input.below(12)) {
			case 0, 1, 2 -> input.pick(WORDS);
			case 3 -> input.number() + input.pick("", "B", "KB", "MB", "GB", "ms", "s", "h", "d");
			case 4 -> input.text();
			case 5 -> input.flag();
			case 6 -> input.number() / 8.0;
			case 7 -> null;
			case 8 -> (depth < 3) ? list(input, depth) : "";
			case 9 -> (depth < 3) ? Map.of("a", list(input, depth)) : "";
			default -> input.flag() ? input.number() : input.octet();
		};
	}

	private static List<@Nullable Object> list(FuzzInput input, int depth) {
		List<@Nullable Object> values = new ArrayList<>();
		for (int count = input.below(4); count > 0; count--) {
			values.add(value(input, depth + 1));
		}
		return values;
	}

	private static String headers(MvcResult result) {
		return result.getRequest().getHeader("Accept") + " " + result.getRequest().getHeader("Content-Type");
	}

	private static void check(MockHttpServletResponse response, String request, @Nullable Exception failure)
			throws Exception {
		int status = response.getStatus();
		String content = response.getContentAsString();
		Checks.check(ANSWERS.contains(status) || isUnwritable(failure), "The status", status, request, content,
				failure);
		Checks.check(!content.contains("\tat ") && !content.contains("Exception"), "An exception is shown", request,
				content);
		String type = response.getContentType();
		if (type != null && type.contains("json") && !content.isEmpty()) {
			JsonNode json = JSON.readTree(content);
			Checks.check(status == 200 || json.path("detail").asString("").length() > 8,
					"An error does not say what to do", request, content);
		}
	}

	// So does every endpoint answer a charset that JSON cannot have: it has done its work
	// when Spring finds out
	private static boolean isUnwritable(@Nullable Exception failure) {
		return failure instanceof HttpMessageNotWritableException;
	}

	// What a pool with a higher limit would really take is left alone
	private void use() {
		if (this.buffers.settings().limit() <= USABLE) {
			PooledBuffer buffer = this.buffers.tryAcquire(1);
			if (buffer != null) {
				buffer.put(0, (byte) 1);
				buffer.release();
			}
		}
		Checks.same(this.buffers.statistics().leased(), 0L, "What is leased afterwards");
	}

	private void restore() {
		if (!this.buffers.settings().equals(this.initialBuffers)) {
			this.buffers.update((settings) -> this.initialBuffers);
		}
		if (!this.objects.settings().equals(this.initialObjects)) {
			this.objects.update((settings) -> this.initialObjects);
		}
	}

	// Each change is logged
	private static void log(@Nullable LogLevel level) {
		LoggingSystem.get(EndpointTarget.class.getClassLoader()).setLogLevel("io.mempool.actuate", level);
	}

	@Override
	public void close() {
		this.context.close();
		log(null);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		ObjectPool<StringBuilder> builders(ObjectPoolBuilderFactory pools) {
			return pools.builder("builders", StringBuilder::new).build();
		}

	}

}
