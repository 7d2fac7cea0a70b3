// SPDX-License-Identifier: Apache-2.0
// Run-time choice of the instruction set.
#include "generic/table.h"
#include "match_split.h"

// Per thread, so that a test of one instruction set disturbs nothing that runs beside it.
static _Thread_local int limit = ZK_ISA_AVX512_VNNI;

int zk_widest_isa(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")
        && __builtin_cpu_supports("avx512bw"))
        return __builtin_cpu_supports("avx512vnni") ? ZK_ISA_AVX512_VNNI : ZK_ISA_AVX512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return ZK_ISA_AVX2;
#endif
    return ZK_ISA_BASELINE;
}

int zk_isa(void) {
    int widest = zk_widest_isa();
    return widest < limit ? widest : limit;
}

void zk_limit_isa(int isa) { limit = isa; }

static const zk_table *kernels(void) {
#if defined(__x86_64__)
    switch (zk_isa()) {
    case ZK_ISA_AVX512_VNNI:
    case ZK_ISA_AVX512: return &zk_table_avx512;
    case ZK_ISA_AVX2: return &zk_table_avx2;
    }
#endif
    return &zk_table_baseline;
}

void zk_gemm(long rows, long columns, long inner, const float *a, long lda, const float *b, long ldb, float *c, long ldc,
             int accumulate) {
    kernels()->gemm(rows, columns, inner, a, lda, b, ldb, c, ldc, accumulate);
}
void zk_gemm_transposed(long rows, long columns, long inner, const float *a, long lda, const float *b, long ldb, float *c,
                        long ldc, int accumulate) {
    kernels()->gemm_transposed(rows, columns, inner, a, lda, b, ldb, c, ldc, accumulate);
}
void zk_activate(int activation, float parameter, long rows, long columns, float *values, long ld, const float *bias,
                 float *derivative) {
    kernels()->activate(activation, parameter, rows, columns, values, ld, bias, derivative);
}
void zk_mlp_forward(const zk_mlp *mlp, long rows, const float *input, const zk_mlp_trace *trace, float *output) {
    kernels()->mlp_forward(mlp, rows, input, trace, output);
}
void zk_mlp_tangent(const zk_mlp *mlp, long rows, const float *input_tangent, const zk_mlp_trace *trace,
                    float *output_tangent) {
    kernels()->mlp_tangent(mlp, rows, input_tangent, trace, output_tangent);
}
void zk_mlp_backward(const zk_mlp *mlp, long rows, long tangent_rows, const float *input, const float *input_tangent,
                     const zk_mlp_trace *trace, const float *output_adjoint, const float *output_tangent_adjoint,
                     float *input_adjoint, float *input_tangent_adjoint, float *gradient, float *scratch) {
    kernels()->mlp_backward(mlp, rows, tangent_rows, input, input_tangent, trace, output_adjoint, output_tangent_adjoint,
                            input_adjoint, input_tangent_adjoint, gradient, scratch);
}
void zk_encode(long rows, const float *points, int n, const float *frequencies, float *encoding, long ld,
               float *slopes) {
    kernels()->encode(rows, points, n, frequencies, encoding, ld, slopes);
}
void zk_encode_tangent(long rows, const float *direction, int n, const float *frequencies, const float *slopes,
                       float *tangent, long ld) {
    kernels()->encode_tangent(rows, direction, n, frequencies, slopes, tangent, ld);
}
void zk_encode_backward(long rows, long tangent_rows, const float *points, const float *direction, int n,
                        const float *frequencies, const float *encoding, long ld_encoding, const float *slopes,
                        const float *adjoint, long ld_adjoint, const float *tangent_adjoint, long ld_tangent_adjoint,
                        float *frequency_gradient) {
    kernels()->encode_backward(rows, tangent_rows, points, direction, n, frequencies, encoding, ld_encoding, slopes,
                               adjoint, ld_adjoint, tangent_adjoint, ld_tangent_adjoint, frequency_gradient);
}
void zk_encode_input_gradient(long rows, int n, const float *frequencies, const float *slopes, const float *adjoint,
                              long ld_adjoint, float *gradient) {
    kernels()->encode_input_gradient(rows, n, frequencies, slopes, adjoint, ld_adjoint, gradient);
}
void zk_grid_encode(const zk_grid_level *level, long rows, long jacobian_rows, const float *points, long plane,
                    const float *table, float *encoding, long ld, float *jacobian, long jacobian_plane) {
    kernels()->grid_encode(level, rows, jacobian_rows, points, plane, table, encoding, ld, jacobian, jacobian_plane);
}
void zk_jacobian_pullback(long rows, long columns, const float *jacobian, long jacobian_plane, const float *slopes, long ld,
                          float *gradient, long plane) {
    kernels()->jacobian_pullback(rows, columns, jacobian, jacobian_plane, slopes, ld, gradient, plane);
}
void zk_jacobian_push(long rows, long columns, const float *jacobian, long jacobian_plane, long ld, const float *directions,
                      long plane, float *tangent) {
    kernels()->jacobian_push(rows, columns, jacobian, jacobian_plane, ld, directions, plane, tangent);
}
void zk_grid_scatter(const zk_grid_level *level, long rows, const float *points, const float *directions, long plane,
                     const float *adjoint, float *gradient) {
    kernels()->grid_scatter(level, rows, points, directions, plane, adjoint, gradient);
}
double zk_cross_entropy(long count, const float *logits, const float *labels, float *difference) {
    return kernels()->cross_entropy(count, logits, labels, difference);
}
void zk_adam(long count, float *parameters, float *first, float *second, const float *gradient, float rate, float beta1,
             float beta2, float epsilon, float first_scale, float second_scale, float decay) {
    kernels()->adam(count, parameters, first, second, gradient, rate, beta1, beta2, epsilon, first_scale, second_scale,
                    decay);
}
void zk_adam_touched(long count, float *parameters, float *first, float *second, const float *gradient, float rate,
                     float beta1, float beta2, float epsilon, float first_scale, float second_scale) {
    kernels()->adam_touched(count, parameters, first, second, gradient, rate, beta1, beta2, epsilon, first_scale,
                            second_scale);
}
void zk_lion(long count, float *parameters, float *momentum, const float *gradient, float rate, float beta1, float beta2,
             float decay) {
    kernels()->lion(count, parameters, momentum, gradient, rate, beta1, beta2, decay);
}
void zk_sum_blocks(long count, long block_count, const float *blocks, long stride, float *sum) {
    kernels()->sum_blocks(count, block_count, blocks, stride, sum);
}

// ---------------------------------------------------------------- nearest descriptors
static size_t kernel_scratch(long row_count, long column_count) {
    // Room for the widest form: 16-bit elements, groups of 32 columns, a start and three numbers of state for each column.
    size_t columns = ((size_t)column_count + 31) / 32 * 32;
    size_t bytes = ((size_t)row_count + columns) * ZK_DESCRIPTOR * sizeof(int16_t) + columns * 4 * sizeof(int32_t);
    return (bytes + 63) / 64 * 64;
}
size_t zk_match_scratch(long row_count, long column_count) {
    return kernel_scratch(row_count, column_count) + zk_match_split_scratch(row_count, column_count);
}
void zk_match_descriptors(long row_count, const uint8_t *rows, long column_count, const uint8_t *columns,
                          zk_nearest *by_row, zk_nearest *by_column, void *scratch) {
#if defined(__x86_64__)
    if (zk_isa() == ZK_ISA_AVX512_VNNI) {
        zk_match_descriptors_avx512_vnni(row_count, rows, column_count, columns, by_row, by_column, scratch);
        return;
    }
    // Few RootSIFT descriptors have an element above 127.
    if (zk_isa() == ZK_ISA_AVX2) {
        zk_match_split(row_count, rows, column_count, columns, by_row, by_column,
                       (char *)scratch + kernel_scratch(row_count, column_count), zk_match_descriptors_avx2_bytes,
                       kernels()->match_descriptors, scratch);
        return;
    }
#endif
    kernels()->match_descriptors(row_count, rows, column_count, columns, by_row, by_column, scratch);
}
void zk_descriptor_products(const uint8_t *query, const uint8_t *descriptors, long count, const int32_t *indices,
                            int32_t *products) {
    kernels()->descriptor_products(query, descriptors, count, indices, products);
}

// ---------------------------------------------------------------- photo-consistency
int zk_patch_prepare(const uint32_t *words, int32_t width, int32_t height, int32_t column, int32_t row, float similarity,
                     zk_patch *patch) {
    return kernels()->patch_prepare(words, width, height, column, row, similarity, patch);
}
int zk_patch_compare(const zk_patch *patch, const zk_patch_plane *plane, const zk_patch_view *source,
                     zk_patch_comparison *result) {
    return kernels()->patch_compare(patch, plane, source, result);
}
// ---------------------------------------------------------------- stereo
void zk_stereo_costs(const zk_patch *patch, float x, float y, long source_count, const zk_stereo_source *sources,
                     uint32_t chosen, long plane_count, const zk_stereo_plane *planes, float *costs) {
    kernels()->stereo_costs(patch, x, y, source_count, sources, chosen, plane_count, planes, costs);
}
// ---------------------------------------------------------------- thin plate
void zk_plate_layer(const int32_t *counts, int32_t layer, float stiffness, const float *field, const float *anchor,
                    const float *goal, float goals, float *result, float *scratch) {
    kernels()->plate_layer(counts, layer, stiffness, field, anchor, goal, goals, result, scratch);
}
void zk_plate_samples(long count, const zk_plate_sample *samples, long row, long layer, const float *field, float goals,
                      float *result) {
    kernels()->plate_samples(count, samples, row, layer, field, goals, result);
}
double zk_plate_dot(long count, const float *a, const float *b) { return kernels()->plate_dot(count, a, b); }
double zk_plate_step(long count, float rate, const float *direction, const float *image, const float *scale, float *field,
                     float *residual) {
    return kernels()->plate_step(count, rate, direction, image, scale, field, residual);
}
void zk_plate_turn(long count, float rate, const float *residual, const float *scale, float *direction) {
    kernels()->plate_turn(count, rate, residual, scale, direction);
}
