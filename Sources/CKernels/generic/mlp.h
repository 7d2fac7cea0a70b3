// SPDX-License-Identifier: Apache-2.0
// Fused multilayer perceptron over one tile: forward, directional derivative, first- and second-order backward.

INLINE long ZK(padded)(long width) { return (width + ZK_PAD - 1) / ZK_PAD * ZK_PAD; }

static void ZK(add_bias)(long rows, long columns, float *values, long ld, const float *bias) {
    for (long row = 0; row < rows; row++)
        for (long column = 0; column < columns; column += VW) {
            float *place = values + row * ld + column;
            ZK(store)(place, ZK(load)(place) + ZK(load)(bias + column));
        }
}

static void ZK(mlp_forward)(const zk_mlp *mlp, long rows, const float *input, const zk_mlp_trace *trace, float *output) {
    const float *source = input;
    const int keep = trace->derivatives[0] != NULL;
    for (long layer = 0; layer < mlp->layers; layer++) {
        const int last = layer + 1 == mlp->layers;
        const long columns = ZK(padded)(mlp->widths[layer + 1]), ld = mlp->strides[layer + 1];
        float *target = last ? output : trace->values[keep ? layer : layer & 1];
        ZK(gemm)(rows, columns, mlp->widths[layer], source, mlp->strides[layer], mlp->transposed[layer],
                 mlp->transposed_strides[layer], target, ld, 0);
        if (last) ZK(add_bias)(rows, columns, target, ld, mlp->biases[layer]);
        else
            ZK(activate)(mlp->activation, mlp->activation_parameter, rows, columns, target, ld, mlp->biases[layer],
                         keep ? trace->derivatives[layer] : NULL);
        source = target;
    }
}

static void ZK(mlp_tangent)(const zk_mlp *mlp, long rows, const float *input_tangent, const zk_mlp_trace *trace,
                            float *output_tangent) {
    const float *source = input_tangent;
    for (long layer = 0; layer < mlp->layers; layer++) {
        const int last = layer + 1 == mlp->layers;
        if (last && !output_tangent) break;
        const long columns = ZK(padded)(mlp->widths[layer + 1]), ld = mlp->strides[layer + 1];
        float *target = last ? output_tangent : trace->tangents[layer];
        ZK(gemm)(rows, columns, mlp->widths[layer], source, mlp->strides[layer], mlp->transposed[layer],
                 mlp->transposed_strides[layer], target, ld, 0);
        if (!last) ZK(scale_by_slope)(rows, columns, target, trace->derivatives[layer], ld);
        source = target;
    }
}

static void ZK(mlp_backward)(const zk_mlp *mlp, long rows, long tangent_rows, const float *input,
                             const float *input_tangent, const zk_mlp_trace *trace, const float *output_adjoint,
                             const float *output_tangent_adjoint, float *input_adjoint, float *input_tangent_adjoint,
                             float *gradient, float *scratch) {
    long widest = 0;
    for (long l = 0; l <= mlp->layers; l++) widest = mlp->strides[l] > widest ? mlp->strides[l] : widest;
    const float *adjoint = output_adjoint, *tangent_adjoint = output_tangent_adjoint;
    for (long layer = mlp->layers - 1; layer >= 0; layer--) {
        const long outputs = mlp->widths[layer + 1], ld_out = mlp->strides[layer + 1];
        const long inputs = ZK(padded)(mlp->widths[layer]), ld_in = mlp->strides[layer];
        if (gradient) {
            const float *values = layer ? trace->values[layer - 1] : input;
            float *weight_gradient = gradient + mlp->weight_offsets[layer];
            ZK(gemm_transposed)(outputs, inputs, rows, adjoint, ld_out, values, ld_in, weight_gradient,
                                mlp->weight_strides[layer], 1);
            if (tangent_rows) {
                const float *tangents = layer ? trace->tangents[layer - 1] : input_tangent;
                ZK(gemm_transposed)(outputs, inputs, tangent_rows, tangent_adjoint, ld_out, tangents, ld_in,
                                    weight_gradient, mlp->weight_strides[layer], 1);
            }
            ZK(add_column_sums)(rows, ZK(padded)(outputs), adjoint, ld_out, gradient + mlp->bias_offsets[layer]);
        }
        float *next = layer ? scratch + (layer & 1) * ZK_TILE * widest : input_adjoint;
        float *next_tangent = layer ? scratch + (2 + (layer & 1)) * ZK_TILE * widest : input_tangent_adjoint;
        if (next)
            ZK(gemm)(rows, inputs, outputs, adjoint, ld_out, mlp->weights[layer], mlp->weight_strides[layer], next, ld_in,
                     0);
        if (next_tangent && tangent_rows)
            ZK(gemm)(tangent_rows, inputs, outputs, tangent_adjoint, ld_out, mlp->weights[layer],
                     mlp->weight_strides[layer], next_tangent, ld_in, 0);
        if (layer) {
            const float *slope = trace->derivatives[layer - 1];
            if (tangent_rows)
                ZK(scale_by_slope_second_order)(mlp->activation, mlp->activation_parameter, tangent_rows, inputs, next,
                                                next_tangent, slope, trace->tangents[layer - 1], ld_in);
            long done = tangent_rows * ld_in;
            ZK(scale_by_slope)(rows - tangent_rows, inputs, next + done, slope + done, ld_in);
        }
        adjoint = next;
        tangent_adjoint = next_tangent;
    }
}
