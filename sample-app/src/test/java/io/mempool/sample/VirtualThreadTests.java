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

import java.net.http.HttpResponse;

import io.mempool.sample.SampleClient.Transfer;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the application with virtual threads.
 */
@EnabledForJreRange(min = JRE.JAVA_21)
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = "spring.threads.virtual.enabled=true")
class VirtualThreadTests {

	private final SampleClient client;

	VirtualThreadTests(@LocalServerPort int port) {
		this.client = new SampleClient(port);
	}

	@ParameterizedTest
	@EnumSource
	void everyPathShouldWork(Transfer transfer) throws Exception {
		byte[] content = SampleClient.bytes(300_000);
		SampleClient.assertDigest(this.client.send("POST", "/api/digest", transfer.body(content)), content);
		assertThat(this.client.send("POST", "/api/gzip", transfer.body(content)).statusCode()).isEqualTo(200);
		assertThat(this.client.send("POST", "/api/echo", transfer.body(content)).body()).isEqualTo(content);
		SampleClient.assertDigest(this.client.send("PUT", "/api/files/name", transfer.body(content)), content);
		HttpResponse<byte[]> sent = this.client.get("/api/files/name");
		assertThat(sent.body()).isEqualTo(content);
		this.client.assertThatPoolsAreAtRest();
	}

}
