// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "CKernels.h"

// A product of rows and columns as zk_match_descriptors describes it.
typedef void (*zk_match_kernel)(long row_count, const uint8_t *rows, long column_count, const uint8_t *columns,
                                zk_nearest *by_row, zk_nearest *by_column, void *scratch);

// Bytes of scratch beyond that of the kernels.
size_t zk_match_split_scratch(long row_count, long column_count);
// The whole product by two kernels: `narrow` gets descriptors with elements up to 127 only.
void zk_match_split(long row_count, const uint8_t *rows, long column_count, const uint8_t *columns, zk_nearest *by_row,
                    zk_nearest *by_column, void *scratch, zk_match_kernel narrow, zk_match_kernel wide,
                    void *kernel_scratch);
