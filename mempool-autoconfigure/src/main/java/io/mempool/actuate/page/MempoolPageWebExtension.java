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

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

import io.mempool.actuate.endpoint.MempoolEndpoint;
import io.mempool.actuate.endpoint.MempoolEndpointWebExtension;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.http.MediaType;

/**
 * Shows a browser the {@link MempoolEndpoint} as a page. A client that does not ask for
 * HTML gets the endpoint's own answer.
 *
 * @since 0.1.0
 */
@EndpointWebExtension(endpoint = MempoolEndpoint.class)
public class MempoolPageWebExtension extends MempoolEndpointWebExtension {

	private static final String FOLDER = "page";

	private final Supplier<String> path;

	private final Function<PageFile, ?> response;

	private final Supplier<List<String>> accept;

	/**
	 * Create the extension.
	 * @param delegate the endpoint
	 * @param showDetails when to show stacks
	 * @param roles the roles that may see them, all authenticated users if empty
	 * @param path supplies the path of the endpoint, of which only the last segment
	 * matters
	 * @param response makes a response of a file, such as {@link PageFile#toResponse()}
	 */
	public MempoolPageWebExtension(MempoolEndpoint delegate, Show showDetails, Set<String> roles, Supplier<String> path,
			Function<PageFile, ?> response) {
		this(delegate, showDetails, roles, path, response, List::of);
	}

	/**
	 * Create the extension for a web framework that sends {@link PageResponseEntity}.
	 * @param delegate the endpoint
	 * @param showDetails when to show stacks
	 * @param roles the roles that may see them, all authenticated users if empty
	 * @param path supplies the path of the endpoint, of which only the last segment
	 * matters
	 * @param response makes a response of a file
	 * @param accept supplies the {@code Accept} headers of the current request, so that
	 * what they refuse is not sent
	 */
	public MempoolPageWebExtension(MempoolEndpoint delegate, Show showDetails, Set<String> roles, Supplier<String> path,
			Function<PageFile, ?> response, Supplier<List<String>> accept) {
		super(delegate, showDetails, roles);
		this.path = path;
		this.response = response;
		this.accept = accept;
	}

	/**
	 * Return the page, or what a request accepts that refuses it.
	 * @param securityContext names the user of the request
	 * @return a response
	 */
	@ReadOperation(produces = "text/html")
	public Object page(SecurityContext securityContext) {
		AcceptedType accepted = AcceptedType.of(this.accept.get());
		return (accepted == null || accepted.isHtml()) ? html() : json(accepted, securityContext, null);
	}

	/**
	 * Describe all pools, or return what a request accepts that refuses JSON.
	 * @param securityContext names the user of the request
	 * @param tiers which tiers of each pool to describe, {@code active} or all
	 * @return a response
	 */
	@Override
	@ReadOperation
	public Object mempool(SecurityContext securityContext, @Nullable String tiers) {
		AcceptedType accepted = AcceptedType.of(this.accept.get());
		if (accepted == null) {
			return describe(securityContext, tiers);
		}
		return accepted.isHtml() ? html() : json(accepted, securityContext, tiers);
	}

	private Object json(AcceptedType accepted, SecurityContext securityContext, @Nullable String tiers) {
		MediaType type = accepted.type();
		return (type != null) ? PageResponseEntity.of(describe(securityContext, tiers), type)
				: PageResponseEntity.notAcceptable();
	}

	private Object html() {
		return this.response.apply(PageFile.index(lastSegment(this.path.get())));
	}

	/**
	 * Return a file of the page. Its path has one segment more than that of a pool.
	 * @param page the folder
	 * @param file the name
	 * @return a response, or {@code null} if there is no such file
	 */
	@ReadOperation(produces = "*/*")
	public @Nullable Object file(@Selector String page, @Selector String file) {
		PageFile found = FOLDER.equals(page) ? PageFile.named(file) : null;
		return (found != null) ? this.response.apply(found) : null;
	}

	/**
	 * The segment as the beginning of a link in HTML.
	 */
	private static String lastSegment(String path) {
		try {
			String segment = "./" + path.substring(path.lastIndexOf('/') + 1);
			return new URI(null, null, segment, null).getRawPath().replace("&", "&amp;");
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException("'" + path + "' is no path of a page", ex);
		}
	}

}
