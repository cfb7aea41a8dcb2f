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

import java.security.Principal;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.mempool.engine.Nearest;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameter;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.util.MimeType;

/**
 * Stands before the operations of the {@link MempoolEndpoint} and answers clients what is
 * wrong. Of operations that change pools, it refuses what they would ignore, and records
 * what was done.
 *
 * @since 0.1.0
 */
@RegisterReflectionForBinding(ProblemDescriptor.class)
public class PoolOperationAdvisor implements OperationInvokerAdvisor {

	private static final MimeType PROBLEM = MimeType.valueOf("application/problem+json");

	private final PoolAudit audit;

	/**
	 * Create an advisor.
	 * @param audit records what was done
	 */
	public PoolOperationAdvisor(PoolAudit audit) {
		this.audit = audit;
	}

	@Override
	public OperationInvoker apply(EndpointId endpointId, OperationType operationType, OperationParameters parameters,
			OperationInvoker invoker) {
		if (!endpointId.equals(MempoolEndpoint.ID)) {
			return invoker;
		}
		if (operationType == OperationType.READ) {
			return (context) -> read(context, invoker);
		}
		Set<String> names = parameters.stream()
			.map(OperationParameter::getName)
			.collect(Collectors.toCollection(LinkedHashSet::new));
		return (context) -> invoke(context, names, invoker);
	}

	private @Nullable Object invoke(InvocationContext context, Set<String> names, OperationInvoker invoker) {
		// JMX reports failures in its own way, and always sends all arguments
		boolean web = context.canResolve(WebServerNamespace.class);
		try {
			if (web) {
				checkArguments(context.getArguments(), names);
			}
			Object result = invoker.invoke(context);
			this.audit.record(context.resolveArgument(Principal.class), result);
			return result;
		}
		catch (InvalidEndpointRequestException ex) {
			if (!web) {
				throw ex;
			}
			return problem(ex);
		}
	}

	private static @Nullable Object read(InvocationContext context, OperationInvoker invoker) {
		try {
			return invoker.invoke(context);
		}
		catch (PoolRequestException ex) {
			if (!context.canResolve(WebServerNamespace.class)) {
				throw ex;
			}
			return problem(ex);
		}
	}

	private static void checkArguments(Map<String, Object> arguments, Set<String> names) {
		arguments.forEach((name, value) -> {
			if (!names.contains(name)) {
				throw PoolRequestException.invalid("'%s' (%s) means nothing here. %sThe request can have %s"
					.formatted(name, value, meant(name, names), String.join(", ", names)));
			}
			if (value == null || value.toString().isBlank()) {
				throw PoolRequestException.invalid("'" + name + "' has no value. Send one, or leave it out");
			}
		});
	}

	private static String meant(String name, Set<String> names) {
		String nearest = Nearest.of(name, names);
		return (nearest != null) ? "Send '" + nearest + "'. " : "";
	}

	private static WebEndpointResponse<ProblemDescriptor> problem(InvalidEndpointRequestException ex) {
		int status = (ex instanceof PoolRequestException refused) ? refused.status()
				: WebEndpointResponse.STATUS_BAD_REQUEST;
		String title = (status == WebEndpointResponse.STATUS_NOT_FOUND) ? "Not Found" : "Bad Request";
		String detail = (ex.getReason() != null) ? ex.getReason() : String.valueOf(ex.getMessage());
		return new WebEndpointResponse<>(new ProblemDescriptor(title, status, detail), status, PROBLEM);
	}

}
