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

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.LeaseException;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for how the page looks: everything has room in windows of two widths, in both
 * schemes of colours, and axe-core finds nothing serious. The pictures are in
 * {@code target/page}. With {@code -Dpage.images=write} two of them are written into the
 * manual.
 */
// Trouble leaves notes behind, and comes after health
@TestMethodOrder(MethodOrderer.MethodName.class)
@DirtiesContext
class PageStatesTests extends AbstractPageTests {

	private static final boolean WRITE = "write".equals(System.getProperty("page.images"));

	private static final Path IMAGES = Path.of("..", "mempool-autoconfigure", "docs", "images");

	@Autowired
	@Qualifier("uploads")
	private BufferPool uploads;

	@Autowired
	@Qualifier("thumbnails")
	private BufferPool thumbnails;

	PageStatesTests(@LocalServerPort int port) {
		super(port);
	}

	@Test
	void connecting() throws Exception {
		this.page.holdAnswers("*/actuator/mempool");
		this.page.evaluate("location.href = '" + this.endpoint + "'");
		this.page.until("document.readyState === 'complete' && document.querySelector('#state')");
		assertThat(this.page.text("#state")).isEqualTo("Connecting…");
		assertThat(this.page.text("main")).isEqualTo("Connecting…");
		look("connecting");
	}

	@Test
	void healthy() throws Exception {
		try (Traffic traffic = new Traffic()) {
			goTo("");
			everySecond();
			this.page.until("/^[0-9]/.test(" + cell("uploads", "Acquires/s") + ")");
			assertThat(this.page.text(".sentence")).isEqualTo("Healthy: nothing to do.");
			look("healthy");
			goTo("#/uploads");
			everySecond();
			this.page.until("document.querySelector('figcaption .note').innerText.startsWith('last ')");
			this.page.until("document.querySelector('[data-section=sizes] canvas')");
			look("healthy-pool");
			write("page-healthy.webp", 1200, 800);
			assertThat(traffic.failure()).isNull();
		}
	}

	@Test
	void idle() throws Exception {
		goTo("");
		everySecond();
		this.page.until("document.body.innerText.includes('No traffic in the last ')");
		assertThat(this.page.text(".pools")).contains("no traffic");
		assertThat(this.page.text(".sentence")).isEqualTo("Healthy: nothing to do.");
		look("idle");
		goTo("#/uploads");
		everySecond();
		this.page.until("document.querySelector('.tile').innerText.includes('No traffic in the last ')");
		look("idle-pool");
	}

	@Test
	void inTrouble() throws Exception {
		goTo("");
		everySecond();
		try (Traffic traffic = new Traffic(); PooledBuffer held = this.thumbnails.acquire(1)) {
			assertThat(held.capacity()).isPositive();
			assertThat(this.thumbnails.tryAcquire(1)).isNull();
			PooledBuffer twice = this.uploads.acquire(1);
			twice.release();
			assertThatExceptionOfType(LeaseException.class).isThrownBy(twice::release);
			this.page.until("document.querySelector('.sentence').innerText === '2 problems.'");
			this.page.until("document.querySelectorAll('.findings li').length === 2");
			assertThat(this.page.text(".findings")).contains("thumbnails, tier 64 KiB: Exhausted: ", ", since ",
					"Raise max-total, now 1, or choose the policy wait.", "uploads: 1 double release, the last at ");
			assertThat(this.page.text(".pools tbody tr")).contains("1 problem");
			look("in-trouble");
			write("page-in-trouble.webp", 1200, 560);
			goTo("#/thumbnails");
			everySecond();
			this.page.until("document.querySelector('figcaption .note').innerText.startsWith('last ')");
			look("in-trouble-pool");
			assertThat(traffic.failure()).isNull();
		}
	}

	@Test
	void lost() throws Exception {
		goTo("");
		everySecond();
		this.page.until("document.body.innerText.includes('No traffic in the last ')");
		this.page.setOffline(true);
		this.page.until("document.querySelector('#state').innerText === 'Not reachable'");
		assertThat(this.page.text(".sentence")).startsWith("Not known since ");
		// Requests that failed
		this.page.complaints().clear();
		look("lost");
	}

	private void write(String name, int width, int height) throws IOException {
		if (WRITE) {
			this.page.show(width, height, "light");
			this.page.until("document.querySelector('.pools') || "
					+ "/min|[2-5][0-9] s/.test(document.querySelector('figcaption .note').innerText)");
			this.page.screenshot(IMAGES.resolve(name));
		}
	}

	/**
	 * Sizes of all tiers, and some beyond, some hundred a second until it is closed.
	 */
	private final class Traffic implements AutoCloseable {

		private static final int[] SIZES = { 3000, 60_000, 9000, 48_000, 200_000, 61_000, 800_000, 4000 };

		private final CompletableFuture<Void> done;

		private volatile boolean closed;

		Traffic() {
			BufferPool pool = PageStatesTests.this.uploads;
			this.done = CompletableFuture.runAsync(() -> {
				for (int i = 0; !this.closed; i++) {
					pool.acquire(SIZES[i % SIZES.length]).release();
					try {
						Thread.sleep(3);
					}
					catch (InterruptedException ex) {
						throw new IllegalStateException(ex);
					}
				}
			});
		}

		Throwable failure() {
			return this.done.handle((result, ex) -> ex).getNow(null);
		}

		@Override
		public void close() {
			this.closed = true;
			this.done.join();
		}

	}

}
