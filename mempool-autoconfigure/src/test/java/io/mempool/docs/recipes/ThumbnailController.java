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

package io.mempool.docs.recipes;

// tag::recipe[]
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;

import javax.imageio.ImageIO;

import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.PooledOutputStream;
import io.mempool.web.servlet.RequestBuffers;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

@RestController
class ThumbnailController {

	private static final int WIDTH = 128;

	ThumbnailController() {
		// Or each image goes through a file
		ImageIO.setUseCache(false);
	}

	@PostMapping(path = "/thumbnails", produces = MediaType.IMAGE_PNG_VALUE)
	PooledBuffer thumbnail(@RequestPart PooledBuffer image, RequestBuffers buffers) throws IOException {
		BufferedImage original = ImageIO.read(image.inputStream());
		if (original == null) {
			throw new ResponseStatusException(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Send a PNG, JPEG, GIF, BMP or WBMP");
		}
		// The next image may use this memory
		image.close();
		PooledOutputStream png = buffers.outputStream();
		ImageIO.write(resized(original), "png", png);
		return png.toBuffer();
	}

	private static BufferedImage resized(BufferedImage original) {
		int height = Math.max(1, original.getHeight() * WIDTH / original.getWidth());
		BufferedImage thumbnail = new BufferedImage(WIDTH, height, BufferedImage.TYPE_INT_RGB);
		Graphics2D graphics = thumbnail.createGraphics();
		graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
		graphics.drawImage(original, 0, 0, WIDTH, height, null);
		graphics.dispose();
		return thumbnail;
	}

}
// end::recipe[]
