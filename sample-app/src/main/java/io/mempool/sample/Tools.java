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

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.Deflater;

import io.mempool.autoconfigure.ObjectPoolBuilderFactory;
import io.mempool.object.ObjectPool;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Objects that are expensive to create, and must be reset before they are used again: a
 * deflater holds a quarter of a megabyte outside of the heap.
 */
@Configuration(proxyBeanMethods = false)
class Tools {

	@Bean
	ObjectPool<Deflater> deflaters(ObjectPoolBuilderFactory pools) {
		return pools.builder("deflaters", Tools::newDeflater).reset(Deflater::reset).destroy(Deflater::end).build();
	}

	@Bean
	ObjectPool<MessageDigest> digests(ObjectPoolBuilderFactory pools) {
		return pools.builder("digests", Tools::newDigest).reset(MessageDigest::reset).build();
	}

	static Deflater newDeflater() {
		return new Deflater(Deflater.BEST_SPEED, true);
	}

	static MessageDigest newDigest() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
