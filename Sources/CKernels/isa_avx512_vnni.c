// SPDX-License-Identifier: Apache-2.0
// The descriptor product with byte products (VNNI): the one kernel that gains by them.
#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx512vnni,avx2,fma"))),          \
                             apply_to = function)
#define ISA avx512_vnni
#define VW 16
#define MATCH_ROWS 8
#define MATCH_LANES 4
#define ZK_MATCH_STEP(sum, column, row)                                                                                 \
    ((VI)_mm512_dpbusd_epi32((__m512i)(sum), (__m512i)(column), _mm512_set1_epi32(row)))
#include "CKernels.h"
#include "generic/log1p_coefficients.h"
#include "generic/table.h"
#include "generic/names.h"
#include "generic/vector.h"
#include "generic/match.h"

void zk_match_descriptors_avx512_vnni(long row_count, const uint8_t *rows, long column_count, const uint8_t *columns,
                                      zk_nearest *by_row, zk_nearest *by_column, void *scratch) {
    ZK(match)(row_count, rows, column_count, columns, by_row, by_column, scratch);
}
#pragma clang attribute pop
#endif
