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

package io.mempool.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * A table of measurements: a row per subject, the first of which the others are compared
 * with.
 *
 * @param title the title
 * @param text what is measured
 * @param rows subjects or methods
 * @param columnTitle how to call a column, with {@code %s} for its number
 * @param columns sizes or numbers of threads
 * @param cells the cell of a row and a column
 */
record Section(String title, String text, List<String> rows, String columnTitle, List<Integer> columns,
		BiFunction<String, Integer, Cell> cells) {

	/**
	 * Return the section reduced to one cell.
	 */
	Section first() {
		return new Section(this.title, this.text, this.rows.stream().limit(1).toList(), this.columnTitle,
				this.columns.subList(0, 1), this.cells);
	}

	List<Cell> allCells() {
		List<Cell> all = new ArrayList<>();
		// Those that are compared right after each other
		for (int column : this.columns) {
			for (String row : this.rows) {
				all.add(this.cells.apply(row, column));
			}
		}
		return all;
	}

}
