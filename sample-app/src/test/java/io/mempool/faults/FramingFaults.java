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

package io.mempool.faults;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.mempool.faults.Wire.Answer;

/**
 * Requests that are not what HTTP allows: lengths, chunks, parts and ranges.
 */
final class FramingFaults {

	private static final int TIMES = 4;

	private static final List<String> RANGES = List.of("bytes=0-0", "bytes=5-1", "bytes=9999-", "bytes=10000-",
			"bytes=99999999999999999999-", "bytes=-0", "bytes=-5", "bytes=-99999999", "bytes=a-b", "bytes=", "bytes",
			"bytes=0-4,6-9,20-29", "bytes=0-0,-1", "lines=1-2", "bytes=--1", "bytes=0-18446744073709551616");

	private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-(\\d+)/10000");

	private FramingFaults() {
	}

	static List<Fault> all() {
		List<Fault> faults = new ArrayList<>();
		faults.add(chunks("the size of a chunk is no number", "zz\r\nhello\r\n0\r\n\r\n"));
		faults.add(chunks("the size of a chunk is negative", "-5\r\nhello\r\n0\r\n\r\n"));
		faults.add(chunks("the size of a chunk is over any limit", "ffffffffffffffffff\r\nhello\r\n0\r\n\r\n"));
		faults.add(chunks("a chunk of two gigabytes never comes", "7fffffff\r\nhello"));
		faults.add(chunks("a chunk does not end where it says", "5\r\nhelloXX0\r\n\r\n"));
		faults.add(chunks("the last chunk is missing", "5\r\nhello\r\n"));
		faults.add(lengths("the length is negative", "Content-Length: -1"));
		faults.add(lengths("the length is over any limit", "Content-Length: 99999999999999999999"));
		faults.add(lengths("the length is no number", "Content-Length: ten"));
		faults.add(lengths("there are two lengths", "Content-Length: 5\r\nContent-Length: 10"));
		faults.add(unknownCoding());
		faults.add(lengths("a header is longer than allowed", "Content-Length: 10\r\nX-Long: " + "x".repeat(100_000)));
		faults.add(lengths("a header has no name", "Content-Length: 10\r\n: nothing"));
		faults.add(shortLength());
		faults.add(lengthAndChunks());
		faults.add(part("a multipart body has no boundary in its type", "multipart/form-data",
				"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\nhello\r\n--b--\r\n"));
		faults.add(part("the boundary of a multipart body never comes", "multipart/form-data; boundary=b",
				"hello, hello, hello"));
		faults.add(part("a multipart body has no end", "multipart/form-data; boundary=b",
				"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\nhello"));
		faults.add(part("the header of a part is longer than allowed", "multipart/form-data; boundary=b",
				"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + "f".repeat(100_000)
						+ "\"\r\n\r\nhello\r\n--b--\r\n"));
		faults.add(part("a part is of another name", "multipart/form-data; boundary=b",
				"--b\r\nContent-Disposition: form-data; name=\"other\"; filename=\"f\"\r\n\r\nhello\r\n--b--\r\n"));
		faults.add(hangUpInPart());
		faults.add(ranges());
		return faults;
	}

	private static Fault chunks(String name, String body) {
		return Fault.of(name, TIMES, "refused; what has arrived is given back", (driver, times) -> {
			driver.repeat(times, (client) -> {
				try (Wire wire = driver.connect()) {
					ConnectionFaults.refused(wire.send(Wire.chunked(driver.echo()) + body).halfClose());
				}
			});
			return Expected.acquiredAtMost("uploads", 2L * times).andInDoubtAtMost("uploads", 2L * times);
		});
	}

	private static Fault lengths(String name, String framing) {
		return Fault.of(name, TIMES, "refused; nothing is acquired", (driver, times) -> {
			driver.repeat(times, (client) -> {
				try (Wire wire = driver.connect()) {
					ConnectionFaults.refused(wire.send(Wire.post(driver.echo(), framing) + "helloworld"));
				}
			});
			return Expected.nothing();
		});
	}

	private static Fault unknownCoding() {
		return Fault.of("the transfer coding is unknown", TIMES, "refused, or taken for a request without a body",
				(driver, times) -> {
					driver.repeat(times, (client) -> {
						try (Wire wire = driver.connect()) {
							Answer answer = wire
								.send(Wire.post(driver.echo(), "Transfer-Encoding: rot13") + "helloworld")
								.read();
							Driver.require(
									answer.status() >= 400 || (answer.status() == 200 && answer.body().length == 0),
									"Answered with " + answer.status() + " " + answer.text());
						}
					});
					return Expected.acquiredAtMost("uploads", times);
				});
	}

	private static Fault shortLength() {
		return Fault.of("the length is less than the body", TIMES, "what is over is taken for no request that works",
				(driver, times) -> {
					driver.repeat(times, (client) -> {
						long owner = Driver.owner();
						try (Wire wire = driver.connect()) {
							wire.send(Wire.post(driver.echo(), 1000))
								.send(Stamp.of(owner, 1500))
								.send("\r\n\r\n")
								.halfClose();
							ConnectionFaults.ownOrNone(wire, owner, 1000);
							ConnectionFaults.refused(wire);
						}
					});
					return Expected.acquiredAtMost("uploads", times).andInDoubtAtMost("uploads", times);
				});
	}

	private static Fault lengthAndChunks() {
		return Fault.of("a body has a length and chunks", TIMES, "refused, or read by its chunks", (driver, times) -> {
			driver.repeat(times, (client) -> {
				try (Wire wire = driver.connect()) {
					wire.send(Wire.post(driver.echo(), "Content-Length: 3\r\nTransfer-Encoding: chunked")
							+ "5\r\nhello\r\n0\r\n\r\n");
					Answer answer = wire.read();
					Driver.require(answer.status() >= 400 || (answer.status() == 200 && answer.text().equals("hello")),
							"Answered with " + answer.status() + " " + answer.text());
				}
			});
			return Expected.acquiredAtMost("uploads", 2L * times);
		});
	}

	private static Fault part(String name, String type, String body) {
		return Fault.of(name, TIMES, "no handler is called; nothing is acquired", (driver, times) -> {
			driver.repeat(times, (client) -> {
				try (Wire wire = driver.connect()) {
					wire.send(Wire.post("/faults/part?owner=1", body.length(), "Content-Type: " + type) + body);
					int status = wire.statusOrClosed();
					// Spring takes some of these for clients that have gone, and says
					// nothing
					Driver.require(status == 0 || status == 200 || status >= 400, "Answered with " + status);
				}
			});
			return Expected.nothing();
		});
	}

	private static Fault hangUpInPart() {
		return Fault.of("client hangs up in a part", 8, "nothing stays leased", (driver, times) -> {
			driver.repeat(times, (client) -> {
				try (Wire wire = driver.connect()) {
					wire.send(
							Wire.post("/faults/part?owner=1", 500_000, "Content-Type: multipart/form-data; boundary=b")
									+ "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n");
					wire.send(new byte[100_000]);
				}
			});
			return Expected.acquiredAtMost("uploads", times).andInDoubtAtMost("uploads", times);
		});
	}

	private static Fault ranges() {
		return Fault.of("ranges that make no sense", 1,
				"200, 206 or 416 with bytes of the answer; one buffer a request", (driver, times) -> {
					driver.repeat(times * RANGES.size(), (client) -> {
						long owner = Driver.owner();
						String range = RANGES.get(client % RANGES.size());
						try (Wire wire = driver.connect()) {
							Answer answer = wire
								.send("GET /faults/large?size=10000&owner=" + owner
										+ " HTTP/1.1\r\nHost: localhost\r\nRange: " + range + "\r\n\r\n")
								.read();
							ofRange(answer, owner, range);
						}
					});
					return Expected.acquired("uploads", (long) times * RANGES.size());
				})
			.onServlets();
	}

	private static void ofRange(Answer answer, long owner, String range) {
		switch (answer.status()) {
			case 200 -> Driver.own(answer, owner, 10_000);
			case 206 -> {
				Matcher matcher = CONTENT_RANGE.matcher(answer.headers().getOrDefault("content-range", ""));
				Driver.require(matcher.matches(), range + " has the range " + answer.headers());
				int start = Integer.parseInt(matcher.group(1));
				int end = Integer.parseInt(matcher.group(2)) + 1;
				byte[] whole = Stamp.of(owner, 10_000);
				Driver.require(java.util.Arrays.equals(answer.body(), java.util.Arrays.copyOfRange(whole, start, end)),
						range + " has other bytes: " + new String(answer.body(), StandardCharsets.ISO_8859_1));
			}
			default -> Driver.require(answer.status() == 416, range + " is answered with " + answer.status());
		}
	}

}
