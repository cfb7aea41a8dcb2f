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

import java.io.IOException;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.PooledOutputStream;
import io.mempool.web.servlet.RequestBuffers;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.RestController;

/**
 * What the sample leaves out: JSON, parts, and memory off the heap. Other tests do not
 * ask for it.
 */
@RestController
@RequestMapping("/soak")
@ConditionalOnProperty("soak.controller")
class SoakController {

	private final JsonMapper json;

	private final BufferPool channel;

	SoakController(JsonMapper json, @Qualifier("channel") BufferPool channel) {
		this.json = json;
		this.channel = channel;
	}

	@PostMapping(path = "/json", produces = MediaType.APPLICATION_JSON_VALUE)
	PooledBuffer json(@RequestBody PooledBuffer lines, RequestBuffers buffers) {
		PooledOutputStream answer = buffers.outputStream();
		try (JsonParser in = this.json.createParser(lines.inputStream());
				JsonGenerator out = this.json.createGenerator(answer)) {
			out.writeStartArray();
			in.nextToken();
			while (in.nextToken() == JsonToken.START_OBJECT) {
				JsonLine line = in.readValueAs(JsonLine.class);
				out.writePOJO(new JsonLine(line.owner(), line.line() + 1));
			}
			out.writeEndArray();
		}
		return answer.toBuffer();
	}

	@PostMapping("/part")
	PooledBuffer part(@RequestPart PooledBuffer file) {
		return file;
	}

	/**
	 * Send a body back from memory off the heap, of which one buffer is acquired. There
	 * are few: requests wait for each other.
	 */
	@PostMapping("/off-heap")
	void offHeap(HttpServletRequest request, HttpServletResponse response) throws IOException {
		try (PooledBuffer buffer = this.channel.acquire(request.getContentLength())) {
			buffer.readFully(request.getInputStream(), 0, buffer.size());
			response.setContentLength(buffer.size());
			buffer.writeTo(response.getOutputStream());
		}
	}

	record JsonLine(String owner, int line) {

	}

}
