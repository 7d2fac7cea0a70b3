// SPDX-License-Identifier: Apache-2.0
// Every kernel at one instruction set. The including file defines
//   ISA            suffix of all names
//   VW             floats per vector
//   BLOCK_ROWS, BLOCK_VECTORS   register block of the matrix product
// and wraps this file in the matching target attribute. No include guard on purpose.
#include "CKernels.h"
#include "log1p_coefficients.h"
#include "table.h"

#pragma STDC FP_CONTRACT ON

#define ZK_JOIN_(a, b) zk_##a##_##b
#define ZK_JOIN(a, b) ZK_JOIN_(a, b)
#define ZK(name) ZK_JOIN(name, ISA)
#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

#include "vector.h"
#include "gemm.h"
#include "activation.h"
#include "mlp.h"
#include "encoding.h"
#include "hash_grid.h"
#include "optimiser.h"

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
};
