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

/**
 * The surfaces of the application on WebFlux.
 */
enum ReactiveSurface implements Surface {

	/**
	 * A body of known length that is held whole.
	 */
	ECHO {

		@Override
		public void exercise(SoakClient client, long owner, int size) throws Exception {
			Payload.verify(owner, size, client.post("/api/echo", Payload.of(owner, size)));
		}

	},

	/**
	 * A body of unknown length that is held whole.
	 */
	CHUNKED {

		@Override
		public void exercise(SoakClient client, long owner, int size) throws Exception {
			Payload.verify(owner, size, client.send("POST", "/api/echo", "application/octet-stream",
					SoakClient.chunked(Payload.of(owner, size))));
		}

	},

	/**
	 * A body that is copied into another buffer of the request.
	 */
	COPY {

		@Override
		public void exercise(SoakClient client, long owner, int size) throws Exception {
			Payload.verify(owner, size, client.post("/api/copy", Payload.of(owner, size)));
		}

	};

	@Override
	public int maximum() {
		return Sizes.OVERSIZED;
	}

}
