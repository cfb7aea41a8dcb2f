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

package io.mempool.web.servlet;

import io.mempool.web.servlet.DispatchTestApplication.Outcome;
import org.jspecify.annotations.Nullable;

import org.springframework.test.context.TestPropertySource;

/**
 * Dispatches by Tomcat, which may drop a request that follows a failed one on its
 * connection: see {@link TomcatKeepAliveTests}.
 */
@TestPropertySource(properties = "server.tomcat.max-keep-alive-requests=1")
class TomcatDispatchTests extends AbstractDispatchTests {

	// Its error page for a time-out cannot become asynchronous
	@Override
	@Nullable String impossible(Dispatch dispatch) {
		return (dispatch.path().endsWith("/time-out") && dispatch.outcome() == Outcome.TIME_OUT)
				? "[asyncStart()] is not valid" : null;
	}

}
