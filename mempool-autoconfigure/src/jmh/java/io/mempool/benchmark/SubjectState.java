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

import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The subject that all threads of a benchmark share.
 */
@State(Scope.Benchmark)
public class SubjectState {

	/**
	 * The name of the subject.
	 */
	@Param("mempool")
	public String subject = "";

	/**
	 * How many bytes are asked for.
	 */
	@Param("16384")
	public int size;

	Subject source = Subject.NOTHING;

	@Setup
	public void create() throws Exception {
		this.source = Subjects.create(this.subject, this.size, this.size, maxIdle());
	}

	int maxIdle() {
		return Subjects.MAX_IDLE;
	}

	@TearDown
	public void close() throws Exception {
		this.source.close();
	}

}
