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

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Logger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Holds back what the tests of a class print.
 */
class HiddenOutput implements BeforeAllCallback, AfterAllCallback, TestWatcher {

	private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(HiddenOutput.class);

	@Override
	public void beforeAll(ExtensionContext context) {
		if (held(context) == null) {
			context.getStore(NAMESPACE).put(Held.class, new Held());
		}
	}

	@Override
	public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
		Held held = held(context);
		if (held != null) {
			held.failed = true;
		}
	}

	@Override
	public void afterAll(ExtensionContext context) {
		// A nested class has what the outer one holds
		Held held = context.getStore(NAMESPACE).remove(Held.class, Held.class);
		if (held != null) {
			held.release();
		}
	}

	private static @Nullable Held held(ExtensionContext context) {
		return context.getStore(NAMESPACE).get(Held.class, Held.class);
	}

	private static final class Held {

		private static final Logger ROOT = Logger.getLogger("");

		// A handler keeps the stream that it finds when it is made
		private final Handler[] handlers = ROOT.getHandlers();

		private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

		private final PrintStream stream = new PrintStream(this.bytes, true, StandardCharsets.UTF_8);

		private final PrintStream out = System.out;

		private final PrintStream err = System.err;

		private final Handler handler;

		private volatile boolean failed;

		Held() {
			System.setOut(this.stream);
			System.setErr(this.stream);
			this.handler = new ConsoleHandler();
			for (Handler present : this.handlers) {
				ROOT.removeHandler(present);
			}
			ROOT.addHandler(this.handler);
		}

		void release() {
			System.setOut(this.out);
			System.setErr(this.err);
			// Unless an application has set up the logging of the JVM meanwhile
			if (List.of(ROOT.getHandlers()).contains(this.handler)) {
				ROOT.removeHandler(this.handler);
				for (Handler former : this.handlers) {
					ROOT.addHandler(former);
				}
			}
			if (this.failed) {
				this.out.println(this.bytes.toString(StandardCharsets.UTF_8));
			}
		}

	}

}
