// SPDX-License-Identifier: Apache-2.0
// Sinusoidal encoding of 3-D points. The 6n sinusoids of a point stand side by side in lanes, padded to 32.

#define ENCODING_LANES 32

// Expands f, g to one frequency per lane, and the point's coordinates likewise; lanes past 6n are zero.
INLINE void ZK(spread_frequencies)(int n, const float *frequencies, float *lanes) {
    for (int i = 0; i < ENCODING_LANES; i++) lanes[i] = i < 6 * n ? frequencies[i / 3] : 0;
}
INLINE void ZK(spread_point)(const float *point, float *lanes) {
    for (int i = 0; i < ENCODING_LANES; i++) lanes[i] = point[i % 3];
}

static void ZK(encode)(long rows, const float *points, int n, const float *frequencies, float *encoding, long ld,
                       float *slopes) {
    float frequency[ENCODING_LANES], x[ENCODING_LANES], value[ENCODING_LANES], cosine_lane[ENCODING_LANES];
    ZK(spread_frequencies)(n, frequencies, frequency);
    for (int i = 0; i < ENCODING_LANES; i++) cosine_lane[i] = i < 3 * n ? 1 : 0;
    for (long row = 0; row < rows; row++) {
        const float *point = points + 4 * row;
        float *target = encoding + row * ld, *slope = slopes + row * ENCODING_LANES;
        ZK(spread_point)(point, x);
        for (int i = 0; i < ENCODING_LANES; i += VW) {
            VF s, c;
            ZK(sincos)(ZK(load)(frequency + i) * ZK(load)(x + i), &s, &c);
            VI is_cosine = ZK(load)(cosine_lane + i) > 0.5f;
            ZK(store)(value + i, is_cosine ? c : s);
            ZK(store)(slope + i, is_cosine ? -s : c);
        }
        for (int j = 0; j < 3; j++) target[j] = point[j];
        for (int i = 0; i < 6 * n; i++) target[3 + i] = value[i];
    }
}

static void ZK(encode_tangent)(long rows, const float *direction, int n, const float *frequencies, const float *slopes,
                               float *tangent, long ld) {
    float frequency[ENCODING_LANES], v[ENCODING_LANES];
    ZK(spread_frequencies)(n, frequencies, frequency);
    for (long row = 0; row < rows; row++) {
        ZK(spread_point)(direction + 4 * row, v);
        float *target = tangent + row * ld;
        const float *slope = slopes + row * ENCODING_LANES;
        for (int j = 0; j < 3; j++) target[j] = direction[4 * row + j];
        for (int i = 0; i < 6 * n; i++) target[3 + i] = slope[i] * frequency[i] * v[i];
    }
}

static void ZK(encode_backward)(long rows, long tangent_rows, const float *points, const float *direction, int n,
                                const float *frequencies, const float *encoding, long ld_encoding, const float *slopes,
                                const float *adjoint, long ld_adjoint, const float *tangent_adjoint,
                                long ld_tangent_adjoint, float *frequency_gradient) {
    float frequency[ENCODING_LANES], x[ENCODING_LANES], v[ENCODING_LANES], sum[ENCODING_LANES] = {0};
    ZK(spread_frequencies)(n, frequencies, frequency);
    for (long row = 0; row < rows; row++) {
        const float *slope = slopes + row * ENCODING_LANES, *bar = adjoint + row * ld_adjoint + 3;
        ZK(spread_point)(points + 4 * row, x);
        for (int i = 0; i < 6 * n; i++) sum[i] += bar[i] * slope[i] * x[i];
        if (row >= tangent_rows) continue;
        // tangent = slope · f · v, and the slope's own derivative by the argument is minus the sinusoid
        const float *tangent_bar = tangent_adjoint + row * ld_tangent_adjoint + 3;
        const float *value = encoding + row * ld_encoding + 3;
        ZK(spread_point)(direction + 4 * row, v);
        for (int i = 0; i < 6 * n; i++)
            sum[i] += tangent_bar[i] * v[i] * (slope[i] - frequency[i] * x[i] * value[i]);
    }
    for (int i = 0; i < 6 * n; i++) frequency_gradient[i / 3] += sum[i];
}

static void ZK(encode_input_gradient)(long rows, int n, const float *frequencies, const float *slopes,
                                      const float *adjoint, long ld_adjoint, float *gradient) {
    float frequency[ENCODING_LANES], product[ENCODING_LANES];
    ZK(spread_frequencies)(n, frequencies, frequency);
    for (long row = 0; row < rows; row++) {
        const float *slope = slopes + row * ENCODING_LANES, *bar = adjoint + row * ld_adjoint;
        for (int i = 0; i < 6 * n; i++) product[i] = bar[3 + i] * slope[i] * frequency[i];
        for (int j = 0; j < 3; j++) {
            float sum = bar[j];
            for (int i = j; i < 6 * n; i += 3) sum += product[i];
            gradient[4 * row + j] = sum;
        }
        gradient[4 * row + 3] = 0;
    }
}
