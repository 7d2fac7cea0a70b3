// SPDX-License-Identifier: Apache-2.0
// The kernels of one instruction set; signatures as in CKernels.h.
#ifndef ZEROSET_KERNEL_TABLE_H
#define ZEROSET_KERNEL_TABLE_H
#include "CKernels.h"

#define ZK_FIELD(name) __typeof__(&zk_##name) name
typedef struct {
    ZK_FIELD(gemm);
    ZK_FIELD(gemm_transposed);
    ZK_FIELD(activate);
    ZK_FIELD(mlp_forward);
    ZK_FIELD(mlp_tangent);
    ZK_FIELD(mlp_backward);
    ZK_FIELD(encode);
    ZK_FIELD(encode_tangent);
    ZK_FIELD(encode_backward);
    ZK_FIELD(encode_input_gradient);
    ZK_FIELD(grid_encode);
    ZK_FIELD(jacobian_pullback);
    ZK_FIELD(jacobian_push);
    ZK_FIELD(grid_scatter);
    ZK_FIELD(cross_entropy);
    ZK_FIELD(adam);
    ZK_FIELD(adam_touched);
    ZK_FIELD(lion);
    ZK_FIELD(sum_blocks);
    ZK_FIELD(match_descriptors);
    ZK_FIELD(descriptor_products);
    ZK_FIELD(patch_prepare);
    ZK_FIELD(patch_compare);
    ZK_FIELD(stereo_costs);
    ZK_FIELD(plate_layer);
    ZK_FIELD(plate_samples);
    ZK_FIELD(plate_dot);
    ZK_FIELD(plate_step);
    ZK_FIELD(plate_turn);
} zk_table;
#undef ZK_FIELD

extern const zk_table zk_table_baseline, zk_table_avx2, zk_table_avx512;

void zk_match_descriptors_avx2_bytes(long row_count, const uint8_t *rows, long column_count, const uint8_t *columns,
                                     zk_nearest *by_row, zk_nearest *by_column, void *scratch);
void zk_match_descriptors_avx512_vnni(long row_count, const uint8_t *rows, long column_count, const uint8_t *columns,
                                      zk_nearest *by_row, zk_nearest *by_column, void *scratch);
#endif
