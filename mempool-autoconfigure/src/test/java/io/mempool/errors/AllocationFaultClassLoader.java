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

package io.mempool.errors;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.ClassWriter;
import org.springframework.asm.Handle;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;

/**
 * Loads the engine, and the suite that tries it, with a question to
 * {@link AllocationFaults} before every allocation of the engine: before each new object,
 * array and lambda, and before each call of a method of the JDK that might allocate.
 */
final class AllocationFaultClassLoader extends ClassLoader {

	private static final String FAULTS = AllocationFaults.class.getName();

	private static final String SUITE = AllocationErrors.class.getPackageName();

	private static final Set<String> ROOMS = Set.of("core", "engine", "sizes", "buffer", "object", "slice", "scope");

	// Methods of the JDK that the engine calls with the lock held, or on the way out of
	// it, and that allocate nothing
	private static final Set<String> ALLOCATE_NOTHING = Set.of("java/lang/Object.<init>", "java/lang/Record.<init>",
			"java/lang/Enum.<init>", "java/lang/Enum.ordinal", "java/lang/Thread.currentThread",
			"java/lang/Thread.getId", "java/lang/Thread.interrupted", "java/lang/System.nanoTime",
			"java/lang/System.arraycopy", "java/lang/System.identityHashCode", "java/lang/Math.min",
			"java/lang/Math.max", "java/lang/Integer.numberOfLeadingZeros", "java/lang/Long.numberOfTrailingZeros",
			"java/lang/Runnable.run", "java/lang/ref/PhantomReference.<init>", "java/util/ArrayList.get",
			"java/util/ArrayList.set", "java/util/ArrayList.size", "java/util/ArrayList.remove",
			"java/util/ArrayDeque.poll", "java/util/List.get", "java/util/Map.get", "java/util/List.size",
			"java/util/List.remove", "java/util/Objects.checkIndex", "java/util/Objects.checkFromIndexSize",
			"java/util/Set.remove", "java/util/concurrent/locks/ReentrantLock.unlock",
			"java/util/concurrent/locks/ReentrantLock.getHoldCount", "java/util/concurrent/locks/ReentrantLock.lock",
			"java/util/function/Supplier.get", "java/util/function/Consumer.accept",
			"java/util/function/IntFunction.apply", "java/util/function/BooleanSupplier.getAsBoolean",
			"java/util/function/UnaryOperator.apply", "java/util/concurrent/locks/LockSupport.unpark",
			"java/util/concurrent/locks/LockSupport.parkNanos");

	private static final Set<String> ALLOCATE_NOTHING_AT_ALL = Set.of("java/lang/invoke/VarHandle",
			"java/lang/ref/Reference", "java/lang/ref/ReferenceQueue", "java/lang/ref/PhantomReference",
			"java/lang/ref/WeakReference", "java/util/concurrent/atomic/AtomicReference",
			"java/util/concurrent/atomic/AtomicLong");

	AllocationFaultClassLoader() {
		super(AllocationFaultClassLoader.class.getClassLoader());
	}

	@Override
	protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
		boolean engine = isEngine(name);
		if (name.equals(FAULTS) || !(engine || name.startsWith(SUITE + '.'))) {
			return super.loadClass(name, resolve);
		}
		synchronized (getClassLoadingLock(name)) {
			Class<?> loaded = findLoadedClass(name);
			return (loaded != null) ? loaded : define(name, engine);
		}
	}

	private static boolean isEngine(String name) {
		return ROOMS.stream().anyMatch((room) -> name.startsWith("io.mempool." + room + "."));
	}

	private Class<?> define(String name, boolean instrumented) throws ClassNotFoundException {
		try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
			if (in == null) {
				throw new ClassNotFoundException(name);
			}
			byte[] bytes = in.readAllBytes();
			if (instrumented) {
				ClassReader reader = new ClassReader(bytes);
				ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
				reader.accept(new Instrumentation(writer), 0);
				bytes = writer.toByteArray();
			}
			return defineClass(name, bytes, 0, bytes.length);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static final class Instrumentation extends ClassVisitor {

		Instrumentation(ClassVisitor next) {
			super(Opcodes.ASM9, next);
		}

		@Override
		public @Nullable MethodVisitor visitMethod(int access, String name, String descriptor,
				@Nullable String signature, String @Nullable [] exceptions) {
			MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
			// What a class does when it is initialized is no part of an operation
			return name.equals("<clinit>") ? method : new MethodInstrumentation(method);
		}

	}

	private static final class MethodInstrumentation extends MethodVisitor {

		MethodInstrumentation(@Nullable MethodVisitor next) {
			super(Opcodes.ASM9, next);
		}

		private void allocating() {
			super.visitMethodInsn(Opcodes.INVOKESTATIC, FAULTS.replace('.', '/'), "allocating", "()V", false);
		}

		@Override
		public void visitTypeInsn(int opcode, String type) {
			if (opcode == Opcodes.ANEWARRAY) {
				allocating();
			}
			super.visitTypeInsn(opcode, type);
			if (opcode == Opcodes.NEW) {
				// After it, as frames refer to the place of this instruction
				allocating();
			}
		}

		@Override
		public void visitIntInsn(int opcode, int operand) {
			if (opcode == Opcodes.NEWARRAY) {
				allocating();
			}
			super.visitIntInsn(opcode, operand);
		}

		@Override
		public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
			allocating();
			super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
		}

		@Override
		public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
			if (owner.startsWith("java/") && !ALLOCATE_NOTHING_AT_ALL.contains(owner)
					&& !ALLOCATE_NOTHING.contains(owner + "." + name)) {
				allocating();
			}
			super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
		}

	}

}
