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

package io.mempool.autoconfigure;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.http.codec.CodecCustomizer;
import org.springframework.boot.webclient.test.autoconfigure.WebClientTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A slice of tests for clients has pools and codecs.
 */
@WebClientTest
class PooledWebClientSliceTests {

	@Test
	void sliceHasPoolsAndCodecs(@Autowired ApplicationContext context) {
		assertThat(context.getBean("mempoolClientCodecs")).isInstanceOf(CodecCustomizer.class);
		assertThat(context.containsBean("default")).isTrue();
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

	}

}
