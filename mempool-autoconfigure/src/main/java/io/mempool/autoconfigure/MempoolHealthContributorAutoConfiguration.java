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

import io.mempool.actuate.endpoint.MempoolHealthIndicator;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the
 * {@link MempoolHealthIndicator}, for applications that ask for it.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = MempoolAutoConfiguration.class,
		beforeName = "org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration")
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnBooleanProperty("management.health.mempool.enabled")
@ConditionalOnBean(BufferPoolFactory.class)
@Import(ApplicationPools.class)
public final class MempoolHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "mempoolHealthIndicator", "mempoolHealthContributor" })
	MempoolHealthIndicator mempoolHealthIndicator(ApplicationPools pools, MempoolProperties properties) {
		return new MempoolHealthIndicator(pools::buffers, pools::objects,
				new HealthDefinition(properties.getHealth()).exhaustedFor());
	}

}
