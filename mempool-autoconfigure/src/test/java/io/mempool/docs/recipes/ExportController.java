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

// tag::recipe[]
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;

import io.mempool.buffer.PooledBuffer;
import io.mempool.web.servlet.RequestBuffers;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

@RestController
class ExportController {

	@GetMapping(path = "/export", produces = "text/csv;charset=UTF-8")
	StreamingResponseBody export(@RequestParam int rows, RequestBuffers buffers) {
		// The request ends after the last byte was written, and its memory with it
		PooledBuffer page = buffers.acquire(64 * 1024);
		return (response) -> {
			ByteBuffer bytes = page.byteBuffer();
			CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
			StringBuilder row = new StringBuilder();
			for (int number = 0; number < rows; number++) {
				row.setLength(0);
				row.append(number).append(',').append("Müller").append(',').append(number * 100L).append("\r\n");
				CharBuffer characters = CharBuffer.wrap(row);
				while (encoder.encode(characters, bytes, true).isOverflow()) {
					flush(page, bytes, response);
				}
				encoder.reset();
			}
			flush(page, bytes, response);
		};
	}

	private static void flush(PooledBuffer page, ByteBuffer bytes, OutputStream response) throws IOException {
		page.writeTo(response, 0, bytes.position());
		bytes.clear();
	}

}
// end::recipe[]
