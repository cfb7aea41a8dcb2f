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

package io.mempool.web.servlet;

import java.io.IOException;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;

/**
 * Passes on what it reads of a body, and keeps it.
 */
final class RecordedInputStream extends ServletInputStream {

	private final ServletInputStream in;

	private final BodyRecording recording;

	RecordedInputStream(ServletInputStream in, BodyRecording recording) {
		this.in = in;
		this.recording = recording;
	}

	BodyRecording recording() {
		return this.recording;
	}

	@Override
	public int read() throws IOException {
		int value = this.in.read();
		if (value >= 0) {
			this.recording.add(new byte[] { (byte) value }, 0, 1);
		}
		return value;
	}

	@Override
	public int read(byte[] target, int offset, int length) throws IOException {
		int count = this.in.read(target, offset, length);
		if (count > 0) {
			this.recording.add(target, offset, count);
		}
		return count;
	}

	@Override
	public int available() throws IOException {
		return this.in.available();
	}

	@Override
	public boolean isFinished() {
		return this.in.isFinished();
	}

	@Override
	public boolean isReady() {
		return this.in.isReady();
	}

	@Override
	public void setReadListener(ReadListener listener) {
		this.in.setReadListener(listener);
	}

	@Override
	public void close() throws IOException {
		this.in.close();
	}

}
