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

package io.mempool.docs.recipes;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

import javax.imageio.ImageIO;

import io.mempool.test.CheckLeases;
import io.mempool.testing.BodyServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.mock.web.MockPart;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The programs of the page on recipes that run on servlets.
 */
@CheckLeases
@SpringBootTest(properties = { "mempool.request.max-body-size=1MB", "mempool.pools.channel.memory=off-heap",
		"mempool.pools.channel.tiers=256KB" })
@AutoConfigureMockMvc
class RecipesTests {

	@Autowired
	private MockMvcTester mvc;

	@Autowired
	private FileSender sender;

	@Test
	void imageIsResized() throws IOException {
		ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
		ImageIO.write(new BufferedImage(640, 480, BufferedImage.TYPE_INT_RGB), "jpeg", jpeg);
		MvcTestResult result = upload(jpeg.toByteArray());
		assertThat(result).hasStatusOk().hasContentType(MediaType.IMAGE_PNG);
		BufferedImage thumbnail = ImageIO.read(new ByteArrayInputStream(content(result)));
		assertThat(thumbnail.getWidth()).isEqualTo(128);
		assertThat(thumbnail.getHeight()).isEqualTo(96);
	}

	@Test
	void whatIsNoImageIsRefused() {
		assertThat(upload("text".getBytes(StandardCharsets.UTF_8))).hasStatus(415);
	}

	private MvcTestResult upload(byte[] image) {
		return this.mvc.post().uri("/thumbnails").multipart().part(new MockPart("image", "image", image)).exchange();
	}

	@Test
	void rowsAreExportedWhole() throws Exception {
		int rows = 10_000;
		MvcTestResult result = this.mvc.get().uri("/export?rows={rows}", rows).exchange();
		assertThat(result).hasStatusOk();
		String[] lines = new String(content(result), StandardCharsets.UTF_8).split("\r\n");
		assertThat(lines).hasSize(rows);
		assertThat(lines[0]).isEqualTo("0,Müller,0");
		assertThat(lines[rows - 1]).isEqualTo("9999,Müller,999900");
	}

	@Test
	void largeJsonIsReadAndWritten() {
		StringBuilder orders = new StringBuilder("[");
		StringBuilder priced = new StringBuilder("[");
		for (int id = 0; id < 10_000; id++) {
			orders.append((id > 0) ? "," : "").append("{\"id\":%d,\"count\":%d}".formatted(id, id % 7));
			priced.append((id > 0) ? "," : "").append("{\"id\":%d,\"cents\":%d}".formatted(id, id % 7 * 250));
		}
		assertThat(this.mvc.post()
			.uri("/orders/priced")
			.contentType(MediaType.APPLICATION_JSON)
			.content(orders.append("]").toString())).hasStatusOk().hasBodyTextEqualTo(priced.append("]").toString());
	}

	@Test
	void bodyIsCompressedAndExpanded() throws IOException {
		byte[] body = "pooled".repeat(50_000).getBytes(StandardCharsets.UTF_8);
		MvcTestResult compressed = this.mvc.post().uri("/gzip").content(body).exchange();
		assertThat(compressed).hasStatusOk().headers().hasValue(HttpHeaders.CONTENT_ENCODING, "gzip");
		assertThat(new GZIPInputStream(new ByteArrayInputStream(content(compressed))).readAllBytes()).isEqualTo(body);
		MvcTestResult expanded = this.mvc.post().uri("/gunzip").content(content(compressed)).exchange();
		assertThat(content(expanded)).isEqualTo(body);
	}

	@Test
	void bodyThatExpandsBeyondTheLimitIsRefused() throws IOException {
		ByteArrayOutputStream bomb = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
			gzip.write(new byte[2 * 1024 * 1024]);
		}
		assertThat(this.mvc.post().uri("/gunzip").content(bomb.toByteArray())).hasStatus(413);
	}

	@Test
	void fileIsSentWhole(@TempDir Path folder) throws Exception {
		byte[] content = BodyServer.bytes(1_000_001);
		Path file = Files.write(folder.resolve("file"), content);
		try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress("localhost", 0));
				SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
			CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> receive(server));
			this.sender.send(file, client);
			assertThat(received.get()).isEqualTo(content);
		}
	}

	private static byte[] receive(ServerSocketChannel server) {
		try (DataInputStream in = new DataInputStream(Channels.newInputStream(server.accept()))) {
			return in.readNBytes((int) in.readLong());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static byte[] content(MvcTestResult result) {
		return result.getResponse().getContentAsByteArray();
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import({ ThumbnailController.class, ExportController.class, OrderController.class, GzipController.class,
			FileSender.class })
	static class Application {

	}

}
