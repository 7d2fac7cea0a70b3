// SPDX-License-Identifier: Apache-2.0
// Activations and their first two derivatives.

static void ZK(activate)(int activation, float parameter, long rows, long columns, float *values, long ld,
                         const float *bias, float *derivative) {
    const int softplus = activation == ZK_ACTIVATION_SOFTPLUS, quadratic = activation == ZK_ACTIVATION_QUADRATIC_RELU;
    const float inverse = softplus ? 1.0f / parameter : 0, half_inverse = quadratic ? 0.5f / parameter : 0;
    for (long row = 0; row < rows; row++) {
        for (long column = 0; column < columns; column += VW) {
            float *place = values + row * ld + column;
            VF z = ZK(load)(place) + ZK(load)(bias + column);
            VF value, slope;
            if (softplus) {
                z *= parameter;
                VF t = ZK(exp_negative)((VF)((VI)z | (int32_t)0x80000000)); // exp(-|z|)
                VF r = 1.0f / (1.0f + t);
                VF positive = z > 0.0f ? z : ZK(splat)(0);
                value = (positive + ZK(log1p_unit)(t)) * inverse;
                slope = z > 0.0f ? r : t * r;
            } else if (quadratic) {
                VF ramp = z + parameter;
                ramp = ramp < 0.0f ? ZK(splat)(0) : ramp; // keeps NaN
                slope = z > parameter ? ZK(splat)(1) : ramp * half_inverse;
                value = z > parameter ? z : ramp * slope * 0.5f;
            } else {
                slope = z > 0.0f ? ZK(splat)(1) : ZK(splat)(parameter);
                value = z * slope;
            }
            ZK(store)(place, value);
            if (derivative) ZK(store)(derivative + row * ld + column, slope);
        }
    }
}

// adjoint *= slope
static void ZK(scale_by_slope)(long rows, long columns, float *adjoint, const float *slope, long ld) {
    for (long row = 0; row < rows; row++)
        for (long column = 0; column < columns; column += VW) {
            long at = row * ld + column;
            ZK(store)(adjoint + at, ZK(load)(adjoint + at) * ZK(load)(slope + at));
        }
}

// The same for the first rows, which also carry a tangent: with p, q the adjoints of tangent and value and ż the tangent of
// the pre-activation, q ← q σ' + p ż σ'' and p ← p σ'. Since the stored tangent is σ' ż and softplus has
// σ'' = β σ' (1 - σ'), the mixed term is p · β (1 - σ') · tangent; it vanishes for piecewise linear activations. The
// quadratic ramp has σ'' = 1 / 2h strictly between its two straight parts.
static void ZK(scale_by_slope_second_order)(int activation, float parameter, long rows, long columns, float *adjoint,
                                            float *tangent_adjoint, const float *slope, const float *tangent, long ld) {
    const float sharpness = activation == ZK_ACTIVATION_SOFTPLUS ? parameter : 0;
    const int quadratic = activation == ZK_ACTIVATION_QUADRATIC_RELU;
    const float curvature = quadratic ? 0.5f / parameter : 0;
    for (long row = 0; row < rows; row++)
        for (long column = 0; column < columns; column += VW) {
            long at = row * ld + column;
            VF s = ZK(load)(slope + at), p = ZK(load)(tangent_adjoint + at);
            VF pt = p * ZK(load)(tangent + at);
            VF mixed = pt * (1.0f - s) * sharpness;
            if (quadratic) {
                VI bends = (s > 0.0f) & (s < 1.0f);
                mixed = bends ? pt * curvature / (bends ? s : ZK(splat)(1)) : ZK(splat)(0);
            }
            ZK(store)(adjoint + at, ZK(load)(adjoint + at) * s + mixed);
            ZK(store)(tangent_adjoint + at, p * s);
        }
}

// sum[c] += Σ_rows values[row][c]
static void ZK(add_column_sums)(long rows, long columns, const float *values, long ld, float *sum) {
    for (long column = 0; column < columns; column += VW) {
        VF total = ZK(splat)(0);
        for (long row = 0; row < rows; row++) total += ZK(load)(values + row * ld + column);
        ZK(store)(sum + column, ZK(load)(sum + column) + total);
    }
}
