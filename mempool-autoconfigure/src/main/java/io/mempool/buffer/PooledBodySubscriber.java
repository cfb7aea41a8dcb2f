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

package io.mempool.buffer;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * Reads the body of one response. The client calls one method at a time.
 */
final class PooledBodySubscriber implements BodySubscriber<PooledBuffer> {

	private final BufferPool pool;

	private final long length;

	private final int maximum;

	private final UnaryOperator<PooledBuffer> owner;

	private final ContentReader reader;

	private final CompletableFuture<PooledBuffer> body = new CompletableFuture<>();

	private @Nullable Subscription subscription;

	PooledBodySubscriber(BufferPool pool, long length, int maximum, UnaryOperator<PooledBuffer> owner) {
		this.pool = pool;
		this.length = length;
		this.maximum = maximum;
		this.owner = owner;
		this.reader = new ContentReader(pool, length, maximum);
	}

	@Override
	public CompletionStage<PooledBuffer> getBody() {
		return this.body;
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		if (this.subscription != null) {
			subscription.cancel();
			return;
		}
		this.subscription = subscription;
		if (this.length > this.maximum) {
			fail(new SizeLimitExceededException(
					"Cannot read a response of " + this.length + " bytes into a buffer of pool '" + this.pool.name()
							+ "': at most " + this.maximum
							+ " bytes are allowed. Raise the maximum of PooledBodyHandlers.ofPooledBuffer(..)",
					this.maximum));
			return;
		}
		try {
			this.reader.checkExpected();
			subscription.request(Long.MAX_VALUE);
		}
		catch (RuntimeException | Error ex) {
			fail(ex);
		}
	}

	@Override
	public void onNext(List<ByteBuffer> parts) {
		if (this.body.isDone()) {
			// Failed or cancelled
			this.reader.close();
			return;
		}
		try {
			parts.forEach(this.reader::write);
		}
		catch (RuntimeException | Error ex) {
			fail(ex);
		}
	}

	@Override
	public void onError(Throwable error) {
		this.reader.close();
		this.body.completeExceptionally(error);
	}

	@Override
	public void onComplete() {
		if (this.body.isDone()) {
			this.reader.close();
			return;
		}
		try {
			complete(this.reader.toBuffer());
		}
		catch (RuntimeException | Error ex) {
			this.body.completeExceptionally(ex);
		}
	}

	private void complete(PooledBuffer buffer) {
		boolean owned = false;
		try {
			owned = this.body.complete(this.owner.apply(buffer));
		}
		finally {
			if (!owned) {
				buffer.close();
			}
		}
	}

	private void fail(Throwable error) {
		Subscription subscription = this.subscription;
		if (subscription != null) {
			subscription.cancel();
		}
		onError(error);
	}

}
