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

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/**
 * Ends the scope of an asynchronous request. After a time-out a container may report the
 * completion twice.
 */
final class RequestScopeListener implements AsyncListener {

	private final RequestMemory memory;

	private final boolean lastOnError;

	/**
	 * Create a listener.
	 * @param memory what to end
	 * @param lastOnError whether the container reports no completion after an error
	 */
	RequestScopeListener(RequestMemory memory, boolean lastOnError) {
		this.memory = memory;
		this.lastOnError = lastOnError;
	}

	@Override
	public void onStartAsync(AsyncEvent event) {
		event.getAsyncContext().addListener(this);
	}

	@Override
	public void onTimeout(AsyncEvent event) {
		this.memory.doubt();
	}

	@Override
	public void onError(AsyncEvent event) {
		this.memory.doubt();
		if (this.lastOnError) {
			this.memory.end();
		}
	}

	@Override
	public void onComplete(AsyncEvent event) {
		this.memory.end();
	}

}
