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

package io.mempool.spring;

import java.net.http.HttpClient;
import java.time.Duration;

import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.util.TimeValue;

import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.JettyClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;

/**
 * The libraries that blocking clients of Spring send requests with.
 */
enum ClientLibrary {

	SIMPLE(false, false) {

		@Override
		ClientHttpRequestFactory requestFactory(Duration readTimeout) {
			SimpleClientHttpRequestFactory factory = new SimpleClientHttpRequestFactory();
			factory.setReadTimeout(readTimeout);
			return factory;
		}

	},

	JDK(true, false) {

		@Override
		ClientHttpRequestFactory requestFactory(Duration readTimeout) {
			JdkClientHttpRequestFactory factory = new JdkClientHttpRequestFactory(
					HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build());
			factory.setReadTimeout(readTimeout);
			return factory;
		}

	},

	APACHE(true, true) {

		@Override
		ClientHttpRequestFactory requestFactory(Duration readTimeout) {
			HttpComponentsClientHttpRequestFactory factory = new HttpComponentsClientHttpRequestFactory(
					HttpClients.custom()
						.setRetryStrategy(new DefaultHttpRequestRetryStrategy(1, TimeValue.ofMilliseconds(1)))
						.build());
			factory.setReadTimeout(readTimeout);
			return factory;
		}

	},

	JETTY(false, false) {

		@Override
		ClientHttpRequestFactory requestFactory(Duration readTimeout) {
			JettyClientHttpRequestFactory factory = new JettyClientHttpRequestFactory();
			factory.setReadTimeout(readTimeout);
			return factory;
		}

	};

	private final boolean redirects;

	private final boolean retries;

	ClientLibrary(boolean redirects, boolean retries) {
		this.redirects = redirects;
		this.retries = retries;
	}

	/**
	 * Return whether it sends the body of a POST again after status 307.
	 */
	boolean redirects() {
		return this.redirects;
	}

	/**
	 * Return whether it sends the body of a POST again after status 503.
	 */
	boolean retries() {
		return this.retries;
	}

	abstract ClientHttpRequestFactory requestFactory(Duration readTimeout);

}
