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

package io.mempool.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * What a class of the engine logs meanwhile, instead of in the log.
 */
public final class Logged implements AutoCloseable {

	// Held: the framework holds loggers weakly
	private final Logger logger;

	private final List<LogRecord> records = new CopyOnWriteArrayList<>();

	public Logged(Class<?> type) {
		this.logger = Logger.getLogger(type.getName());
		this.logger.setUseParentHandlers(false);
		// An application that was tested in the same JVM may have switched the root off
		this.logger.setLevel(Level.ALL);
		this.logger.setFilter((record) -> !this.records.add(record));
	}

	/**
	 * Return what was logged so far.
	 */
	public List<LogRecord> records() {
		return this.records;
	}

	/**
	 * Return the messages that were logged so far.
	 */
	public List<String> messages() {
		return this.records.stream().map(LogRecord::getMessage).toList();
	}

	/**
	 * Return the messages about a pool. Others may be about what former tests lost.
	 */
	public List<String> messages(String pool) {
		return messages().stream().filter((message) -> message.contains("'" + pool + "'")).toList();
	}

	@Override
	public void close() {
		this.logger.setFilter(null);
		this.logger.setLevel(null);
		this.logger.setUseParentHandlers(true);
	}

}
