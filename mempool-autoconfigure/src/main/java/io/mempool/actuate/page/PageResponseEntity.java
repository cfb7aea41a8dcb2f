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

package io.mempool.actuate.page;

import io.mempool.actuate.endpoint.MempoolDescriptor;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/**
 * Responses with headers, which only Spring MVC sends: a browser keeps the files, and
 * asks whether they are still the same.
 *
 * @since 0.1.0
 */
public final class PageResponseEntity {

	private PageResponseEntity() {
	}

	/**
	 * Return a response.
	 * @param file what to send
	 * @return the response
	 */
	public static ResponseEntity<byte[]> of(PageFile file) {
		return ResponseEntity.ok()
			.contentType(new MediaType(file.type()))
			.cacheControl(CacheControl.noCache())
			.eTag(file.etag())
			// The address of the page is that of the JSON
			.varyBy(HttpHeaders.ACCEPT)
			.header("X-Content-Type-Options", "nosniff")
			.body(file.content());
	}

	/**
	 * Return a response that has the type which the request accepts.
	 */
	static ResponseEntity<MempoolDescriptor> of(MempoolDescriptor pools, MediaType type) {
		return ResponseEntity.ok().contentType(type).varyBy(HttpHeaders.ACCEPT).body(pools);
	}

	static ResponseEntity<Void> notAcceptable() {
		return ResponseEntity.status(HttpStatus.NOT_ACCEPTABLE).build();
	}

}
