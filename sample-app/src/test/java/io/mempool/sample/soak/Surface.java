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
 * A way in which content goes through an application and comes back.
 */
interface Surface {

	/**
	 * Return its name.
	 */
	String name();

	/**
	 * Return the largest content that is sent, in bytes.
	 */
	int maximum();

	/**
	 * Send content and verify what comes back.
	 * @param client speaks to the application
	 * @param owner stamps the content
	 * @param size how much there is of it, in bytes
	 * @throws Exception if anything but the content comes back
	 */
	void exercise(SoakClient client, long owner, int size) throws Exception;

}
