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

import java.util.logging.Logger;

/**
 * What code that is not the pool's own may throw.
 */
public enum Failure {

	/**
	 * An exception.
	 */
	EXCEPTION {

		@Override
		public <T> T raise() {
			throw new IllegalStateException("on purpose");
		}

	},

	/**
	 * An error of a class that cannot be loaded.
	 */
	ERROR {

		@Override
		public <T> T raise() {
			throw new NoClassDefFoundError("on purpose");
		}

	},

	/**
	 * An error of the JVM.
	 */
	JVM_ERROR {

		@Override
		public <T> T raise() {
			throw new StackOverflowError("on purpose");
		}

	};

	/**
	 * Throw it.
	 */
	public abstract <T> T raise();

	/**
	 * Have each message that classes of the engine log end so.
	 */
	public Log ofLog(Class<?>... types) {
		return new Log(this, types);
	}

	/**
	 * Loggers that fail, until this is closed.
	 */
	public static final class Log implements AutoCloseable {

		// Held: the framework holds loggers weakly
		private final Logger[] loggers;

		private Log(Failure failure, Class<?>... types) {
			this.loggers = new Logger[types.length];
			for (int i = 0; i < types.length; i++) {
				this.loggers[i] = Logger.getLogger(types[i].getName());
				this.loggers[i].setFilter((record) -> failure.raise());
			}
		}

		@Override
		public void close() {
			for (Logger logger : this.loggers) {
				logger.setFilter(null);
			}
		}

	}

}
