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

package io.mempool.autoconfigure;

import java.lang.reflect.Type;

import io.mempool.buffer.PooledBuffer;
import io.mempool.scope.BufferScope;
import io.mempool.web.servlet.RequestBuffers;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;

/**
 * Says why a controller gets no memory of the request, where Spring would say that a type
 * is not supported.
 */
@ControllerAdvice
final class DisabledRequestMemory extends RequestBodyAdviceAdapter implements HandlerMethodArgumentResolver {

	private final SwitchedOff off;

	DisabledRequestMemory(SwitchedOff off) {
		this.off = off;
	}

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		Class<?> type = parameter.getParameterType();
		return type == RequestBuffers.class || type == BufferScope.class || type == PooledBuffer.class;
	}

	@Override
	public Object resolveArgument(MethodParameter parameter, @Nullable ModelAndViewContainer container,
			NativeWebRequest request, @Nullable WebDataBinderFactory binderFactory) {
		throw this.off.error("resolve " + parameter);
	}

	@Override
	public boolean supports(MethodParameter parameter, Type targetType,
			Class<? extends HttpMessageConverter<?>> converterType) {
		return targetType == PooledBuffer.class;
	}

	@Override
	public @Nullable Object handleEmptyBody(@Nullable Object body, HttpInputMessage message, MethodParameter parameter,
			Type targetType, Class<? extends HttpMessageConverter<?>> converterType) {
		throw this.off.error("resolve " + parameter);
	}

	/**
	 * Takes the place of the converter.
	 */
	static final class Converter extends AbstractHttpMessageConverter<PooledBuffer> {

		private final SwitchedOff off;

		Converter(SwitchedOff off) {
			super(MediaType.ALL);
			this.off = off;
		}

		@Override
		protected boolean supports(Class<?> type) {
			return PooledBuffer.class.isAssignableFrom(type);
		}

		@Override
		protected PooledBuffer readInternal(Class<? extends PooledBuffer> type, HttpInputMessage message) {
			throw this.off.error("read a body into a PooledBuffer");
		}

		@Override
		protected void writeInternal(PooledBuffer buffer, HttpOutputMessage message) {
			buffer.close();
			throw this.off.error("write a PooledBuffer as a body");
		}

	}

}
