// SPDX-License-Identifier: Apache-2.0
// The descriptor product for elements up to 127, by AVX2's products of bytes: twice as many in one instruction.
#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx2,fma,prefer-256-bit"))), apply_to = function)
#define ISA avx2_bytes
#define VW 8
#define MATCH_ROWS 4
#define MATCH_LANES 4
#include "CKernels.h"
#include "generic/log1p_coefficients.h"
#include "generic/table.h"
#include "generic/names.h"
#include "generic/vector.h"

INLINE VI ZK(match_pair)(VI sum, VI column0, VI column1, int32_t row0, int32_t row1) {
    __m256i four = _mm256_add_epi16(_mm256_maddubs_epi16(_mm256_set1_epi32(row0), (__m256i)column0),
                                    _mm256_maddubs_epi16(_mm256_set1_epi32(row1), (__m256i)column1));
    __m256i low = _mm256_and_si256(four, _mm256_set1_epi32(0xFFFF));
    return sum + (VI)low + (VI)_mm256_srli_epi32(four, 16);
}
#define ZK_MATCH_PAIR ZK(match_pair)
#include "generic/match.h"

void zk_match_descriptors_avx2_bytes(long row_count, const uint8_t *rows, long column_count, const uint8_t *columns,
                                     zk_nearest *by_row, zk_nearest *by_column, void *scratch) {
    ZK(match)(row_count, rows, column_count, columns, by_row, by_column, scratch);
}
#pragma clang attribute pop
#endif
