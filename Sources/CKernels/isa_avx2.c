// SPDX-License-Identifier: Apache-2.0
// 8-wide kernels. 6 × 2 accumulators: enough independent chains for two FMA pipes of latency 4, within 16 registers.
#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx2,fma,prefer-256-bit"))), apply_to = function)
#define ISA avx2
#define VW 8
#define BLOCK_ROWS 6
#define BLOCK_VECTORS 2
#define MATCH_ROWS 4
#define MATCH_LANES 2
#define ZK_MATCH_STEP(sum, column, row) \
    ((sum) + (VI)_mm256_madd_epi16((__m256i)(column), _mm256_set1_epi32(row)))
#define ZK_GATHER(words, index) ((VI)_mm256_i32gather_epi32((const int *)(words), (__m256i)(index), 4))
#include "generic/all.h"
#pragma clang attribute pop
#endif
