// SPDX-License-Identifier: Apache-2.0
// Kernels for any processor: 4-wide, which is SSE2 on x86-64 and NEON on AArch64.
#if defined(__x86_64__)
#include <emmintrin.h>
#define ZK_MATCH_STEP(sum, column, row) ((sum) + (VI)_mm_madd_epi16((__m128i)(column), _mm_set1_epi32(row)))
#endif
#define ISA baseline
#define VW 4
#define BLOCK_ROWS 4
#define BLOCK_VECTORS 2
#define MATCH_ROWS 4
#define MATCH_LANES 2
#include "generic/all.h"
