// SPDX-License-Identifier: Apache-2.0
// Every kernel at one instruction set. The including file defines
//   ISA            suffix of all names
//   VW             floats per vector
//   BLOCK_ROWS, BLOCK_VECTORS   register block of the matrix product
//   MATCH_ROWS, MATCH_LANES     of the descriptor product; ZK_MATCH_STEP, its instruction, may be left out
//   ZK_GATHER      loads VW words at once, where there is such an instruction
// and wraps this file in the matching target attribute. No include guard on purpose.
#include "CKernels.h"
#include "log1p_coefficients.h"
#include "patch_pixels.h"
#include "table.h"

#pragma STDC FP_CONTRACT ON

#include "names.h"
#include "vector.h"
#include "gemm.h"
#include "activation.h"
#include "mlp.h"
#include "encoding.h"
#include "hash_grid.h"
#include "optimiser.h"
#include "match.h"
#include "patch.h"
#include "stereo.h"
#include "plate.h"

const zk_table ZK(table) = {
    .gemm = ZK(gemm),
    .gemm_transposed = ZK(gemm_transposed),
    .activate = ZK(activate),
    .mlp_forward = ZK(mlp_forward),
    .mlp_tangent = ZK(mlp_tangent),
    .mlp_backward = ZK(mlp_backward),
    .encode = ZK(encode),
    .encode_tangent = ZK(encode_tangent),
    .encode_backward = ZK(encode_backward),
    .encode_input_gradient = ZK(encode_input_gradient),
    .grid_encode = ZK(grid_encode),
    .jacobian_pullback = ZK(jacobian_pullback),
    .jacobian_push = ZK(jacobian_push),
    .grid_scatter = ZK(grid_scatter),
    .cross_entropy = ZK(cross_entropy),
    .adam = ZK(adam),
    .adam_touched = ZK(adam_touched),
    .lion = ZK(lion),
    .sum_blocks = ZK(sum_blocks),
    .match_descriptors = ZK(match),
    .descriptor_products = ZK(descriptor_products),
    .patch_prepare = ZK(patch_prepare),
    .patch_compare = ZK(patch_compare),
    .stereo_costs = ZK(stereo_costs),
    .plate_layer = ZK(plate_layer),
    .plate_samples = ZK(plate_samples),
    .plate_dot = ZK(plate_dot),
    .plate_step = ZK(plate_step),
    .plate_turn = ZK(plate_turn),
};
