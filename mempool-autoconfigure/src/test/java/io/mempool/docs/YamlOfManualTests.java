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

package io.mempool.docs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.mempool.autoconfigure.MempoolAutoConfiguration;
import io.mempool.autoconfigure.MempoolWebAutoConfiguration;
import io.mempool.testing.ProvokesOutput;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application starts with each YAML that README and the manual show.
 */
@ProvokesOutput
class YamlOfManualTests {

	private static final Pattern BLOCK = Pattern.compile("```yaml\\n(.*?)```\\n", Pattern.DOTALL);

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MempoolAutoConfiguration.class, MempoolWebAutoConfiguration.class));

	static Stream<Arguments> blocks() {
		return Snippets.pages().stream().flatMap(YamlOfManualTests::blocks);
	}

	private static Stream<Arguments> blocks(Path page) {
		return BLOCK.matcher(Snippets.content(page))
			.results()
			.map((block) -> Arguments.of(page.getFileName().toString(), block.group(1)));
	}

	@ParameterizedTest
	@MethodSource("blocks")
	void applicationStarts(String page, String yaml) throws IOException {
		List<PropertySource<?>> sources = new YamlPropertySourceLoader().load(page,
				new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)));
		this.runner
			.withInitializer((context) -> sources
				.forEach((source) -> context.getEnvironment().getPropertySources().addFirst(source)))
			.run((context) -> assertThat(context).hasNotFailed());
	}

}
