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

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the form of the dashboard. {@link FleetIT} sees what it shows.
 */
class DashboardTests {

	private static final int COLUMNS = 24;

	private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)");

	private final Dashboard dashboard = new Dashboard();

	@Test
	void importShouldNeitherClashNorMissAnything() {
		assertThat(this.dashboard.json().get("id").isNull()).isTrue();
		assertThat(this.dashboard.json().get("uid").asString()).isEqualTo("mempool");
		assertThat(this.dashboard.json().get("title").asString()).isNotEmpty();
		assertThat(this.dashboard.json().get("schemaVersion").asInt()).isGreaterThanOrEqualTo(39);
	}

	@Test
	void variablesShouldSelectDataSourceApplicationInstancesAndPools() {
		assertThat(this.dashboard.variables()).containsExactly("datasource", "application", "instance", "pool");
	}

	@Test
	void panelsShouldHaveIdentifiersOfTheirOwn() {
		List<Integer> ids = new ArrayList<>();
		this.dashboard.json().get("panels").forEach((panel) -> ids.add(panel.get("id").asInt()));
		assertThat(ids).doesNotHaveDuplicates();
	}

	@Test
	void panelsShouldLieBesideEachOther() {
		Set<String> taken = new HashSet<>();
		for (JsonNode panel : this.dashboard.json().get("panels")) {
			JsonNode place = panel.get("gridPos");
			int x = place.get("x").asInt();
			int y = place.get("y").asInt();
			assertThat(x + place.get("w").asInt()).isBetween(1, COLUMNS);
			for (int column = x; column < x + place.get("w").asInt(); column++) {
				for (int line = y; line < y + place.get("h").asInt(); line++) {
					assertThat(taken.add(column + "," + line)).as("%s at %s", panel.get("title"), place).isTrue();
				}
			}
		}
	}

	@Test
	void panelsShouldSayWhatTheyShowOfTheChosenDataSource() {
		assertThat(this.dashboard.panels()).isNotEmpty().allSatisfy((panel) -> {
			assertThat(panel.get("title").asString()).isNotEmpty();
			assertThat(panel.get("description").asString()).isNotEmpty();
			assertThat(panel.get("datasource").get("uid").asString()).isEqualTo("${datasource}");
			assertThat(panel.get("fieldConfig").get("defaults").get("unit").asString()).isNotEmpty();
			assertThat(panel.get("targets").size()).isPositive();
		});
	}

	@Test
	void everyExpressionShouldKeepToTheSelection() {
		assertThat(this.dashboard.expressions()).isNotEmpty().allSatisfy((where, expression) -> {
			assertThat(selectors(expression)).as("selectors of %s", where)
				.isNotEmpty()
				.allSatisfy(
						(selector) -> assertThat(selector).contains("job=\"$application\"", "instance=~\"$instance\""));
			Matcher matcher = VARIABLE.matcher(expression);
			while (matcher.find()) {
				assertThat(matcher.group(1)).isIn("application", "instance", "pool", "__rate_interval", "__range");
			}
		});
	}

	private static List<String> selectors(String expression) {
		List<String> selectors = new ArrayList<>();
		Matcher matcher = Pattern.compile("\\{[^}]*}").matcher(expression);
		while (matcher.find()) {
			selectors.add(matcher.group());
		}
		return selectors;
	}

}
