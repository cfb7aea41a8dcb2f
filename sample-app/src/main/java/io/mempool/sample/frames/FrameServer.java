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

package io.mempool.sample.frames;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.mempool.buffer.BufferPool;
import io.mempool.slice.Slice;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Sends every frame back from the memory into which it was received. Listens on the
 * loopback interface, and only if it is given a port.
 */
@Component
@ConditionalOnProperty("sample.frames.port")
class FrameServer implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(FrameServer.class);

	private final BufferPool pool;

	private final int port;

	private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();

	private volatile @Nullable ServerSocketChannel server;

	private volatile @Nullable ExecutorService threads;

	FrameServer(@Qualifier("uploads") BufferPool pool, @Value("${sample.frames.port}") int port) {
		this.pool = pool;
		this.port = port;
	}

	@Override
	public void start() {
		try {
			ServerSocketChannel server = ServerSocketChannel.open();
			server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port));
			ExecutorService threads = Executors.newCachedThreadPool();
			this.server = server;
			this.threads = threads;
			threads.execute(() -> accept(server, threads));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot listen for frames on port " + this.port, ex);
		}
	}

	private void accept(ServerSocketChannel server, ExecutorService threads) {
		try {
			while (server.isOpen()) {
				SocketChannel client = server.accept();
				this.clients.add(client);
				threads.execute(() -> serve(client));
			}
		}
		catch (ClosedChannelException ex) {
			// Stopped
		}
		catch (IOException ex) {
			logger.warn("Stopped to listen for frames", ex);
		}
	}

	private void serve(SocketChannel client) {
		try (FrameConnection connection = new FrameConnection(this.pool, client)) {
			for (Slice frame = connection.receive(); frame != null; frame = connection.receive()) {
				connection.send(frame);
				if (!connection.hasReadAhead()) {
					// What came together goes out together, as one write of neighbours
					connection.flush();
				}
			}
			connection.flush();
		}
		catch (ClosedChannelException ex) {
			// Stopped
		}
		catch (IOException ex) {
			logger.warn("Closed a connection: " + ex.getMessage());
		}
		finally {
			this.clients.remove(client);
		}
	}

	@Override
	public void stop() {
		ServerSocketChannel server = this.server;
		ExecutorService threads = this.threads;
		if (server == null || threads == null) {
			return;
		}
		this.server = null;
		try {
			server.close();
			for (SocketChannel client : this.clients) {
				client.close();
			}
			threads.shutdown();
			threads.awaitTermination(5, TimeUnit.SECONDS);
		}
		catch (IOException ex) {
			logger.warn("Cannot close the server of frames", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public boolean isRunning() {
		return this.server != null;
	}

	InetSocketAddress address() throws IOException {
		ServerSocketChannel server = this.server;
		if (server == null) {
			throw new IllegalStateException("The server of frames is not running");
		}
		return (InetSocketAddress) server.getLocalAddress();
	}

}
