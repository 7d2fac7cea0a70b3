// SPDX-License-Identifier: Apache-2.0
// 16-wide kernels. 8 × 2 accumulators of 32 registers.
#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma"))), apply_to = function)
#define ISA avx512
#define VW 16
#define BLOCK_ROWS 8
#define BLOCK_VECTORS 2
#define MATCH_ROWS 8
#define MATCH_LANES 2
#define ZK_MATCH_STEP(sum, column, row) \
    ((sum) + (VI)_mm512_madd_epi16((__m512i)(column), _mm512_set1_epi32(row)))
#define ZK_GATHER(words, index) ((VI)_mm512_i32gather_epi32((__m512i)(index), (const int *)(words), 4))
#include "generic/all.h"
#pragma clang attribute pop
#endif
