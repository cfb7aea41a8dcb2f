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

package io.mempool.sample;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The dashboard in {@code monitoring}.
 */
final class Dashboard {

	private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+), (\\w+)\\)");

	private final JsonNode json = JsonMapper.builder()
		.build()
		.readTree(Path.of("monitoring", "grafana-dashboard.json").toFile());

	JsonNode json() {
		return this.json;
	}

	/**
	 * Return the panels that are no rows.
	 */
	List<JsonNode> panels() {
		List<JsonNode> panels = new ArrayList<>();
		this.json.get("panels").forEach((panel) -> {
			if (!panel.get("type").asString().equals("row")) {
				panels.add(panel);
			}
		});
		return panels;
	}

	/**
	 * Return the names of the variables, in their order.
	 */
	List<String> variables() {
		List<String> names = new ArrayList<>();
		this.json.get("templating").get("list").forEach((variable) -> names.add(variable.get("name").asString()));
		return names;
	}

	/**
	 * Return the expressions of all panels, each with where it stands.
	 */
	Map<String, String> expressions() {
		Map<String, String> expressions = new LinkedHashMap<>();
		for (JsonNode panel : panels()) {
			for (JsonNode target : panel.get("targets")) {
				expressions.put(panel.get("id").asInt() + " " + panel.get("title").asString() + " "
						+ target.get("refId").asString(), target.get("expr").asString());
			}
		}
		return expressions;
	}

	/**
	 * Return what a variable offers.
	 */
	LabelQuery query(String variable) {
		for (JsonNode candidate : this.json.get("templating").get("list")) {
			if (candidate.get("name").asString().equals(variable)) {
				Matcher matcher = LABEL_VALUES.matcher(candidate.get("query").get("query").asString());
				if (matcher.matches()) {
					return new LabelQuery(matcher.group(2), matcher.group(1));
				}
			}
		}
		throw new IllegalArgumentException("No query of the variable '" + variable + "'");
	}

	/**
	 * Fill in what Grafana fills in if everything is selected.
	 */
	static String everything(String expression, String application) {
		return expression.replace("$__rate_interval", "1m")
			.replace("$__range", "5m")
			.replace("$application", application)
			.replace("$instance", ".*")
			.replace("$pool", ".*");
	}

	/**
	 * Values of a label.
	 */
	record LabelQuery(String label, String selector) {

	}

}
