// SPDX-License-Identifier: Apache-2.0
// Thin-plate operator. With A = D₂ᵀD₂ (second differences) and L = D₁ᵀD₁ (first differences) along each axis it is
// A_x + A_y + A_z + 2 (L_x L_y + L_x L_z + L_y L_z): inside a grid the 25-point biharmonic stencil.

// Row `i` of D₂ᵀD₂ on `n` nodes, offsets -2 to 2; the first and the last node have no second difference.
INLINE void ZK(plate_bending)(int32_t n, int32_t i, float *row) {
    for (int j = 0; j < 5; j++) row[j] = 0;
    for (int32_t m = i - 1; m <= i + 1; m++) {
        if (m < 1 || m > n - 2) continue;
        float w = m == i ? -2 : 1;
        row[m - i + 1] += w;
        row[m - i + 2] -= 2 * w;
        row[m - i + 3] += w;
    }
}

// Row `i` of D₁ᵀD₁ on `n` nodes, offsets -1 to 1.
INLINE void ZK(plate_slope)(int32_t n, int32_t i, float *row) {
    row[0] = i > 0 ? -1 : 0;
    row[2] = i < n - 1 ? -1 : 0;
    row[1] = -(row[0] + row[2]);
}

// sum[0..<n] (+)= weight · from[0..<n]
INLINE void ZK(plate_add)(long n, float weight, const float *restrict from, float *restrict sum) {
    long i = 0;
    for (; i + VW <= n; i += VW) ZK(store)(sum + i, ZK(load)(sum + i) + weight * ZK(load)(from + i));
    for (; i < n; i++) sum[i] += weight * from[i];
}

// One node near an end of a row, where the stencils along x are cut off.
INLINE float ZK(plate_end)(int32_t n, int32_t i, const float *x, const float *crossed) {
    float bending[5], slope[3], sum = 0;
    ZK(plate_bending)(n, i, bending);
    ZK(plate_slope)(n, i, slope);
    for (int j = -2; j <= 2; j++)
        if (bending[j + 2] != 0) sum += bending[j + 2] * x[i + j];
    for (int j = -1; j <= 1; j++)
        if (slope[j + 1] != 0) sum += slope[j + 1] * crossed[i + j];
    return sum;
}

static void ZK(plate_layer)(const int32_t *counts, int32_t layer, float stiffness, const float *field, const float *anchor,
                            const float *goal, float goals, float *result, float *scratch) {
    int32_t nx = counts[0], ny = counts[1], nz = counts[2];
    long size = (long)nx * ny;
    float az[5], lz[3];
    ZK(plate_bending)(nz, layer, az);
    ZK(plate_slope)(nz, layer, lz);
    float *plain = scratch, *crossed = scratch + nx;
    for (int32_t j = 0; j < ny; j++) {
        const float *x = field + layer * size + (long)j * nx;
        float ay[5], ly[3];
        ZK(plate_bending)(ny, j, ay);
        ZK(plate_slope)(ny, j, ly);
        // What needs no neighbour along x goes to `plain`; what L_x is applied to goes to `crossed`.
        for (int32_t i = 0; i < nx; i++) plain[i] = crossed[i] = 0;
        for (int b = -2; b <= 2; b++) {
            for (int a = -2; a <= 2; a++) {
                int near_y = a >= -1 && a <= 1, near_z = b >= -1 && b <= 1;
                float slopes_y = near_y ? ly[a + 1] : 0, slopes_z = near_z ? lz[b + 1] : 0;
                float w = (b == 0 ? ay[a + 2] : 0) + (a == 0 ? az[b + 2] : 0) + 2 * slopes_y * slopes_z;
                float c = 2 * ((b == 0 ? slopes_y : 0) + (a == 0 ? slopes_z : 0));
                if (w != 0) ZK(plate_add)(nx, w, x + a * (long)nx + b * size, plain);
                if (c != 0) ZK(plate_add)(nx, c, x + a * (long)nx + b * size, crossed);
            }
        }
        long start = layer * size + (long)j * nx;
        float *out = result + start;
        int32_t head = nx < 2 ? nx : 2, i = head;
        for (; i + VW <= nx - 2; i += VW) {
            VF center = ZK(load)(x + i);
            VF along = ZK(load)(x + i - 2) + ZK(load)(x + i + 2) - 4 * (ZK(load)(x + i - 1) + ZK(load)(x + i + 1)) + 6 * center;
            VF across = 2 * ZK(load)(crossed + i) - ZK(load)(crossed + i - 1) - ZK(load)(crossed + i + 1);
            VF pull = ZK(load)(anchor + start + i) * (center - goals * ZK(load)(goal + start + i));
            ZK(store)(out + i, stiffness * (ZK(load)(plain + i) + along + across) + pull);
        }
        for (int32_t k = 0; k < nx; k++) {
            if (k == head) k = i;
            out[k] = stiffness * (plain[k] + ZK(plate_end)(nx, k, x, crossed))
                     + anchor[start + k] * (x[k] - goals * goal[start + k]);
        }
    }
}

static void ZK(plate_samples)(long count, const zk_plate_sample *samples, long row, long layer, const float *field,
                              float goals, float *result) {
    for (long s = 0; s < count; s++) {
        const zk_plate_sample *sample = samples + s;
        if (sample->weight == 0) continue;
        float x = sample->x, y = sample->y, z = sample->z;
        float near_near = (1 - y) * (1 - z), far_near = y * (1 - z), near_far = (1 - y) * z, far_far = y * z;
        const float *f = field + sample->node;
        float value = near_near * ((1 - x) * f[0] + x * f[1]) + far_near * ((1 - x) * f[row] + x * f[row + 1])
                      + near_far * ((1 - x) * f[layer] + x * f[layer + 1])
                      + far_far * ((1 - x) * f[row + layer] + x * f[row + layer + 1]);
        float pull = sample->weight * (value - goals * sample->target);
        float left = (1 - x) * pull, right = x * pull;
        float *r = result + sample->node;
        r[0] += near_near * left;
        r[1] += near_near * right;
        r[row] += far_near * left;
        r[row + 1] += far_near * right;
        r[layer] += near_far * left;
        r[layer + 1] += near_far * right;
        r[row + layer] += far_far * left;
        r[row + layer + 1] += far_far * right;
    }
}

// Sums of this many products are made in single precision before they are added in double.
#define ZK_PLATE_RUN 256

static double ZK(plate_dot)(long count, const float *a, const float *b) {
    double total = 0;
    long i = 0;
    while (i + ZK_PLATE_RUN <= count) {
        VF sum = ZK(splat)(0);
        for (long end = i + ZK_PLATE_RUN; i < end; i += VW) sum += ZK(load)(a + i) * ZK(load)(b + i);
        for (int lane = 0; lane < VW; lane++) total += sum[lane];
    }
    for (; i < count; i++) total += (double)(a[i] * b[i]);
    return total;
}

static double ZK(plate_step)(long count, float rate, const float *direction, const float *image, const float *scale,
                             float *field, float *residual) {
    double total = 0;
    long i = 0;
    while (i + ZK_PLATE_RUN <= count) {
        VF sum = ZK(splat)(0);
        for (long end = i + ZK_PLATE_RUN; i < end; i += VW) {
            ZK(store)(field + i, ZK(load)(field + i) + rate * ZK(load)(direction + i));
            VF rest = ZK(load)(residual + i) - rate * ZK(load)(image + i);
            ZK(store)(residual + i, rest);
            sum += ZK(load)(scale + i) * rest * rest;
        }
        for (int lane = 0; lane < VW; lane++) total += sum[lane];
    }
    for (; i < count; i++) {
        field[i] += rate * direction[i];
        residual[i] -= rate * image[i];
        total += (double)(scale[i] * residual[i] * residual[i]);
    }
    return total;
}
#undef ZK_PLATE_RUN

static void ZK(plate_turn)(long count, float rate, const float *residual, const float *scale, float *direction) {
    for (long i = 0; i < count; i++) direction[i] = scale[i] * residual[i] + rate * direction[i];
}
