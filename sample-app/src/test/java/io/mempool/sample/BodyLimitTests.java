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
import java.util.stream.Stream;

import io.mempool.sample.SampleClient.Transfer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for bodies at and over the limit of those that are held whole.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = "mempool.request.max-body-size=100KB")
class BodyLimitTests {

	private static final int LIMIT = 100 * 1024;

	private final SampleClient client;

	BodyLimitTests(@LocalServerPort int port) {
		this.client = new SampleClient(port);
	}

	static Stream<Arguments> variants() {
		return Stream.of("pooled", "plain")
			.flatMap((buffers) -> Stream.of(Transfer.values()).map((transfer) -> Arguments.of(buffers, transfer)));
	}

	@ParameterizedTest
	@MethodSource("variants")
	void echoShouldTakeBodyAtTheLimit(String buffers, Transfer transfer) throws Exception {
		byte[] content = SampleClient.bytes(LIMIT);
		HttpResponse<byte[]> response = echo(buffers, transfer, content);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).isEqualTo(content);
		this.client.assertThatPoolsAreAtRest();
	}

	@ParameterizedTest
	@MethodSource("variants")
	void echoShouldRefuseBodyOverTheLimit(String buffers, Transfer transfer) throws Exception {
		HttpResponse<byte[]> response = echo(buffers, transfer, SampleClient.bytes(LIMIT + 1));
		SampleClient.assertProblem(response, 413);
		this.client.assertThatPoolsAreAtRest();
	}

	@ParameterizedTest
	@MethodSource("variants")
	void digestShouldStreamBodyOverTheLimit(String buffers, Transfer transfer) throws Exception {
		byte[] content = SampleClient.bytes(2 * LIMIT);
		SampleClient.assertDigest(this.client.send("POST", "/api/digest?buffers=" + buffers, transfer.body(content)),
				content);
	}

	private HttpResponse<byte[]> echo(String buffers, Transfer transfer, byte[] content) throws Exception {
		return this.client.send("POST", "/api/echo?buffers=" + buffers, transfer.body(content));
	}

}
