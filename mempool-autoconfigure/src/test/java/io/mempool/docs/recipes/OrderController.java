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
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.PooledOutputStream;
import io.mempool.web.servlet.RequestBuffers;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class OrderController {

	private final JsonMapper json;

	OrderController(JsonMapper json) {
		this.json = json;
	}

	@PostMapping(path = "/orders/priced", produces = MediaType.APPLICATION_JSON_VALUE)
	PooledBuffer price(@RequestBody PooledBuffer orders, RequestBuffers buffers) {
		PooledOutputStream priced = buffers.outputStream();
		// One order at a time: no list of all of them is built
		try (JsonParser in = this.json.createParser(orders.inputStream());
				JsonGenerator out = this.json.createGenerator(priced)) {
			out.writeStartArray();
			in.nextToken();
			while (in.nextToken() == JsonToken.START_OBJECT) {
				Order order = in.readValueAs(Order.class);
				out.writePOJO(new PricedOrder(order.id(), order.count() * 250L));
			}
			out.writeEndArray();
		}
		return priced.toBuffer();
	}

	record Order(int id, int count) {

	}

	record PricedOrder(int id, long cents) {

	}

}
// end::recipe[]
