// SPDX-License-Identifier: Apache-2.0
// How names carry their instruction set. The including file defines ISA. No include guard on purpose.
#define ZK_JOIN_(a, b) zk_##a##_##b
#define ZK_JOIN(a, b) ZK_JOIN_(a, b)
#define ZK(name) ZK_JOIN(name, ISA)
#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
