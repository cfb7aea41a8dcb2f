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

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.zip.Deflater;

import io.mempool.object.ObjectPool;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Digests and deflaters are pooled, reset and given back by the request.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ToolsTests {

	@Autowired
	private ObjectPool<Deflater> deflaters;

	@Autowired
	private ObjectPool<MessageDigest> digests;

	@LocalServerPort
	private int port;

	@Test
	void digestIsUsedAgainAndRemembersNothing() throws Exception {
		String first = post("/api/digest");
		awaitReturn(this.digests);
		long hits = this.digests.statistics().hits();
		assertThat(post("/api/digest")).isEqualTo(first);
		assertThat(this.digests.statistics().hits()).isEqualTo(hits + 1);
		awaitReturn(this.digests);
	}

	@Test
	void deflaterIsUsedAgainAndRemembersNothing() throws Exception {
		String first = post("/api/gzip");
		awaitReturn(this.deflaters);
		long hits = this.deflaters.statistics().hits();
		assertThat(post("/api/gzip")).isEqualTo(first);
		assertThat(this.deflaters.statistics().hits()).isEqualTo(hits + 1);
		awaitReturn(this.deflaters);
	}

	// A response may arrive before the end of its request
	private static void awaitReturn(ObjectPool<?> pool) {
		await().untilAsserted(() -> assertThat(pool.statistics().leased()).isZero());
	}

	private String post(String path) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path))
			.POST(BodyPublishers.ofString("some content"))
			.build();
		return HttpClient.newHttpClient().send(request, BodyHandlers.ofString(StandardCharsets.ISO_8859_1)).body();
	}

}
