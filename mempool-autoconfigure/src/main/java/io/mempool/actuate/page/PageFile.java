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

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.util.MimeType;

/**
 * A file of the page: text in UTF-8.
 *
 * @since 0.1.0
 */
public final class PageFile {

	static final String LOCATION = "io/mempool/actuate/page/files/";

	private static final String INDEX = "index.html";

	/**
	 * No slash and one dot: nothing outside of the folder has such a name.
	 */
	private static final Pattern NAME = Pattern.compile("[a-z0-9-]+\\.(css|js|svg|txt)");

	private static final Map<String, MimeType> TYPES = Map.of("css", text("css"), "js", text("javascript"), "svg",
			new MimeType("image", "svg+xml", StandardCharsets.UTF_8), "txt", text("plain"));

	private final byte[] content;

	private final MimeType type;

	private PageFile(byte[] content, MimeType type) {
		this.content = content;
		this.type = type;
	}

	/**
	 * Return the page itself.
	 * @param path the last segment of its address, which its links need as that has no
	 * slash at its end
	 * @return the page
	 */
	static PageFile index(String path) {
		byte[] content = read(INDEX);
		if (content == null) {
			throw new IllegalStateException("No '" + LOCATION + INDEX + "' on the class path: was the jar repackaged?");
		}
		String html = new String(content, StandardCharsets.UTF_8).replace("{path}", path);
		return new PageFile(html.getBytes(StandardCharsets.UTF_8), text("html"));
	}

	/**
	 * Return a file that the page refers to.
	 * @param name its name
	 * @return the file, or {@code null} if there is none
	 */
	static @Nullable PageFile named(String name) {
		Matcher matcher = NAME.matcher(name);
		MimeType type = matcher.matches() ? TYPES.get(matcher.group(1)) : null;
		byte[] content = (type != null) ? read(name) : null;
		return (type != null && content != null) ? new PageFile(content, type) : null;
	}

	private static byte @Nullable [] read(String name) {
		try (InputStream in = PageFile.class.getResourceAsStream("/" + LOCATION + name)) {
			return (in != null) ? in.readAllBytes() : null;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static MimeType text(String subtype) {
		return new MimeType("text", subtype, StandardCharsets.UTF_8);
	}

	byte[] content() {
		return this.content;
	}

	MimeType type() {
		return this.type;
	}

	/**
	 * What tells this content from any other, in quotes.
	 */
	String etag() {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(this.content);
			return '"' + HexFormat.of().formatHex(digest, 0, 16) + '"';
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return a response that every web framework can send.
	 * @return the response
	 */
	public WebEndpointResponse<byte[]> toResponse() {
		return new WebEndpointResponse<>(this.content, this.type);
	}

}
