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

package io.mempool.actuate.endpoint;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * Shows stacks of leaks and keys of quotas only to users that may see them.
 *
 * @since 0.1.0
 */
@EndpointWebExtension(endpoint = MempoolEndpoint.class)
public class MempoolEndpointWebExtension {

	private final MempoolEndpoint delegate;

	private final Show showDetails;

	private final Set<String> roles;

	/**
	 * Create the extension.
	 * @param delegate the endpoint
	 * @param showDetails when to show stacks
	 * @param roles the roles that may see them, all authenticated users if empty
	 */
	public MempoolEndpointWebExtension(MempoolEndpoint delegate, Show showDetails, Set<String> roles) {
		this.delegate = delegate;
		this.showDetails = showDetails;
		this.roles = Set.copyOf(roles);
	}

	/**
	 * Describe all pools and the budgets.
	 * @param securityContext names the user of the request
	 * @param tiers which tiers of each pool to describe, {@code active} or all
	 * @return what the endpoint returns, or a response
	 */
	@ReadOperation
	public Object mempool(SecurityContext securityContext, @Nullable String tiers) {
		return describe(securityContext, tiers);
	}

	/**
	 * Describe all pools for a user.
	 * @param securityContext names the user of the request
	 * @param tiers which tiers of each pool to describe, {@code active} or all
	 * @return the description
	 */
	protected MempoolDescriptor describe(SecurityContext securityContext, @Nullable String tiers) {
		return this.delegate.describe(tiers, this.showDetails.isShown(securityContext, this.roles));
	}

	/**
	 * Describe one pool.
	 * @param securityContext names the user of the request
	 * @param pool its name
	 * @param measure whether to measure again what leases and allocations cost
	 * @param tiers which of its tiers to describe, {@code active} or all
	 * @return what the endpoint returns
	 */
	@ReadOperation
	public @Nullable OperationResponseBody pool(SecurityContext securityContext, @Selector String pool,
			@Nullable Boolean measure, @Nullable String tiers) {
		return this.delegate.describe(pool, measure, tiers, this.showDetails.isShown(securityContext, this.roles));
	}

}
